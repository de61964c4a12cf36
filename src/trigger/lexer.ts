import type { Diagnostic } from '../core/diagnostic.ts';
import {
  isDigit,
  isKeyCharacter,
  isLetter,
  isTypographicQuote,
  isWhitespace,
  mistakenOperators,
  nameCharacter,
} from './characters.ts';
import { needsBackslash, readPath } from './lex-path.ts';
import { quote, readQuoted } from './quoted.ts';
import { syntaxError } from './syntax-error.ts';
import type { Lexeme, Token, TokenSymbol } from './token.ts';
import type { ComparisonOperator } from './tree.ts';
import { readTypographic } from './typographic.ts';

const operators: readonly ComparisonOperator[] = ['!=', '<=', '>=', '=', '<', '>'];
const symbols: readonly TokenSymbol[] = ['(', ')', '[', ']', ',', '!'];
const mistakesShown = 10;

/** The tokens of an expression, ended by one of kind `end`; with every lexical mistake, up to ten. */
export function tokenize(text: string): {
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const tokens: Token[] = [];
  const diagnostics: Diagnostic[] = [];
  let offset = 0;
  while (offset < text.length && diagnostics.length < mistakesShown) {
    const lexeme = readLexeme(text, offset, tokens.at(-1));
    if (lexeme.token !== undefined) tokens.push(lexeme.token);
    if (lexeme.mistake !== undefined) diagnostics.push(lexeme.mistake);
    offset = lexeme.end;
  }
  const last = tokens.at(-1);
  tokens.push({ kind: 'end', offset: last === undefined ? 0 : last.offset + last.length, length: 0 });
  return { tokens, diagnostics };
}

function readLexeme(text: string, offset: number, previous: Token | undefined): Lexeme {
  const code = text.charCodeAt(offset);
  if (isWhitespace(code)) return { end: offset + 1 };
  if (isLetter(code) || code === 0x5f || code === 0x5c) return readPath(text, offset);
  if (isDigit(code) || ((code === 0x2d || code === 0x2b) && isDigit(text.charCodeAt(offset + 1)))) {
    return readNumber(text, offset);
  }
  if (code === 0x22 || code === 0x27) return readString(text, offset);
  if (code === 0x5b && isRightAfterPath(offset, previous)) return indexedPath(text, offset);
  return readMark(text, offset) ?? unexpected(text, offset, previous);
}

function readString(text: string, offset: number): Lexeme {
  const { value, end, closed } = readQuoted(text, offset);
  const span = { offset, length: end - offset };
  if (closed) return { end, token: { kind: 'string', value, ...span } };
  const mark = text.charAt(offset);
  const other = value.split('').findIndex(isTypographicQuote);
  if (other === -1) {
    const message = `expected a closing ${mark} for the string that begins here, found the end of the trigger`;
    return { end, mistake: syntaxError({ offset, length: 1 }, message) };
  }
  const meant = quote(value.slice(0, other));
  const message = `the string begins with ${mark} and ends with the typographic ${value[other]}; write ${meant}`;
  return { end, mistake: syntaxError({ offset, length: other + 2 }, message, meant) };
}

function readNumber(text: string, offset: number): Lexeme {
  let end = digitsEnd(text, offset + (isDigit(text.charCodeAt(offset)) ? 0 : 1));
  if (text[end] === '.' && isDigit(text.charCodeAt(end + 1))) end = digitsEnd(text, end + 1);
  if (text[end] === 'e' || text[end] === 'E') {
    const digits = text[end + 1] === '+' || text[end + 1] === '-' ? end + 2 : end + 1;
    if (isDigit(text.charCodeAt(digits))) end = digitsEnd(text, digits);
  }
  if (isKeyCharacter(text.charCodeAt(end)) || text[end] === '.' || text[end] === '\\')
    return badNumber(text, offset, end);
  const value = Number(text.slice(offset, end));
  const span = { offset, length: end - offset };
  if (Number.isFinite(value)) return { end, token: { kind: 'number', value, ...span } };
  return { end, mistake: syntaxError(span, 'this number is too large') };
}

function badNumber(text: string, offset: number, numberEnd: number): Lexeme {
  let end = numberEnd;
  while (isKeyCharacter(text.charCodeAt(end)) || text[end] === '.') end += 1;
  const span = { offset, length: end - offset };
  const number = text.slice(offset, numberEnd);
  const message =
    text[numberEnd] === '.'
      ? `"${text.slice(offset, end)}" is not a number: expected digits after the dot`
      : `expected a space or an operator after the number ${number}; a field whose name begins with a digit is written \\${text.slice(offset, end)}`;
  return { end: Math.max(end, numberEnd + 1), mistake: syntaxError(span, message) };
}

function digitsEnd(text: string, offset: number): number {
  let end = offset;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function readMark(text: string, offset: number): Lexeme | undefined {
  for (const [written, meant] of mistakenOperators) {
    if (!text.startsWith(written, offset)) continue;
    const message = `"${written}" is not an operator; write ${meant}`;
    return { end: offset + written.length, mistake: syntaxError({ offset, length: written.length }, message, meant) };
  }
  const operator = operators.find((candidate) => text.startsWith(candidate, offset));
  if (operator !== undefined) {
    const { length } = operator;
    return { end: offset + length, token: { kind: 'operator', operator, offset, length } };
  }
  const symbol = symbols.find((candidate) => candidate === text[offset]);
  return symbol && { end: offset + 1, token: { kind: 'symbol', symbol, offset, length: 1 } };
}

function unexpected(text: string, offset: number, previous: Token | undefined): Lexeme {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (isTypographicQuote(character)) return readTypographic(text, offset);
  const end = offset + character.length;
  const span = { offset, length: character.length };
  const named = nameCharacter(character);
  if (previous !== undefined && isRightAfterPath(offset, previous) && mayBeKeyPart(character)) {
    return needsBackslash(text, previous.offset, offset);
  }
  if (character === '-' || character === '+') {
    return { end, mistake: syntaxError(span, `expected digits after "${character}"`) };
  }
  if (/\p{Zs}/u.test(character)) {
    return { end, mistake: syntaxError(span, `${named} is not an ordinary space; type a space instead`, ' ') };
  }
  if (character === '$') return dollar(text, offset);
  return { end, mistake: syntaxError(span, `unexpected ${named}; expected a field, a value or an operator`) };
}

function isRightAfterPath(offset: number, previous: Token | undefined): boolean {
  return previous?.kind === 'path' && previous.offset + previous.length === offset;
}

/** `products[0].sku`: read as one mistake, or the rest would be reported as well. */
function indexedPath(text: string, offset: number): Lexeme {
  let end = offset + 1;
  while (end < text.length && (isKeyCharacter(text.charCodeAt(end)) || '[].'.includes(text.charAt(end)))) end += 1;
  const message =
    'unexpected "[": the items of a list have no paths; ask whether a value is in one, as in "a" in properties.tags';
  return { end, mistake: syntaxError({ offset, length: end - offset }, message) };
}

/** `$.properties.total`, as mappings write it. */
function dollar(text: string, offset: number): Lexeme {
  const length = text[offset + 1] === '.' ? 2 : 1;
  const message =
    'unexpected "$": a trigger names a field without it, as in properties.total; one that is part of a name is written \\$';
  return { end: offset + length, mistake: syntaxError({ offset, length }, message) };
}

function mayBeKeyPart(character: string): boolean {
  return '$@#%/:'.includes(character) || /[\p{L}\p{N}\p{S}]/u.test(character);
}
