import { createHclReader, type HclFailure, type HclMistake, type HclReader } from './hcl-text.ts';
import { type HclNotes, readHclValue, unreadValue } from './hcl-value.ts';
import type { Keys, Place, Unread } from './input.ts';
import { isObject, type JsonObject } from '../core/json.ts';

export interface HclFile {
  readonly value: JsonObject;
  readonly unread: readonly Unread[];
  readonly places: ReadonlyMap<string, Place>;
}

/** A place of a path, as `places` has it. */
export function placeKey(path: Keys): string {
  return JSON.stringify(path);
}

/**
 * What the files of a configuration in HCL hold: blocks by type and labels (`resource.TYPE.NAME`; without labels a list),
 * attributes, and values that need no working out. A mistake in the file is returned; an expression is noted, with its place.
 */
export function parseHcl(text: string): HclFile | HclMistake {
  const places = new Map<string, Place>();
  const unread: Unread[] = [];
  const notes: HclNotes = { unread, place: (path, place) => places.set(placeKey(path), place) };
  try {
    return { value: readBody(createHclReader(text), [], notes, ''), unread, places };
  } catch (error) {
    if (isObject(error) && 'hcl' in error) return (error as unknown as HclFailure).hcl;
    throw error;
  }
}

/** Up to `end`, which is passed over. */
function readBody(reader: HclReader, path: Keys, notes: HclNotes, end: '' | '}'): JsonObject {
  const body: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (;;) {
    reader.skipBlank();
    if (reader.peek() === end) break;
    const place = reader.place();
    const name = reader.take(/[A-Za-z_][\w-]*/y);
    if (name === undefined)
      return reader.mistake(end === '' ? 'expected a block' : 'expected an attribute, a block or }');
    reader.skipBlank({ overLines: false });
    if (reader.peek() === '=') {
      reader.advance();
      reader.skipBlank({ overLines: false });
      const value = readHclValue(reader, [...path, name], notes);
      if (value !== unreadValue) body[name] = value;
    } else readBlock(reader, { body, path, name, place }, notes);
  }
  reader.advance(end.length);
  return { ...body };
}

interface BlockPlace {
  readonly body: Record<string, unknown>;
  readonly path: Keys;
  readonly name: string;
  readonly place: Place;
}

function readBlock(reader: HclReader, { body, path, name, place }: BlockPlace, notes: HclNotes): void {
  const labels: string[] = [];
  while (reader.peek() !== '{') {
    const label = reader.take(/"[^"\\\n]*"|[A-Za-z_][\w-]*/y);
    if (label === undefined) reader.mistake(`expected = or { after ${name}`);
    labels.push(label.replaceAll('"', ''));
    reader.skipBlank({ overLines: false });
  }
  reader.advance();
  let inside = body;
  const at: (string | number)[] = [...path, name];
  for (const label of labels) {
    const last = at.at(-1) as string;
    inside = childOf(inside, last);
    at.push(label);
  }
  const key = at.at(-1) as string;
  if (labels.length > 0) {
    if (Object.hasOwn(inside, key)) reader.mistake(`there is another block ${[name, ...labels].join(' ')}`);
    notes.place(at, place);
    inside[key] = readBody(reader, at, notes, '}');
    return;
  }
  const list = Array.isArray(inside[key]) ? (inside[key] as unknown[]) : [];
  const itemPath = [...at, list.length];
  notes.place(itemPath, place);
  inside[key] = [...list, readBody(reader, itemPath, notes, '}')];
}

function childOf(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  if (!Object.hasOwn(parent, key)) parent[key] = {};
  return parent[key] as Record<string, unknown>;
}
