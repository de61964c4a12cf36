import type { JsonObject } from '../core/json.ts';
import { maxMembers, maxText, maxTextOfObject } from './limits.ts';

/** Objects nested deeper than this are refused: nothing of Meta's is, and recursion must end. */
const deepest = 32;

/** Given instead of a value that is nested too deeply. */
export const tooDeep: unique symbol = Symbol('nested too deeply');
/** Given instead of a value that holds more than a field may. */
export const tooLarge: unique symbol = Symbol('too large');

/** Stands for a value that can't be taken. */
export function isRefused(value: unknown): value is typeof tooDeep | typeof tooLarge {
  return value === tooDeep || value === tooLarge;
}

/** What is left of what one field may hold. */
export interface Budget {
  members: number;
  characters: number;
}

/** @param spent Members that are there already. */
export function newBudget(spent = 0): Budget {
  return { members: maxMembers - spent, characters: maxTextOfObject };
}

/**
 * The value without what means absent: null, undefined and the empty text, everywhere inside, and every object and
 * list that this leaves empty. The value itself is never changed. `tooDeep` where it is nested beyond 32 levels,
 * `tooLarge` where it holds more than a field may.
 */
export function clean(value: unknown, budget: Budget = newBudget(), depth = 0): unknown {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string') return spend(value, budget) ? value : tooLarge;
  if (typeof value !== 'object') return value;
  if (depth >= deepest) return tooDeep;
  return Array.isArray(value) ? cleanList(value, budget, depth) : cleanObject(value as JsonObject, budget, depth);
}

function spend(text: string, budget: Budget): boolean {
  budget.characters -= text.length;
  return text.length <= maxText && budget.characters >= 0;
}

function cleanList(list: readonly unknown[], budget: Budget, depth: number): unknown {
  budget.members -= list.length;
  if (budget.members < 0) return tooLarge;
  const kept: unknown[] = [];
  for (const item of list) {
    const cleaned = clean(item, budget, depth + 1);
    if (isRefused(cleaned)) return cleaned;
    if (cleaned !== undefined) kept.push(cleaned);
  }
  return kept.length === 0 && list.length > 0 ? undefined : kept;
}

function cleanObject(object: JsonObject, budget: Budget, depth: number): unknown {
  const keys = Object.keys(object);
  budget.members -= keys.length;
  if (budget.members < 0) return tooLarge;
  const kept: Record<string, unknown> = {};
  let count = 0;
  for (const key of keys) {
    // Assigning `__proto__` would change the object instead of adding a member.
    if (key === '__proto__') continue;
    const cleaned = spend(key, budget) ? clean(object[key], budget, depth + 1) : tooLarge;
    if (isRefused(cleaned)) return cleaned;
    if (cleaned === undefined) continue;
    kept[key] = cleaned;
    count += 1;
  }
  return count === 0 && keys.length > 0 ? undefined : kept;
}
