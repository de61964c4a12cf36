import type { Directive } from '../values/directive.ts';

export const literalDirective: Directive = {
  name: '@literal',
  description: 'The value as it stands, also when it looks like a directive.',
  argument: {},
  compile: (argument, place) => place.literal(argument),
};
