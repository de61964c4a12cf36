import type { JsonObject } from '../core/json.ts';

/** Objects nested deeper than this are refused: nothing of Meta's is, and recursion must end. */
const deepest = 32;

/** Given instead of a value that is nested too deeply. */
export const tooDeep: unique symbol = Symbol('nested too deeply');

/**
 * The value without what means absent: null, undefined and the empty text, everywhere inside, and every object and
 * list that this leaves empty. The value itself is never changed. `tooDeep` where it is nested beyond 32 levels.
 */
export function clean(value: unknown, depth = 0): unknown {
  if (value === null || value === '') return undefined;
  if (typeof value !== 'object') return value;
  if (depth >= deepest) return tooDeep;
  return Array.isArray(value) ? cleanList(value, depth) : cleanObject(value as JsonObject, depth);
}

function cleanList(list: readonly unknown[], depth: number): unknown {
  const kept: unknown[] = [];
  for (const item of list) {
    const cleaned = clean(item, depth + 1);
    if (cleaned === tooDeep) return tooDeep;
    if (cleaned !== undefined) kept.push(cleaned);
  }
  return kept.length === 0 && list.length > 0 ? undefined : kept;
}

function cleanObject(object: JsonObject, depth: number): unknown {
  const kept: Record<string, unknown> = {};
  const keys = Object.keys(object);
  let count = 0;
  for (const key of keys) {
    // Assigning `__proto__` would change the object instead of adding a member.
    if (key === '__proto__') continue;
    const cleaned = clean(object[key], depth + 1);
    if (cleaned === tooDeep) return tooDeep;
    if (cleaned === undefined) continue;
    kept[key] = cleaned;
    count += 1;
  }
  return count === 0 && keys.length > 0 ? undefined : kept;
}
