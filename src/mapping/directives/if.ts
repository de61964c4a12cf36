import { own } from '../../core/json.ts';
import { readMembers, refuseEmpty } from '../values/argument.ts';
import { derived, nothing } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';

const names = ['exists', 'blank', 'then', 'else'];

export const ifDirective: Directive = {
  name: '@if',
  description:
    'Chooses between two values. With exists: then when that value is neither missing nor null. With blank: then when it is, besides, not an empty string. Otherwise else.',
  argument: {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, anyMapping])),
    anyOf: [{ required: ['exists'] }, { required: ['blank'] }],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: [], optional: names });
    if (members === undefined) return nothing;
    const exists = own(members, 'exists');
    const blank = own(members, 'blank');
    if (exists === undefined && blank === undefined) {
      place.error('MISSING_ARGUMENT', 'the argument "exists" or "blank" is missing: what shall be looked at?');
    }
    refuseEmpty(members, 'exists', place);
    refuseEmpty(members, 'blank', place);
    if (exists !== undefined && blank !== undefined) {
      place.warn('IGNORED_ARGUMENT', '"blank" has no effect beside "exists"', { keys: ['blank'], atKey: true });
    }
    const looked = exists === undefined ? place.compile(blank, 'blank') : place.compile(exists, 'exists');
    const then = place.compile(own(members, 'then'), 'then');
    const otherwise = place.compile(own(members, 'else'), 'else');
    if (looked.path !== undefined && looked.slot === then.slot) {
      return place.choose({ paths: [looked.path], blank: exists === undefined, otherwise }, [looked, then]);
    }
    return derived([looked, then, otherwise], (frame) => {
      const value = looked.resolve(frame);
      const holds = value !== undefined && value !== null && (exists !== undefined || value !== '');
      return holds ? then.resolve(frame) : otherwise.resolve(frame);
    });
  },
};
