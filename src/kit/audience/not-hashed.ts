import type { Failure } from '../../core/outcome.ts';
import { readHash } from '../../identity/already-hashed.ts';
import { failureOf } from '../field-error.ts';
import { type ColumnOptions, isHashed, type PersonValues } from './columns.ts';
import { audienceIdentifiers } from './key-names.ts';

/** With `hash: false`: why the person can't be sent, if something of them is no hash and must not leave. */
export function plainTextFailure(
  person: PersonValues,
  { hash }: { readonly hash?: boolean },
  options: ColumnOptions,
): Failure | undefined {
  return hash === false && holdsPlainText(person, options) ? notHashed : undefined;
}

/** True when a column that Meta wants hashed holds something else: a plain identifier must not leave. */
function holdsPlainText(person: PersonValues, options: ColumnOptions): boolean {
  if (person['db'] !== undefined) return true;
  return audienceIdentifiers.some(({ name, rule }) => {
    const given: unknown = person[name];
    if (given === undefined) return false;
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    return values.some((value) => {
      const text = typeof value === 'string' ? value : '';
      return isHashed(rule, text, options) && readHash(text.trim()) === undefined;
    });
  });
}

const notHashed = failureOf(
  'NOT_HASHED',
  'hash',
  'a value is not a hash, and hashing is switched off',
  'Send SHA-256 in hex, or take "hash": false out of the mapping.',
);
