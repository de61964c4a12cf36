import { isObject, type JsonObject } from '../../core/json.ts';
import { requireTextOrDirective, typeName } from '../values/argument.ts';
import { type Compiled, type Frame, nothing, type Program } from '../values/compiled.ts';
import { anyMapping, type Directive, type Place } from '../values/directive.ts';
import { compilePath } from '../values/event-path.ts';
import { maxCopiedMembers } from '../values/limits.ts';

export const arrayPathDirective: Directive = {
  name: '@arrayPath',
  description:
    'The array at a path; with a shape as second item, each of its items is resolved with that shape, whose paths start at the item; with an object as third, each item has its members too while it is shaped, whose paths start where the directive stands. A single object counts as an array of one, and an object whose members are numbered from 0 as the array of these.',
  argument: {
    type: 'array',
    minItems: 1,
    maxItems: 3,
    items: anyMapping,
  },
  compile(argument, place) {
    if (!Array.isArray(argument) || argument.length === 0) {
      const found = Array.isArray(argument) ? 'an empty array' : typeName(argument);
      place.error('WRONG_ARGUMENT', `expected [path], [path, shape] or [path, shape, members]; found ${found}`);
      return nothing;
    }
    if (argument.length > 3) {
      place.error('UNKNOWN_ARGUMENT', 'expected [path], [path, shape] or [path, shape, members]', { keys: [3] });
    }
    const list = compileList(argument[0], place);
    const shape = compileShape(argument[1], list, place);
    return shape === undefined ? list : shaped(list, shape, compileMembers(argument[2], place));
  },
};

function compileList(path: unknown, place: Place): Compiled {
  if (typeof path === 'string') return compilePath(path, place.at(0));
  return requireTextOrDirective(path, place, 0) ? place.compile(path, 0) : nothing;
}

/** Undefined when there is no shape to apply: only an object with members is one. */
function compileShape(shape: unknown, list: Compiled, place: Place): Program | undefined {
  if (shape === undefined) return undefined;
  // A single object is its own item: what is read of that is in the event.
  const compiled = place.program(shape, list, 1);
  if (isObject(shape) && Object.keys(shape).length > 0) return compiled;
  place.warn('IGNORED_ARGUMENT', 'the shape has no effect: it must be an object with members', { keys: [1] });
  return undefined;
}

/** What each item has besides its own members while it is shaped, resolved where the directive stands. */
function compileMembers(members: unknown, place: Place): Compiled | undefined {
  if (members === undefined) return undefined;
  if (isObject(members)) return place.compile(members, 2);
  place.error('WRONG_ARGUMENT', `expected an object of members; found ${typeName(members)}`, { keys: [2] });
  return undefined;
}

function shaped(list: Compiled, shape: Program, members: Compiled | undefined): Compiled {
  const resolve = (frame: Frame): unknown => {
    const value = list.resolve(frame);
    const items = Array.isArray(value) ? value : isObject(value) ? (numbered(value) ?? [value]) : undefined;
    if (items === undefined) return value;
    const beside = members?.resolve(frame);
    if (!isObject(beside)) return items.map((item) => shape.run(item) ?? null);
    if (items.length * Object.keys(beside).length > maxCopiedMembers) return value;
    return items.map((item) => shape.run(isObject(item) ? { ...beside, ...item } : beside) ?? null);
  };
  return { resolve, constant: false };
}

/** The items of an array that came as an object: `{"0": …, "1": …}`, as languages without arrays write it. */
function numbered(object: JsonObject): readonly unknown[] | undefined {
  if (!Object.hasOwn(object, '0')) return undefined;
  // Whole numbers come first among the names of members, and in their order.
  return Object.keys(object).every((key, place) => key === String(place)) ? Object.values(object) : undefined;
}
