import { isObject } from '../core/json.ts';
import type { ComparisonOperator } from './tree.ts';

/**
 * The value at a path: own members of objects only, so neither a list's items nor anything inherited is reached. What
 * isn't there is null.
 */
export function readPath(event: unknown, keys: readonly string[]): unknown {
  let value = event;
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return null;
    value = value[key];
  }
  return value ?? null;
}

/** The operators, on any two values; null stands for what is missing. */
export function compareValues(operator: ComparisonOperator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '=':
      return equalValues(left, right);
    case '!=':
      return !equalValues(left, right);
    case 'in':
      return Array.isArray(right) && right.some((item) => equalValues(left, item));
    default:
      return typeof left === 'number' && typeof right === 'number' && orders[operator](left, right);
  }
}

/** The orderings, which are of numbers alone. */
const orders: Readonly<Record<'<' | '<=' | '>' | '>=', (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** True for two values of one type with the same content; a list or an object is compared member by member. */
export function equalValues(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  return isStructure(left) && isStructure(right) && equalStructures(left, right);
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A loop, not a recursion: how deep an event is nested is not ours to say. */
function equalStructures(left: unknown, right: unknown): boolean {
  const pending: (readonly [unknown, unknown])[] = [[left, right]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (!isStructure(left) || !isStructure(right) || Array.isArray(left) !== Array.isArray(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false;
      pending.push([left[key], right[key]]);
    }
  }
  return true;
}
