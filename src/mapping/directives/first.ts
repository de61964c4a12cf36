import { typeName } from '../values/argument.ts';
import { derived, nothing, type Resolver } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';

export const firstDirective: Directive = {
  name: '@first',
  description: 'The first of several values that is neither missing nor null; nothing when there is none.',
  argument: { type: 'array', minItems: 1, items: anyMapping },
  compile(argument, place) {
    if (!Array.isArray(argument) || argument.length === 0) {
      const found = Array.isArray(argument) ? 'an empty one' : typeName(argument);
      place.error('WRONG_ARGUMENT', `expected an array of values to try; found ${found}`);
      return nothing;
    }
    const choices = argument.map((choice, index) => place.compile(choice, index));
    return derived(choices, firstOf(choices.map((choice) => choice.resolve)));
  },
};

function firstOf(resolvers: readonly Resolver[]): Resolver {
  return (frame) => {
    for (const resolve of resolvers) {
      const value = resolve(frame);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
}
