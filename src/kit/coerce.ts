import type { Warning } from '../core/action.ts';
import { appended } from '../core/appended.ts';
import type { FieldDefinition, FieldDefinitions } from '../core/field.ts';
import { mostValues } from '../core/identifier-limits.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type Budget, clean, isRefused, newBudget, tooDeep, tooLarge } from './clean.ts';
import { expectedOf } from './field-failure.ts';
import { isDecisive, isPositional, parsedItemSchema, positionalSchema } from './field-schema.ts';
import { generatedCount } from './generated-count.ts';
import { maxItems, maxMembers, maxText } from './limits.ts';
import { isReadLater, textOfNumber, valueReaderOf } from './read-value.ts';
import { validatorOf } from './validator.ts';

/**
 * Reads one value: undefined when it is absent or left out. What can't be read is left out with a warning, unless the
 * field is decisive: then the value comes back unchanged, and the schema refuses it. Compiled once per field, so that
 * nothing of a definition is looked at per event.
 */
export type Coerce = (value: unknown, warnings: Warning[]) => unknown;

const losses = new WeakMap<object, ReadonlySet<string>>();
const nothingLost: ReadonlySet<string> = new Set();

/**
 * What a list of a `multiple` field lost, so that sums over it would be wrong: the names of members that some of its
 * items had and could not keep, and the empty text where whole items were left out.
 */
export function lossesOf(list: object): ReadonlySet<string> {
  return losses.get(list) ?? nothingLost;
}

/** A list that stands for another one lacks what that one lost, and the items that it has fewer. */
export function keepLosses(from: readonly unknown[], to: readonly unknown[]): void {
  losses.set(to, to.length < from.length ? new Set([...lossesOf(from), '']) : lossesOf(from));
}

/** The coercer of a field, `key` being its place in the action for warnings. */
export function coercerOf(key: string, field: FieldDefinition): Coerce {
  if (field.raw) return present;
  if (isPositional(field)) return unlessUnusable(key, field, positional(field));
  if (field.multiple) return listOf(key, field);
  const read = readerOf(key, field);
  return isDecisive(field) ? read : unlessUnusable(key, field, read);
}

/** Leaves out what can't be used of a field that an event can do without. */
function unlessUnusable(key: string, field: FieldDefinition, coerce: Coerce): Coerce {
  const validate = validatorOf(isPositional(field) ? positionalSchema(field) : parsedItemSchema(field));
  const left: Warning = {
    code: field.identifier ? 'IDENTIFIER_LEFT_OUT' : 'FIELD_UNUSABLE',
    field: key,
    message: `${field.label} (${key}) isn't ${expectedOf(field)} and was left out.`,
  };
  const takesText = isAnyText(field);
  return (value, warnings) => {
    // Members of items, above all.
    if (takesText && typeof value === 'string' && value !== '' && value.length <= maxText) return value;
    const read = coerce(value, warnings);
    if (read === undefined) return undefined;
    if (isRefused(read)) warnings.push(refused(key, field, read));
    else if (validate(read) === undefined) return read;
    else warnings.push(left);
    return undefined;
  };
}

function refused(key: string, { label }: FieldDefinition, why: typeof tooDeep | typeof tooLarge): Warning {
  const what = why === tooDeep ? 'is nested too deeply' : 'holds more than a field may';
  return { code: 'FIELD_TOO_LARGE', field: key, message: `${label} (${key}) ${what} and was left out.` };
}

/**
 * Reads the members of a mapped object; members without a definition are kept, cleaned, only if `open`. An object that
 * stays as it is isn't copied.
 */
function membersOf(prefix: string, fields: FieldDefinitions, open: boolean): Coerce {
  const coercers = new Map<string, Coerce>();
  for (const [key, field] of Object.entries(fields)) coercers.set(key, coercerOf(prefix + key, field));
  const countReadAsTheyAre = generatedCount(
    Object.entries(fields).map(([key, field]) => [key, isReadAsItIs(field)] as const),
  );
  return (value, warnings) => {
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    // Products of an order, above all.
    if (keys.length > 0 && countReadAsTheyAre(value) === keys.length) return value;
    if (keys.length > maxMembers) return tooLarge;
    let budget: Budget | undefined;
    let copy: Record<string, unknown> | undefined;
    let empty = true;
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[at] ?? '';
      const coerce = coercers.get(key);
      const given = value[key];
      let member: unknown;
      if (coerce !== undefined) member = coerce(given, warnings);
      else if (open && key !== '__proto__') {
        budget ??= newBudget(keys.length);
        member = clean(given, budget);
      }
      if (isRefused(member)) return member;
      if (member === undefined || member !== given) copy ??= membersBefore(at, keys, value);
      if (member === undefined) continue;
      if (copy !== undefined) copy[key] = member;
      empty = false;
    }
    return empty ? undefined : (copy ?? value);
  };
}

/** True of many of the values that the field's coercer gives back unchanged and without a warning, and of no others. */
function isReadAsItIs(field: FieldDefinition): (value: unknown) => boolean {
  if (field.raw || field.multiple || field.choices !== undefined) return () => false;
  if (isAnyText(field)) return (value) => typeof value === 'string' && value !== '' && value.length <= maxText;
  if (field.type !== 'number' && field.type !== 'integer') return () => false;
  const validate = validatorOf(parsedItemSchema(field));
  return (value) => typeof value === 'number' && validate(value) === undefined;
}

function membersBefore(end: number, keys: readonly string[], object: JsonObject): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of keys.slice(0, end)) copy[key] = object[key];
  return copy;
}

function listOf(key: string, field: FieldDefinition): Coerce {
  const coerce = readerOf(key, field);
  const validate = validatorOf(parsedItemSchema(field));
  const takesText = isAnyText(field);
  const hasMembers = field.properties !== undefined;
  return (value, warnings) => {
    // One text, as most lists are.
    if (takesText && typeof value === 'string' && value.length <= maxText) return value === '' ? undefined : [value];
    if (value === undefined || value === null || value === '') return undefined;
    const given = Array.isArray(value) ? value : [value];
    if (field.identifier && given.length > mostValues) {
      warnings.push(listTooLong(key, field));
      return undefined;
    }
    if (given.length > maxItems) {
      warnings.push(refused(key, field, tooLarge));
      return undefined;
    }
    let kept: unknown[] | undefined;
    let lost = 0;
    const ofItems: Warning[] = [];
    for (const item of given) {
      const read = coerce(item, ofItems);
      if (read === undefined) {
        // Something was there, of which not one member was found: a product with names of its own.
        if (hasMembers && isObject(onlyOf(item))) lost += 1;
        continue;
      }
      if (isRefused(read) || validate(read) !== undefined) lost += 1;
      else kept = appended(kept, read);
    }
    if (lost > 0 || ofItems.length > 0) {
      const members = warnedOnce(ofItems, warnings, key);
      if (lost > 0) warnings.push(itemsLeftOut(key, field, lost));
      if (kept !== undefined) losses.set(kept, lost > 0 ? new Set([...members, '']) : members);
    }
    return kept === undefined && given.length === 0 ? [] : kept;
  };
}

/** Hands on one warning for each member, however many items have it; returns the names of the members. */
function warnedOnce(ofItems: readonly Warning[], warnings: Warning[], key: string): ReadonlySet<string> {
  const members = new Map(ofItems.map((warning) => [(warning.field ?? '').slice(key.length + 1), warning]));
  warnings.push(...members.values());
  return new Set(members.keys());
}

/** A field whose value may be any text. */
export function isAnyText(field: FieldDefinition): boolean {
  return field.choices === undefined && !isPositional(field) && (field.type === 'string' || isReadLater(field));
}

function listTooLong(key: string, field: FieldDefinition): Warning {
  const message = `${field.label} (${key}) has more than ${mostValues} values, which are nobody's: left out.`;
  return { code: 'IDENTIFIER_LEFT_OUT', field: key, message };
}

/** One warning for all of a list: it may be a long one. */
function itemsLeftOut(key: string, field: FieldDefinition, count: number): Warning {
  const items = count === 1 ? '1 item was' : `${count} items were`;
  const why = field.type === 'object' ? 'without what each needs' : `not ${expectedOf(field)}`;
  return { code: 'ITEM_LEFT_OUT', field: key, message: `${field.label} (${key}): ${items} left out, ${why}.` };
}

/** A list of fixed length: what is absent keeps its place as the empty text. */
function positional(field: FieldDefinition): Coerce {
  return (value) => {
    if (!Array.isArray(value)) return value === null || value === '' ? undefined : value;
    if (value.length === 0) return undefined;
    if (value.length > maxItems) return tooLarge;
    return value.map((item) => (item === undefined || item === null ? '' : field.id ? textOfNumber(item) : item));
  };
}

function readerOf(key: string, field: FieldDefinition): Coerce {
  if (field.type !== 'object') return valueReaderOf(field);
  const members =
    field.properties === undefined
      ? (value: unknown) => clean(value)
      : membersOf(`${key}.`, field.properties, field.additionalProperties === true);
  return (given, warnings) => {
    const value = onlyOf(given);
    return value === '' || value === null || value === undefined ? undefined : members(value, warnings);
  };
}

/** Sources that put everything into lists do so with single values too. */
function onlyOf(given: unknown): unknown {
  return Array.isArray(given) && given.length === 1 ? (given[0] as unknown) : given;
}

function present(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}
