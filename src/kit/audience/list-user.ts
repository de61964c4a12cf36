import { isObject } from '../../core/json.ts';
import { columnNamed, numbered } from '../../core/person-columns.ts';
import type { PersonValues } from './columns.ts';

/** A user object as this product reads it, and its members that say nothing to it. */
export interface ListUser {
  readonly person: PersonValues;
  readonly unread: readonly string[];
}

/** Where cohort messages put what they know of a user. */
const nests: ReadonlySet<string> = new Set(['user_properties', 'userProperties', 'properties', 'traits']);

/** An advertising id as devices have it; any other device id is a product's own. */
const advertisingId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const noAdvertisingId = /^0{8}-(0{4}-){3}0{12}$/;

/**
 * The user's values by our names, from the members of the object and of those that it holds; of two spellings of one
 * column the first that holds something, but every e-mail address and phone number: who leaves must leave by each.
 *
 * @param columns Those to look at; undefined: all.
 */
export function listUser(user: Readonly<Record<string, unknown>>, columns: ReadonlySet<string> | undefined): ListUser {
  const person: Record<string, unknown> = {};
  const unread: string[] = [];
  const nested: [string, Readonly<Record<string, unknown>>][] = [];

  function take(key: string, value: unknown, place: string): void {
    if (value === null || value === '') return;
    const name = columnNamed(key) ?? deviceName(key, value);
    if (name === undefined) unread.push(place);
    else if (columns === undefined || columns.has(name)) {
      if (numbered.has(name) && person[name] !== undefined) person[name] = [person[name], value].flat();
      else person[name] ??= value;
    }
  }

  for (const [key, value] of Object.entries(user)) {
    if (nests.has(key) && isObject(value)) nested.push([key, value]);
    else take(key, value, key);
  }
  for (const [nest, values] of nested) {
    for (const [key, value] of Object.entries(values)) take(key, value, `${nest}.${key}`);
  }
  return { person, unread };
}

function deviceName(key: string, value: unknown): string | undefined {
  if (!/^device_?id$/i.test(key) || typeof value !== 'string') return undefined;
  const text = value.trim();
  return advertisingId.test(text) && !noAdvertisingId.test(text) ? 'madid' : undefined;
}
