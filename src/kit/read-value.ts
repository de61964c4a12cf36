import type { FieldDefinition } from '../core/field.ts';
import { clean, tooLarge } from './clean.ts';
import { parseDatetime } from './datetime.ts';
import { maxText } from './limits.ts';
import { numberOfText } from './numeric.ts';

/** Reads one plain value as the field's type; unchanged where it can't be read, undefined where it is absent. */
export type ReadValue = (value: unknown) => unknown;

/** The reader of a field of any type but `object`. */
export function valueReaderOf(field: FieldDefinition): ReadValue {
  const read = typeReaderOf(field);
  const named = field.choices === undefined ? undefined : choiceReader(field.choices);
  return (given) => {
    // Sources that put everything into lists do so with single values too.
    const value = Array.isArray(given) && given.length === 1 ? (given[0] as unknown) : given;
    if (value === null || value === undefined || value === '') return undefined;
    if (typeof value === 'string' && value.length > maxText) return tooLarge;
    return named === undefined ? read(value) : (named(value) ?? read(value));
  };
}

function typeReaderOf(field: FieldDefinition): ReadValue {
  switch (field.type) {
    case 'number':
    case 'integer':
      return number;
    case 'boolean':
      return boolean;
    case 'datetime':
      return isReadLater(field) ? text : datetime;
    default:
      return text;
  }
}

/** A date of a person, which is read later: it is taken in any form. */
export function isReadLater({ type, identifier }: FieldDefinition): boolean {
  return type === 'datetime' && identifier === true;
}

function number(value: unknown): unknown {
  return typeof value === 'string' ? (numberOfText(value.trim()) ?? value) : value;
}

const truths: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  [1, true],
  [0, false],
]);

function boolean(value: unknown): unknown {
  return truths.get(typeof value === 'string' ? value.trim().toLowerCase() : value) ?? value;
}

function datetime(value: unknown): unknown {
  return parseDatetime(value) ?? value;
}

function text(value: unknown): unknown {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? clean(value) : textOfNumber(value);
}

/** A number as text, unless it has lost digits on its way: beyond 2^53 it no longer is the number that was sent. */
export function textOfNumber(value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isFinite(value)) return value;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value : String(value);
}

/** The choice that a value means: in any case, with blanks around, a number as text. */
function choiceReader(choices: readonly (string | number)[]): ReadValue {
  const known = new Map(choices.map((choice) => [String(choice).toLowerCase(), choice]));
  return (value) => {
    if (typeof value === 'number') return known.get(String(value));
    return typeof value === 'string' ? known.get(value.trim().toLowerCase()) : undefined;
  };
}
