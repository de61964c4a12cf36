import { maxPathMembers } from './limits.ts';

/**
 * A path as text, read into the names of its members. `$.` at the start is optional; `''`, `.`, `$` and `$.` are the
 * whole value. Names are separated by dots; `[0]` is an index; `['any name']` or `["any name"]` is a name with dots,
 * brackets or quotes in it, where a backslash escapes a quote or a backslash. Spaces in a name need no quotes.
 */
export type ParsedPath =
  | {
      readonly ok: true;
      readonly members: readonly string[];
      /** Valid, but probably not what was meant. */
      readonly remark?: string;
    }
  | {
      readonly ok: false;
      /** What is wrong and what was expected, with the character's place. */
      readonly message: string;
      readonly fix?: string;
    };

interface Found {
  readonly name: string;
  /** Behind the member. */
  readonly end: number;
  readonly remark?: string;
}

type Mistake = { readonly message: string; readonly fix?: string };

const wholeValue: ReadonlySet<string> = new Set(['', '.', '$', '$.']);

/** Reads a path. Takes time in proportion to its length. */
export function parsePath(text: string): ParsedPath {
  if (wholeValue.has(text)) return { ok: true, members: [] };
  const members: string[] = [];
  let remark = text.trim() === text ? undefined : 'the path begins or ends with a space, which belongs to the name';
  let position = text.startsWith('$.') ? 2 : text.startsWith('$[') ? 1 : 0;
  while (position < text.length) {
    const found = text[position] === '[' ? readBracket(text, position) : readName(text, position);
    if ('message' in found) return { ok: false, ...found };
    members.push(found.name);
    if (members.length > maxPathMembers) return { ok: false, message: `a path may have ${maxPathMembers} members` };
    remark ??= found.remark;
    position = found.end;
    if (position === text.length || text[position] === '[') continue;
    if (text[position] !== '.') return unexpected(text, position, 'a dot, a bracket or the end');
    position += 1;
    if (position === text.length) return unexpected(text, position, 'a name after the dot');
  }
  return remark === undefined ? { ok: true, members } : { ok: true, members, remark };
}

function unexpected(text: string, position: number, expected: string, fix?: string): { ok: false } & Mistake {
  const found = position < text.length ? `"${text[position]}"` : 'the end';
  const message = `expected ${expected} at character ${position + 1}, found ${found}`;
  return fix === undefined ? { ok: false, message } : { ok: false, message, fix };
}

function readBracket(text: string, start: number): Found | Mistake {
  const opening = text[start + 1];
  if (opening === "'" || opening === '"') return readQuoted(text, start + 2, opening);
  if (opening !== undefined && isDigit(opening)) return readIndex(text, start + 1);
  return refusedBracket(text, start + 1) ?? readName(text, start);
}

function readQuoted(text: string, start: number, quote: string): Found | Mistake {
  let name = '';
  for (let position = start; position < text.length; position += 1) {
    const character = text[position];
    if (character === '\\' && (text[position + 1] === quote || text[position + 1] === '\\')) {
      position += 1;
      name += text[position];
    } else if (character === quote) {
      if (text[position + 1] === ']') return { name, end: position + 2 };
      return unexpected(text, position + 1, `"]" after the closing quote`);
    } else {
      name += character;
    }
  }
  return unexpected(text, text.length, `the closing quote ${quote}`);
}

function readIndex(text: string, start: number): Found | Mistake {
  let end = start;
  while (isDigit(text[end] ?? '')) end += 1;
  if (text[end] !== ']') return unexpected(text, end, '"]" after the index');
  return { name: text.slice(start, end), end: end + 1 };
}

/** A bracket that looks like JSONPath, or like a quote that was pasted from a web page. */
function refusedBracket(text: string, position: number): Mistake | undefined {
  const character = text[position];
  if (character === undefined || character === ']') return unexpected(text, position, 'an index or a quoted name');
  if (character === '*' || character === '?') {
    return unexpected(text, position, 'an index or a quoted name', 'use @arrayPath to read from every item');
  }
  if (character === '-' || character === ':') {
    return unexpected(text, position, 'an index counted from the start, from 0');
  }
  if ('“”‘’'.includes(character)) {
    const fix = text.replace(/[“”]/g, '"').replace(/[‘’]/g, "'");
    return unexpected(text, position, 'a straight quote (\' or ")', fix);
  }
  return undefined;
}

function readName(text: string, start: number): Found | Mistake {
  let position = start;
  let remark: string | undefined;
  while (position < text.length && text[position] !== '.') {
    if (text[position] === ']') return unexpected(text, position, 'a name, or "[" before it');
    if (text[position] !== '[') {
      position += 1;
      continue;
    }
    const next = text[position + 1] ?? '';
    if (next === "'" || next === '"' || isDigit(next)) break;
    const refused = refusedBracket(text, position + 1);
    if (refused !== undefined) return refused;
    const closing = text.indexOf(']', position);
    if (closing < 0) return unexpected(text, text.length, '"]"');
    const inside = text.slice(position + 1, closing);
    remark = `[${inside}] is read as a part of the name; the member "${inside}" is written ['${inside}']`;
    position = closing + 1;
  }
  if (position === start) return unexpected(text, position, 'a name');
  const name = text.slice(start, position);
  return remark === undefined ? { name, end: position } : { name, end: position, remark };
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}
