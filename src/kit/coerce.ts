import type { Warning } from '../core/action.ts';
import type { FieldDefinition, FieldDefinitions } from '../core/field.ts';
import { mostValues } from '../core/identifier-limits.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { clean, tooDeep } from './clean.ts';
import { parseDatetime } from './datetime.ts';
import { expectedOf } from './field-failure.ts';
import { isPositional, parsedItemSchema } from './field-schema.ts';
import { numberOfText } from './numeric.ts';
import { validatorOf } from './validator.ts';

/**
 * Reads one value: undefined when it is absent or left out, the value unchanged when it can't be read (the schema
 * refuses it then). Compiled once per field, so that nothing of a definition is looked at per event.
 */
export type Coerce = (value: unknown, warnings: Warning[]) => unknown;

const incomplete = new WeakSet<object>();

/** True for a list of a `multiple` field that lost an item: sums over it would be wrong. */
export function hasLostItems(list: object): boolean {
  return incomplete.has(list);
}

/** The coercer of a field, `key` being its place in the action for warnings. */
export function coercerOf(key: string, field: FieldDefinition): Coerce {
  if (field.raw) return present;
  if (isPositional(field)) return positional(field);
  if (field.multiple) return listOf(key, field);
  return field.identifier ? identifierOf(key, field) : readerOf(key, field);
}

/**
 * Reads the members of a mapped object; members without a definition are kept, cleaned, only if `open`. An object that
 * stays as it is isn't copied.
 */
function membersOf(prefix: string, fields: FieldDefinitions, open: boolean): Coerce {
  const coercers = new Map<string, Coerce>();
  for (const [key, field] of Object.entries(fields)) coercers.set(key, coercerOf(prefix + key, field));
  return (value, warnings) => {
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    let copy: Record<string, unknown> | undefined;
    let empty = true;
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[at] ?? '';
      const coerce = coercers.get(key) ?? (open && key !== '__proto__' ? keep : undefined);
      const given = value[key];
      const member = coerce?.(given, warnings);
      if (member === tooDeep) return tooDeep;
      if (member === undefined || member !== given) copy ??= membersBefore(at, keys, value);
      if (member === undefined) continue;
      if (copy !== undefined) copy[key] = member;
      empty = false;
    }
    return empty ? undefined : (copy ?? value);
  };
}

function membersBefore(end: number, keys: readonly string[], object: JsonObject): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of keys.slice(0, end)) copy[key] = object[key];
  return copy;
}

function listOf(key: string, field: FieldDefinition): Coerce {
  const coerce = readerOf(key, field);
  const validate = validatorOf(parsedItemSchema(field));
  const takesText = field.choices === undefined && (field.type === 'string' || readsText(field));
  return (value, warnings) => {
    // One text, as most lists are.
    if (takesText && typeof value === 'string') return value === '' ? undefined : [value];
    if (value === undefined || value === null || value === '') return undefined;
    const given = Array.isArray(value) ? value : [value];
    if (field.identifier && given.length > mostValues) {
      warnings.push(listTooLong(key, field));
      return undefined;
    }
    let kept: unknown[] | undefined;
    let lost = 0;
    for (const one of given) {
      const read = coerce(one, warnings);
      if (read === undefined) continue;
      if (read === tooDeep || !validate(read)) lost += 1;
      // Most lists have one item: a list that begins empty takes room for seventeen with its first.
      else if (kept === undefined) kept = [read];
      else kept.push(read);
    }
    if (lost > 0) {
      warnings.push(itemsLeftOut(key, field, lost));
      if (kept !== undefined) incomplete.add(kept);
    }
    return kept === undefined && given.length === 0 ? [] : kept;
  };
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
    return value.map((item) => (item === undefined || item === null ? '' : field.id ? textOfNumber(item) : item));
  };
}

function identifierOf(key: string, field: FieldDefinition): Coerce {
  const coerce = readerOf(key, field);
  const validate = validatorOf(parsedItemSchema(field));
  const left: Warning = {
    code: 'IDENTIFIER_LEFT_OUT',
    field: key,
    message: `${field.label} (${key}) isn't ${expectedOf(field)} and was left out.`,
  };
  return (value, warnings) => {
    const read = coerce(value, warnings);
    if (read === undefined || (read !== tooDeep && validate(read))) return read;
    warnings.push(left);
    return undefined;
  };
}

function readerOf(key: string, field: FieldDefinition): Coerce {
  switch (field.type) {
    case 'number':
    case 'integer':
      return number;
    case 'boolean':
      return present;
    case 'datetime':
      return readsText(field) ? identifierText : datetime;
    case 'object':
      return objectOf(key, field);
    case 'string':
      return field.id || field.identifier ? identifierText : present;
  }
}

/** A date of a person, which is read later: it is taken in any form. */
function readsText({ type, identifier }: FieldDefinition): boolean {
  return type === 'datetime' && identifier === true;
}

function objectOf(key: string, field: FieldDefinition): Coerce {
  if (field.properties === undefined) return keep;
  const members = membersOf(`${key}.`, field.properties, field.additionalProperties === true);
  return (value, warnings) => (value === '' || value === null ? undefined : members(value, warnings));
}

function keep(value: unknown): unknown {
  return clean(value);
}

function present(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

function number(value: unknown): unknown {
  if (typeof value !== 'string') return value === null ? undefined : value;
  return value === '' ? undefined : (numberOfText(value) ?? value);
}

function datetime(value: unknown): unknown {
  if (value === null || value === '' || value === undefined) return undefined;
  return parseDatetime(value) ?? value;
}

function identifierText(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'object') return clean(value);
  return textOfNumber(value);
}

/** A number as text, unless it has lost digits on its way: beyond 2^53 it no longer is the number that was sent. */
function textOfNumber(value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isFinite(value)) return value;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value : String(value);
}
