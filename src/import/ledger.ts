import { isObject, type JsonObject } from '../core/json.ts';
import { type InputDocument, isWithin, type Keys, pathText, type Place } from './input.ts';
import { type Reason, reasons } from './reasons.ts';
import { namesSecret } from './secret-names.ts';

/** What became of a setting of the export. */
export type Fate = 'carried' | 'changed' | 'decision';

export interface Entry {
  readonly file: string;
  /** Where the setting is in the export. */
  readonly path: string;
  readonly place?: Place;
  readonly fate: Fate;
  /** Where it is now: `value` of the subscription's mapping, say. */
  readonly to?: string;
  readonly reason?: string;
  /** An event, or a part of one, that shows the difference. */
  readonly example?: JsonObject;
}

interface Remarks {
  readonly to?: string;
  readonly example?: JsonObject;
  /** More than the reason says of all such settings. */
  readonly detail?: string;
}

/** The books of one exported file: what became of each of its settings. */
export interface Ledger {
  readonly document: InputDocument;
  carried(path: Keys, to: string): void;
  changed(path: Keys, reason: Reason, remarks?: Remarks): void;
  decision(path: Keys, reason: Reason, remarks?: Remarks): void;
  /** Whether something at the path, or in it, could not be read. */
  isUnread(path: Keys): boolean;
  /** Everything that was said, and every setting of which nothing was: those need a decision. */
  entries(): readonly Entry[];
}

export function createLedger(document: InputDocument): Ledger {
  const entries: Entry[] = [];
  /** The paths of which something was said, and those of which it was said that they mean something else or nothing. */
  const covered = new Set<string>();
  const changed = new Set<string>();

  function write(path: Keys, fate: Fate, reason: Reason | undefined, remarks: Remarks = {}): void {
    const place = placeOf(path);
    const example = remarks.example ?? reason?.example;
    const text = [reason?.text, remarks.detail].filter((part) => part !== undefined).join(' ');
    const entry: Entry = {
      file: document.file,
      path: pathText(path),
      ...(place !== undefined && { place: { line: place.line, column: place.column } }),
      fate,
      ...(remarks.to !== undefined && { to: remarks.to }),
      ...(text !== '' && { reason: text }),
      ...(example !== undefined && { example }),
    };
    entries.push(entry);
    covered.add(JSON.stringify(path));
    if (fate === 'changed') changed.add(JSON.stringify(path));
  }

  /** Its own, or that of what it is in. */
  function placeOf(path: Keys): Place | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const place = document.placeOf(path.slice(0, length));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  const isIn = (paths: ReadonlySet<string>, path: Keys) =>
    path.some((_key, at) => paths.has(JSON.stringify(path.slice(0, at + 1))));

  return {
    document,
    carried: (path, to) => write(path, 'carried', undefined, { to }),
    changed: (path, reason, remarks) => write(path, 'changed', reason, remarks),
    decision: (path, reason, remarks) => write(path, 'decision', reason, remarks),
    isUnread: (path) => document.unread.some((each) => isWithin(each.path, path) || isWithin(path, each.path)),
    entries() {
      for (const { path, place, what } of document.unread) {
        if (isIn(changed, path) || covered.has(JSON.stringify(path))) continue;
        write(path, 'decision', reasons.unread, {
          detail: `It is ${what} (line ${place.line}, column ${place.column}).`,
        });
      }
      for (const path of leavesOf(document.value)) {
        if (isIn(covered, path)) continue;
        const isSecret = path.some((key) => typeof key === 'string' && namesSecret(key));
        write(path, 'decision', isSecret ? reasons.clearSecret : reasons.unknown);
      }
      return entries;
    },
  };
}

/** The paths of all values that hold no others. */
function* leavesOf(value: unknown, path: Keys = []): Generator<Keys> {
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (members.length === 0) {
    if (path.length > 0) yield path;
    return;
  }
  for (const [key, member] of members) yield* leavesOf(member, [...path, key]);
}
