import { isObject } from '../core/json.ts';
import { readPath } from './values.ts';

/** A path as a function of an event, like `readPath`; paths of one and two keys have no loop. */
export function compileReader(keys: readonly string[]): (event: unknown) => unknown {
  const [first, second] = keys;
  if (first !== undefined && keys.length === 1) return (event) => member(event, first);
  if (first !== undefined && second !== undefined && keys.length === 2) {
    return (event) => member(member(event, first), second);
  }
  return (event) => readPath(event, keys);
}

function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}
