import { matchGlob } from './glob.ts';
import type { FunctionName } from './tree.ts';

/** What the functions of the language return; a function of one argument leaves the second alone. */
export const triggerFunctions: Readonly<Record<FunctionName, (first: unknown, second: unknown) => unknown>> = {
  contains: (text, part) => typeof text === 'string' && typeof part === 'string' && text.includes(part),
  match: matchValues,
  length: lengthOf,
  lowercase: (text) => (typeof text === 'string' ? text.toLowerCase() : null),
  uppercase: (text) => (typeof text === 'string' ? text.toUpperCase() : null),
  snakecase: (text) => (typeof text === 'string' ? text.replaceAll(' ', '_') : null),
  kebabcase: (text) => (typeof text === 'string' ? text.replaceAll(' ', '-') : null),
  titlecase: (text) => (typeof text === 'string' ? text.split(' ').map(capitalize).join(' ') : null),
  typeof: typeName,
  string: (value) => (isScalar(value) ? String(value) : null),
  number: toNumber,
  bool: toBoolean,
};

/** What `typeof` may return. */
export const typeNames = ['string', 'number', 'bool', 'null', 'list', 'object'] as const;

/**
 * The longest pattern that is taken from an event. A pattern costs up to its length for each character of the text,
 * and whoever writes events must not decide how long the connector is busy.
 */
const maxEventPattern = 1_024;

function matchValues(text: unknown, pattern: unknown): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') return false;
  return pattern.length <= maxEventPattern && matchGlob(pattern, text);
}

/** The items of a list, or the bytes (not the characters) of a string in UTF-8; 0 for what is missing. */
function lengthOf(value: unknown): number | null {
  if (typeof value === 'string') return Buffer.byteLength(value, 'utf8');
  if (Array.isArray(value)) return value.length;
  return value === null ? 0 : null;
}

function capitalize(word: string): string {
  const first = word.slice(0, (word.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
  return first.toUpperCase() + word.slice(first.length);
}

function typeName(value: unknown): (typeof typeNames)[number] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string' || typeof value === 'number') return typeof value as 'string' | 'number';
  return typeof value === 'boolean' ? 'bool' : 'object';
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Decimal notation only: `Number` would also take "", " 1 ", "0x1f" and "Infinity". */
function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return null;
  return Number(value);
}

function toBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value === 'true') return true;
  return value === 'false' || value === '' ? false : null;
}
