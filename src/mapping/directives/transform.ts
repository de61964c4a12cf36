import { isObject, own } from '../../core/json.ts';
import { readMembers, typeName } from '../values/argument.ts';
import { nothing } from '../values/compiled.ts';
import { type Directive, objectMapping, type Place } from '../values/directive.ts';

export const transformDirective: Directive = {
  name: '@transform',
  description: 'Resolves apply for the event, then mapping for the result: its paths start there.',
  argument: {
    type: 'object',
    properties: { apply: objectMapping, mapping: objectMapping },
    required: ['apply', 'mapping'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['apply', 'mapping'], optional: [] });
    if (members === undefined) return nothing;
    const apply = own(members, 'apply');
    const mapping = own(members, 'mapping');
    const first = isStep(apply, 'apply', place) ? place.compile(apply, 'apply') : nothing;
    const second = isStep(mapping, 'mapping', place)
      ? place.program(mapping, first, 'mapping')
      : { run: () => undefined };
    // Never resolved in advance: the mapping may ask a template for the time, or refuse what it is given.
    return { resolve: (frame) => second.run(first.resolve(frame)), constant: false };
  },
};

function isStep(step: unknown, name: string, place: Place): boolean {
  if (step !== undefined && !isObject(step)) {
    place.error('WRONG_ARGUMENT', `"${name}" must be an object or a directive; found ${typeName(step)}`, {
      keys: [name],
    });
  }
  return isObject(step);
}
