import { isObject } from '../core/json.ts';
import { nameKind, namesPerson } from '../kit/privacy/identifier-name.ts';
import { textWithoutIdentifiers } from '../kit/privacy/strip.ts';
import { hiddenValue, type Show } from '../trigger/trace.ts';

/** Members that identify a person, or name one, though their own names don't say so. */
const personalMembers: ReadonlySet<string> = new Set([
  'traits.name',
  'context.traits.name',
  'context.device.id',
  'context.externalIds',
]);

/** What may be a part of an e-mail address, and Meta's ids of clicks, besides what isn't sent in the clear either. */
const personalText = /[^\s@]@[^\s@]|%40|\bfbclid=|\bfb\.\d\.\d{10,13}\./i;

/**
 * Keeps identifiers of people back: what a well-known name says is one, what is read into a field that identifies
 * (`mapped`: the paths of those), and what would be taken out of custom data wherever it stands. Whether a value is there
 * at all, and whether it is true or false, may be seen.
 */
export function keepingBack(mapped: readonly (readonly string[])[] = []): Show {
  const read = new Set(mapped.filter((path) => path.length > 0).map((path) => JSON.stringify(path)));

  function isPersonal(keys: readonly string[]): boolean {
    if (nameSomebody(keys) || personalMembers.has(keys.join('.'))) return true;
    return read.size > 0 && keys.some((_, index) => read.has(JSON.stringify(keys.slice(0, index + 1))));
  }

  function show(keys: readonly string[], value: unknown): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (isPersonal(keys)) return hiddenValue;
    if (typeof value === 'object') return showInside(keys, value);
    return isPersonalText(String(value)) ? hiddenValue : value;
  }

  /** The value itself where nothing in it is kept back. */
  function showInside(keys: readonly string[], value: object): unknown {
    if (Array.isArray(value)) {
      const items = value.map((item) => show(keys, item));
      return items.every((item, index) => item === value[index]) ? value : items;
    }
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(
      ([key, member]) => [shownKey(key), show([...keys, key], member)] as const,
    );
    return members.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(members);
  }

  return show;
}

/** Somebody's address may be the name of a member, too. */
function shownKey(key: string): string {
  return isPersonalText(key) ? hiddenValue : key;
}

/** Whatever isn't sent in the clear isn't shown either. */
function isPersonalText(text: string): boolean {
  return personalText.test(text) || textWithoutIdentifiers(text) !== text;
}

/** Whether one of the names says that the value identifies somebody, or is a password; `name` does within a person. */
function nameSomebody(keys: readonly string[]): boolean {
  let ofPerson = false;
  return keys.some((key) => {
    const kind = nameKind(key);
    if (kind === 'name' ? ofPerson : kind !== 'none') return true;
    ofPerson ||= namesPerson(key);
    return false;
  });
}

/** Every text and number of the event that `show` keeps back, for what was made of the event without its paths. */
export function keptBack(event: unknown, show: Show): ReadonlySet<unknown> {
  const found = new Set<unknown>();
  collect(event, show([], event), found);
  return found;
}

function collect(value: unknown, shown: unknown, found: Set<unknown>): void {
  if (value === shown) return;
  if (typeof value !== 'object' || value === null) found.add(value);
  else {
    for (const [key, member] of Object.entries(value)) {
      collect(member, isObject(shown) || Array.isArray(shown) ? Object(shown)[key] : undefined, found);
    }
  }
}

/**
 * What was made of an event, without what was kept back of that, also where it is a part of a text, and without what its
 * own names say is an identifier. Hashes stay.
 */
export function withoutKept(value: unknown, kept: ReadonlySet<unknown>): unknown {
  if (typeof value === 'string' || typeof value === 'number') return isKept(value, kept) ? hiddenValue : value;
  if (Array.isArray(value)) return value.map((item) => withoutKept(item, kept));
  if (!isObject(value)) return value;
  const columns = Array.isArray(value['schema']) ? value['schema'] : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key === 'user_data' || nameKind(key) === 'identifier') return [key, hashesOf(member)];
      if (key === 'data' && columns !== undefined) return [key, rowsOf(member, columns, kept)];
      return [shownKey(key), withoutKept(member, kept)];
    }),
  );
}

/** Rows of people. What Meta takes of them unhashed is an identifier too, but for what somebody is worth. */
function rowsOf(rows: unknown, columns: readonly unknown[], kept: ReadonlySet<unknown>): unknown {
  if (!Array.isArray(rows)) return withoutKept(rows, kept);
  return rows.map((row) =>
    Array.isArray(row) ? row.map((cell, at) => (columns[at] === worth ? cell : hashesOf(cell))) : hashesOf(row),
  );
}

const worth = 'LOOKALIKE_VALUE';
const hash = /^[0-9a-f]{64}$/;

function hashesOf(value: unknown): unknown {
  if (typeof value === 'string') return value === '' || hash.test(value) ? value : hiddenValue;
  if (typeof value === 'number') return hiddenValue;
  if (Array.isArray(value)) return value.map(hashesOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [shownKey(key), hashesOf(member)]));
}

/** A short value inside a longer text is more often a coincidence. */
const shortest = 4;

function isKept(value: string | number, kept: ReadonlySet<unknown>): boolean {
  if (kept.has(value)) return true;
  const text = String(value).toLowerCase();
  if (hash.test(text)) return false;
  if (isPersonalText(text)) return true;
  for (const secret of kept) {
    const part = String(secret).trim().toLowerCase();
    if (part.length >= shortest && text.includes(part)) return true;
  }
  return false;
}
