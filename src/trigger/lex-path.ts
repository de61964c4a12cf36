import { isKeyCharacter, nameCharacter } from './characters.ts';
import { readQuoted } from './quoted.ts';
import { syntaxError } from './syntax-error.ts';
import type { Lexeme } from './token.ts';
import { isKeyword } from './tree.ts';

interface Key {
  readonly value: string;
  readonly end: number;
  /** Written as it is, without a backslash or quotes. */
  readonly isPlain: boolean;
}

/**
 * Reads a path or a keyword: keys with dots between them and no space. A key is made of a-z, A-Z, 0-9, `_` and `-`;
 * any other character, a dot too, has a backslash before it; a key after the first may be quoted instead.
 */
export function readPath(text: string, start: number): Lexeme {
  const keys: string[] = [];
  let isPlain = true;
  let offset = start;
  for (;;) {
    const key = readKey(text, offset, keys.length > 0);
    if (key === undefined) return missingKey(text, start, offset);
    keys.push(key.value);
    isPlain &&= key.isPlain;
    offset = key.end;
    if (text[offset] !== '.') break;
    offset += 1;
  }
  const span = { offset: start, length: offset - start };
  const word = keys.length === 1 && isPlain ? keys[0] : undefined;
  if (word !== undefined && isKeyword(word)) return { end: offset, token: { kind: 'keyword', word, ...span } };
  return { end: offset, token: { kind: 'path', keys, isWord: word !== undefined, ...span } };
}

function readKey(text: string, start: number, mayBeQuoted: boolean): Key | undefined {
  const first = text[start];
  if (mayBeQuoted && (first === '"' || first === "'")) {
    const { value, end, closed } = readQuoted(text, start);
    return closed ? { value, end, isPlain: false } : undefined;
  }
  let value = '';
  let isPlain = true;
  let offset = start;
  while (offset < text.length) {
    if (isKeyCharacter(text.charCodeAt(offset))) {
      value += text.charAt(offset);
      offset += 1;
    } else if (text[offset] === '\\' && offset + 1 < text.length) {
      const escaped = String.fromCodePoint(text.codePointAt(offset + 1) ?? 0);
      value += escaped;
      isPlain = false;
      offset += 1 + escaped.length;
    } else break;
  }
  return value === '' ? undefined : { value, end: offset, isPlain };
}

function missingKey(text: string, start: number, offset: number): Lexeme {
  const found = text.slice(offset, offset + 2);
  const character = found === '' ? '' : String.fromCodePoint(found.codePointAt(0) ?? 0);
  const end = Math.max(offset + character.length, start + 1);
  const span = { offset, length: character.length };
  if (character === '' || character === '\\') {
    const where = offset === start ? 'a character after the backslash' : 'a key after the dot';
    return { end, mistake: syntaxError(span, `expected ${where}, found the end of the trigger`) };
  }
  if (character === '"' || character === "'") {
    return { end: text.length, mistake: syntaxError(span, `expected a closing ${character} for this key`) };
  }
  const message = `expected a key after the dot, found ${nameCharacter(character)}`;
  if (character === '.' || endsPath(character)) {
    return { end, mistake: syntaxError(span, message) };
  }
  return needsBackslash(text, start, offset);
}

/** Refuses a path for the character at `offset`; the fix is the path with a backslash before each such character. */
export function needsBackslash(text: string, start: number, offset: number): Lexeme {
  let end = offset;
  let fix = text.slice(start, offset);
  while (end < text.length && !endsPath(text.charAt(end))) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    const isPlain = isKeyCharacter(text.charCodeAt(end)) || character === '.' || character === '\\';
    fix += isPlain ? character : `\\${character}`;
    end += character.length;
  }
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const message = `a field name needs a backslash before ${nameCharacter(character)}; write ${fix}`;
  return { end, mistake: syntaxError({ offset, length: character.length }, message, fix) };
}

function endsPath(character: string): boolean {
  return character.trim() === '' || '()[],=<>!"\''.includes(character);
}
