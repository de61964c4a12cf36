import { maxMembersOfObject } from '../../core/bounded-json.ts';
import { own } from '../../core/json.ts';
import { readChoice, readMembers, typeName } from '../values/argument.ts';
import { type Compiled, derived, nothing } from '../values/compiled.ts';
import { type Directive, objectMapping, type Place } from '../values/directive.ts';
import { put } from '../values/objects.ts';

export const mergeDirective: Directive = {
  name: '@merge',
  description:
    'One object with the members of several; null and missing ones are skipped. Where several have a member, the rightmost wins with direction right, the leftmost with left.',
  argument: {
    type: 'object',
    properties: { direction: { enum: ['left', 'right'] }, objects: { type: 'array', items: objectMapping } },
    required: ['direction', 'objects'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['direction', 'objects'], optional: [] });
    if (members === undefined) return nothing;
    const direction = readChoice(members, 'direction', place, ['left', 'right']);
    const objects = compileObjects(own(members, 'objects'), place.at('objects'));
    const inOrder = direction === 'left' ? objects.toReversed() : objects;
    return derived(inOrder, (frame) => {
      const merged: Record<string, unknown> = {};
      for (const object of inOrder) assign(merged, object.resolve(frame));
      return merged;
    });
  },
};

function compileObjects(objects: unknown, place: Place): readonly Compiled[] {
  if (objects === undefined) return [];
  if (!Array.isArray(objects)) {
    place.error('WRONG_ARGUMENT', `"objects" must be an array of objects; found ${typeName(objects)}`);
    return [];
  }
  return objects.map((object, index) => {
    if (typeof object === 'object' && object !== null && !Array.isArray(object)) return place.compile(object, index);
    const message = `expected an object or a directive; found ${typeName(object)}`;
    place.error('WRONG_ARGUMENT', message, { keys: [index] });
    return nothing;
  });
}

/**
 * Arrays and text have their items and characters as members, by index, as in Segment; numbers have none. Of long ones
 * as many as of a long object: one more than a field may hold, so that the field is left out.
 */
function assign(target: Record<string, unknown>, source: unknown): void {
  if (source === undefined || source === null) return;
  const isList = typeof source === 'string' || Array.isArray(source);
  for (const [key, value] of Object.entries(isList ? source.slice(0, maxMembersOfObject) : source)) {
    put(target, key, value);
  }
}
