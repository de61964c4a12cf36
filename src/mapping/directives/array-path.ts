import { isObject, type JsonObject } from '../../core/json.ts';
import { requireTextOrDirective, typeName } from '../argument.ts';
import { type Compiled, type Frame, nothing, type Program } from '../compiled.ts';
import { anyMapping, type Directive, type Place } from '../directive.ts';
import { compilePath } from '../event-path.ts';

export const arrayPathDirective: Directive = {
  name: '@arrayPath',
  description:
    'The array at a path; with a shape as second item, each of its items is resolved with that shape, whose paths start at the item. A single object counts as an array of one, and an object whose members are numbered from 0 as the array of these.',
  argument: {
    type: 'array',
    minItems: 1,
    maxItems: 2,
    items: anyMapping,
  },
  compile(argument, place) {
    if (!Array.isArray(argument) || argument.length === 0) {
      const found = Array.isArray(argument) ? 'an empty array' : typeName(argument);
      place.error('WRONG_ARGUMENT', `expected [path] or [path, shape]; found ${found}`);
      return nothing;
    }
    if (argument.length > 2) place.error('UNKNOWN_ARGUMENT', 'expected [path] or [path, shape]', { keys: [2] });
    const list = compileList(argument[0], place);
    const shape = compileShape(argument[1], place);
    return shape === undefined ? list : shaped(list, shape);
  },
};

function compileList(path: unknown, place: Place): Compiled {
  if (typeof path === 'string') return compilePath(path, place.at(0));
  return requireTextOrDirective(path, place, 0) ? place.compile(path, 0) : nothing;
}

/** Undefined when there is no shape to apply: only an object with members is one. */
function compileShape(shape: unknown, place: Place): Program | undefined {
  if (shape === undefined) return undefined;
  const compiled = place.program(shape, 1);
  if (isObject(shape) && Object.keys(shape).length > 0) return compiled;
  place.warn('IGNORED_ARGUMENT', 'the shape has no effect: it must be an object with members', { keys: [1] });
  return undefined;
}

function shaped(list: Compiled, shape: Program): Compiled {
  const resolve = (frame: Frame): unknown => {
    const value = list.resolve(frame);
    if (Array.isArray(value)) return value.map((item) => shape.run(item) ?? null);
    if (!isObject(value)) return value;
    return (numbered(value) ?? [value]).map((item) => shape.run(item) ?? null);
  };
  return { resolve, constant: false };
}

/** The items of an array that came as an object: `{"0": …, "1": …}`, as languages without arrays write it. */
function numbered(object: JsonObject): readonly unknown[] | undefined {
  if (!Object.hasOwn(object, '0')) return undefined;
  // Whole numbers come first among the names of members, and in their order.
  return Object.keys(object).every((key, place) => key === String(place)) ? Object.values(object) : undefined;
}
