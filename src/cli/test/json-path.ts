import { isObject, type JsonObject } from '../../core/json.ts';

/** Keys of a path as tests write it: `user_data.em[0]`, `properties.total`. */
export function keysOf(path: string): readonly string[] {
  return path
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
}

/** Undefined where there is nothing. */
export function valueAt(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** The object with the value at the path; null takes out what is there. */
export function withValue(value: JsonObject, keys: readonly string[], given: unknown): JsonObject {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  if (rest.length === 0) return Object.fromEntries(given === null ? entries : [...entries, [key, given]]);
  const inner = Object.hasOwn(value, key) ? value[key] : {};
  return Object.fromEntries([...entries, [key, withValue(isObject(inner) ? inner : {}, rest, given)]]);
}
