import { isObject, type JsonObject } from '../../core/json.ts';
import { derived } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';
import { maxValueDepth } from '../values/limits.ts';
import { put } from '../values/objects.ts';

export const excludeWhenNullDirective: Directive = {
  name: '@excludeWhenNull',
  description:
    'Nothing when the value is null; of an object, all but the members that are null, in nested objects too. Arrays are left as they are.',
  argument: anyMapping,
  compile(argument, place) {
    const value = place.compile(argument);
    return derived([value], (frame) => {
      const found = value.resolve(frame);
      if (found === null) return undefined;
      return isObject(found) ? withoutNull(found, 1) : found;
    });
  },
};

function withoutNull(object: JsonObject, depth: number): JsonObject {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === null) continue;
    put(result, key, isObject(value) && depth < maxValueDepth ? withoutNull(value, depth + 1) : value);
  }
  return result;
}
