import { longestValue, mostValues } from '../core/identifier-limits.ts';
import { readHash } from './already-hashed.ts';
import { hashesExternalId } from './external-id.ts';
import { identifierField } from './fields.ts';
import { sha256 } from './hash.ts';
import type { IdentifierField } from './identifier-field.ts';
import { isJunk } from './junk.ts';
import type { IdentityOptions } from './options.ts';

/**
 * What became of a value.
 *
 * - `hashed`: normalized and hashed here. `passed`: was a hash already. `plain`: of a field that is never hashed.
 * - `missing`: null, undefined or blank. `junk`: stands for nothing. `unusable`: no identifier of this kind.
 */
export type IdentityStatus = 'hashed' | 'passed' | 'plain' | 'missing' | 'junk' | 'unusable';

/** One value, and what is sent of it; `value` is there for `hashed`, `passed` and `plain`. */
export interface Identified {
  readonly status: IdentityStatus;
  readonly value?: string;
}

/** The values of a field, and how many ended how; a value that came twice is counted twice and there once. */
export interface IdentifiedList {
  readonly values: readonly string[];
  readonly counts: Readonly<Record<IdentityStatus, number>>;
}

const missing: Identified = { status: 'missing' };
const junk: Identified = { status: 'junk' };
const unusable: Identified = { status: 'unusable' };
const none: IdentityOptions = {};
const asIs = (text: string) => text;

const nothingCounted = { hashed: 0, passed: 0, plain: 0, missing: 0, junk: 0, unusable: 0 };
/** Most lists have one value, and share what there is to say of them. */
const countedOnce: Readonly<Record<IdentityStatus, IdentifiedList['counts']>> = {
  hashed: { ...nothingCounted, hashed: 1 },
  passed: { ...nothingCounted, passed: 1 },
  plain: { ...nothingCounted, plain: 1 },
  missing: { ...nothingCounted, missing: 1 },
  junk: { ...nothingCounted, junk: 1 },
  unusable: { ...nothingCounted, unusable: 1 },
};

/**
 * The value of a field before hashing, or as it is sent if the field is never hashed; a value that is a hash already
 * in lower case; undefined when there is nothing to send.
 *
 * @param field a key of `identifierFields`.
 * @throws ConnectorError `UNKNOWN_IDENTIFIER`.
 */
export function normalize(field: string, value: unknown, options: IdentityOptions = none): string | undefined {
  return evaluate(identifierField(field, options.version), value, options, asIs).value;
}

/**
 * What is sent for a value: SHA-256 in lower-case hex, or the normalized value of a field that is never hashed;
 * undefined when there is nothing to send.
 *
 * @param field a key of `identifierFields`.
 * @throws ConnectorError `UNKNOWN_IDENTIFIER`.
 */
export function hashIdentifier(field: string, value: unknown, options: IdentityOptions = none): string | undefined {
  return identify(field, value, options).value;
}

/**
 * `hashIdentifier`, with what became of the value.
 *
 * @throws ConnectorError `UNKNOWN_IDENTIFIER`.
 */
export function identify(field: string, value: unknown, options: IdentityOptions = none): Identified {
  return identifyBy(identifierField(field, options.version), value, options);
}

/** `identify` with the field's rule, for who has many values of the same field. */
export function identifyBy(rule: IdentifierField, value: unknown, options: IdentityOptions): Identified {
  return evaluate(rule, value, options, sha256);
}

/**
 * `identify` for a list; a single value is a list of one. Order is kept, repetitions and what can't be used are left
 * out. Of a field that Meta takes once per event the first usable value is kept; audiences have a row for each. A list
 * of more than `mostValues` is unusable as a whole.
 *
 * @throws ConnectorError `UNKNOWN_IDENTIFIER`.
 */
export function identifyAll(field: string, value: unknown, options: IdentityOptions = none): IdentifiedList {
  return identifyAllBy(identifierField(field, options.version), value, options);
}

/** `identifyAll` with the field's rule, for who has many values of the same field. */
export function identifyAllBy(rule: IdentifierField, value: unknown, options: IdentityOptions): IdentifiedList {
  if (!Array.isArray(value) || value.length < 2) return listOfOne(identifyBy(rule, first(value), options));
  if (value.length > mostValues) return listOfOne(unusable);
  const several = rule.multiple || options.audience === true;
  const counts = { ...nothingCounted };
  const values = new Map<string, string>();
  for (const item of value) {
    const identified = identifyBy(rule, item, options);
    counts[identified.status] += 1;
    if (identified.value === undefined) continue;
    const key = sameness(identified);
    if (!values.has(key)) values.set(key, identified.value);
    if (!several) break;
  }
  return { values: [...values.values()], counts };
}

/** The list of a normalized value of a hashed field. */
export function hashedAlone(normalized: string): IdentifiedList {
  return { values: [sha256(normalized)], counts: countedOnce.hashed };
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function listOfOne({ status, value }: Identified): IdentifiedList {
  return { values: value === undefined ? [] : [value], counts: countedOnce[status] };
}

/** An appendix doesn't make another person of a hash. */
function sameness(identified: Identified): string {
  const value = identified.value ?? '';
  return identified.status === 'passed' ? (readHash(value)?.hash ?? value) : value;
}

/** `encode` makes of the normalized value of a hashed field what is returned. */
function evaluate(
  rule: IdentifierField,
  value: unknown,
  options: IdentityOptions,
  encode: (text: string) => string,
): Identified {
  const text = textOf(value, rule);
  if (text === undefined) return value === null || value === undefined ? missing : unusable;
  if (text.length > longestValue) return unusable;
  const trimmed = text.trim();
  if (trimmed === '') return missing;
  const hashed = rule.hashed && (!rule.asGivenInAudiences || hashesExternalId(options, text));
  if (hashed) {
    const passed = passOn(trimmed, options);
    if (passed !== undefined) return passed;
  }
  if (isJunk(trimmed, rule.personName)) return junk;
  const normalized = rule.normalize(text, options);
  if (normalized === undefined) return unusable;
  // What came out of a rule may be a placeholder, or a hash, that had white space or punctuation in it.
  if (normalized !== trimmed && isJunk(normalized, rule.personName)) return junk;
  if (!hashed) return { status: 'plain', value: normalized };
  return passOn(normalized, options) ?? { status: 'hashed', value: encode(normalized) };
}

/** A hash is never hashed again. Audiences document bare SHA-256 only, so there Meta's appendix goes. */
function passOn(text: string, options: IdentityOptions): Identified | undefined {
  const known = readHash(text);
  if (known === undefined) return undefined;
  return { status: 'passed', value: options.audience === true ? known.hash : known.hash + known.appendix };
}

/** The text of a string or number; of an object only where the field knows how. */
function textOf(value: unknown, rule: IdentifierField): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'object' && value !== null ? rule.objectText?.(value) : undefined;
}

/** An integer above 2^53 has lost digits when it was parsed: it may be somebody else's id. */
function numberText(value: number): string | undefined {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return undefined;
  return String(value);
}
