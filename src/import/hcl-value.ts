import { readHclText } from './hcl-string.ts';
import type { HclReader } from './hcl-text.ts';
import type { Keys, Place, Unread } from './input.ts';

/** What reading a value leaves behind besides the value. */
export interface HclNotes {
  readonly unread: Unread[];
  place(path: Keys, place: Place): void;
}

const maxDepth = 100;

/** A value that isn't there: it stands among the unread. */
export const unreadValue: unique symbol = Symbol('unread');

/**
 * A literal, a list, an object, a text, or `jsonencode(…)` of one of them. Everything else is an expression: it is passed
 * over up to its end, and noted with its place.
 */
export function readHclValue(reader: HclReader, path: Keys, notes: HclNotes): unknown {
  if (path.length > maxDepth) reader.mistake('values lie deeper than 100 levels here');
  const place = reader.place();
  notes.place(path, place);
  const found = simpleValue(reader, path, notes);
  reader.skipBlank({ overLines: false });
  const isWhole = isAtEnd(reader);
  if (found.what === undefined && isWhole) return found.value;
  skipExpression(reader);
  // What was noted within it is part of the expression.
  for (let index = notes.unread.length - 1; index >= found.notesBefore; index -= 1) notes.unread.pop();
  const { what = 'an expression', reference } = found;
  notes.unread.push({ path, place, what, ...(isWhole && reference !== undefined && { reference }) });
  return unreadValue;
}

interface Simple {
  readonly value?: unknown;
  readonly what?: string;
  readonly reference?: string;
  readonly notesBefore: number;
}

function simpleValue(reader: HclReader, path: Keys, notes: HclNotes): Simple {
  const notesBefore = notes.unread.length;
  const next = reader.peek();
  if (next === '"' || reader.startsWith('<<')) {
    const text = readHclText(reader);
    return text === undefined ? { what: 'a text with an expression in it', notesBefore } : { value: text, notesBefore };
  }
  if (next === '[') return { value: readList(reader, path, notes), notesBefore };
  if (next === '{') return { value: readObject(reader, path, notes), notesBefore };
  const number = reader.take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (number !== undefined) return { value: numberOf(number), notesBefore };
  const word = reader.take(/[A-Za-z_][\w-]*/y);
  if (word === undefined) return { what: 'an expression', notesBefore };
  if (word === 'true' || word === 'false') return { value: word === 'true', notesBefore };
  if (word === 'null') return { value: null, notesBefore };
  if (word === 'jsonencode' && reader.peek() === '(') return { ...encoded(reader, path, notes), notesBefore };
  if (reader.peek() === '(') return { what: `a call of the function ${word}`, notesBefore };
  if (word === 'var' || word === 'local') return { what: 'a variable', notesBefore };
  const members = reader.take(/(?:\.[A-Za-z_][\w-]*)+/y);
  return { what: 'a reference', ...(members !== undefined && { reference: word + members }), notesBefore };
}

/** A whole number of more digits than JavaScript keeps is an id, and becomes text. */
function numberOf(text: string): number | string {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
}

function encoded(reader: HclReader, path: Keys, notes: HclNotes): { readonly value?: unknown; readonly what?: string } {
  reader.advance();
  reader.skipBlank();
  const value = readHclValue(reader, path, notes);
  reader.skipBlank();
  if (reader.peek() !== ')') return { what: 'a call of the function jsonencode' };
  reader.advance();
  return value === unreadValue ? { what: 'an expression in jsonencode' } : { value };
}

function readList(reader: HclReader, path: Keys, notes: HclNotes): readonly unknown[] {
  const items: unknown[] = [];
  reader.advance();
  for (;;) {
    reader.skipBlank();
    if (reader.peek() === ']') break;
    const item = readHclValue(reader, [...path, items.length], notes);
    // Its place is kept: the others keep theirs.
    items.push(item === unreadValue ? null : item);
    reader.skipBlank();
    if (reader.peek() === ',') reader.advance();
    else if (reader.peek() !== ']') reader.mistake('expected , or ] in a list');
  }
  reader.advance();
  return items;
}

function readObject(reader: HclReader, path: Keys, notes: HclNotes): Readonly<Record<string, unknown>> {
  const members: [string, unknown][] = [];
  reader.advance();
  for (;;) {
    reader.skipBlank();
    if (reader.peek() === '}') break;
    if (/^[)\]]?$/.test(reader.peek())) reader.mistake('expected a name or } in an object');
    const place = reader.place();
    const key = readKey(reader);
    reader.skipBlank({ overLines: false });
    if (key === undefined || !/[=:]/.test(reader.peek())) {
      skipMember(reader);
      notes.unread.push({
        path: [...path, `(member ${members.length + 1})`],
        place,
        what: 'a name that is an expression',
      });
    } else {
      reader.advance();
      reader.skipBlank();
      const value = readHclValue(reader, [...path, key], notes);
      if (value !== unreadValue) members.push([key, value]);
    }
    reader.skipBlank();
    if (reader.peek() === ',') reader.advance();
  }
  reader.advance();
  return Object.fromEntries(members);
}

function readKey(reader: HclReader): string | undefined {
  if (reader.peek() === '"') return readHclText(reader);
  return reader.take(/[A-Za-z_][\w-]*|\d+/y);
}

function skipMember(reader: HclReader): void {
  skipExpression(reader, /[=:]/);
  if (/[=:]/.test(reader.peek())) {
    reader.advance();
    skipExpression(reader);
  }
}

/** After a value: the line ends here, or what holds it does. */
function isAtEnd(reader: HclReader): boolean {
  return /^[\n,\])}]?$/.test(reader.peek());
}

/** To the end of the line, or of what holds the expression; brackets that it opens are passed over with what they hold. */
function skipExpression(reader: HclReader, until: RegExp = /[\n,]/): void {
  for (let depth = 0; reader.peek() !== ''; ) {
    const next = reader.peek();
    if (depth === 0 && (until.test(next) || /[)\]}\n,]/.test(next))) return;
    if (next === '"' || reader.startsWith('<<')) readHclText(reader);
    else {
      if (/[([{]/.test(next)) depth += 1;
      if (/[)\]}]/.test(next)) depth -= 1;
      reader.advance();
    }
  }
}
