import { isObject, type JsonObject } from '../core/json.ts';

/** True for an object that is meant as a directive: one with a key that begins with `@`. */
export function isDirective(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith('@'));
}
