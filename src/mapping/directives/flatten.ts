import { isObject, own } from '../../core/json.ts';
import { readFlag, readMembers, readText } from '../values/argument.ts';
import { derived, nothing } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';
import { maxRepeatedLength, maxValueDepth } from '../values/limits.ts';
import { put } from '../values/objects.ts';

export const flattenDirective: Directive = {
  name: '@flatten',
  description:
    'One flat object from nested ones: names are joined by separator. Arrays are flattened too, by index, unless omitArrays is true.',
  argument: {
    type: 'object',
    properties: { value: anyMapping, separator: { type: 'string', minLength: 1 }, omitArrays: { type: 'boolean' } },
    required: ['value', 'separator'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['value', 'separator'], optional: ['omitArrays'] });
    if (members === undefined) return nothing;
    const separator = readText(members, 'separator', place, 1) ?? '';
    const omitArrays = readFlag(members, 'omitArrays', place) === true;
    const value = place.compile(own(members, 'value'), 'value');
    return derived([value], (frame) => {
      const flat: Record<string, unknown> = {};
      flatten(value.resolve(frame), '', 0, { flat, separator, omitArrays, room: maxRepeatedLength });
      return flat;
    });
  },
};

interface Target {
  readonly flat: Record<string, unknown>;
  readonly separator: string;
  readonly omitArrays: boolean;
  /** Characters by which names may still become longer than they are in the event. */
  room: number;
}

/**
 * A value that is neither object nor array goes under the name it has reached; at the top that is the empty name. So
 * does what lies deeper than the limit, since names would otherwise grow with the square of the depth, and an object
 * that would repeat a long name too often.
 */
function flatten(value: unknown, name: string, depth: number, target: Target): void {
  const nested = isObject(value) || (Array.isArray(value) && !target.omitArrays);
  if (!nested || depth === maxValueDepth || !spend(value as object, name, target)) {
    if (value !== undefined) put(target.flat, name, value);
    return;
  }
  for (const [key, item] of Object.entries(value as object)) {
    flatten(item, name === '' ? key : `${name}${target.separator}${key}`, depth + 1, target);
  }
}

function spend(nested: object, name: string, target: Target): boolean {
  const repeated = Object.keys(nested).length * name.length;
  if (repeated > target.room) return false;
  target.room -= repeated;
  return true;
}
