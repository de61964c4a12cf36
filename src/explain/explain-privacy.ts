import { isObject } from '../core/json.ts';
import { nameKind } from '../kit/privacy/identifier-name.ts';
import { hiddenValue, type Show } from '../trigger/trace.ts';

/** Members that identify a person, or name one, though their own names don't say so. */
const personalMembers: ReadonlySet<string> = new Set([
  'traits.name',
  'context.traits.name',
  'context.device.id',
  'context.externalIds',
]);

/** An e-mail address (also percent-encoded, as in an address of a page), or a phone number with its country's code. */
const personalText = /[^\s@]@[^\s@]|%40|^\+\d[\d ().-]{6,}$/;

/**
 * Keeps identifiers of people back: what a well-known name says is one, what is read into a field that identifies
 * (`mapped`: the paths of those), and what looks like an address or a phone number wherever it stands. Whether a value
 * is there at all, and whether it is true or false, may be seen.
 */
export function keepingBack(mapped: readonly (readonly string[])[] = []): Show {
  const read = new Set(mapped.filter((path) => path.length > 0).map((path) => JSON.stringify(path)));

  function isPersonal(keys: readonly string[]): boolean {
    if (keys.some(namesIdentifier) || personalMembers.has(keys.join('.'))) return true;
    return read.size > 0 && keys.some((_, index) => read.has(JSON.stringify(keys.slice(0, index + 1))));
  }

  function show(keys: readonly string[], value: unknown): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (isPersonal(keys)) return hiddenValue;
    if (typeof value === 'string') return personalText.test(value) ? hiddenValue : value;
    return typeof value === 'object' ? showInside(keys, value) : value;
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
  return personalText.test(key) ? hiddenValue : key;
}

function namesIdentifier(key: string): boolean {
  const kind = nameKind(key);
  return kind === 'identifier' || kind === 'place';
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

/** A value in which everything that was kept back of the event is replaced, also where it is a part of a text. */
export function withoutKept(value: unknown, kept: ReadonlySet<unknown>): unknown {
  if (typeof value === 'string' || typeof value === 'number') return isKept(value, kept) ? hiddenValue : value;
  if (Array.isArray(value)) return value.map((item) => withoutKept(item, kept));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [shownKey(key), withoutKept(member, kept)]));
}

/** A short value inside a longer text is more often a coincidence. */
const shortest = 4;

function isKept(value: string | number, kept: ReadonlySet<unknown>): boolean {
  if (kept.has(value)) return true;
  const text = String(value).toLowerCase();
  if (personalText.test(text)) return true;
  for (const secret of kept) {
    const part = String(secret).trim().toLowerCase();
    if (part.length >= shortest && text.includes(part)) return true;
  }
  return false;
}
