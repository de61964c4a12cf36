/** The characters that may stand in a key without a backslash: a-z, A-Z, 0-9, `_` and `-`. */
export function isKeyCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 0x5f || code === 0x2d;
}

export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** A character as a message shows it: itself when it can be seen, with its code point when it isn't ASCII. */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x20 && code < 0x7f) return `"${character}"`;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return invisibleCharacter.test(character) ? point : `"${character}" (${point})`;
}

const invisibleCharacter = /[\p{Z}\p{C}]/u;

const doubleQuotes = '"“”„‟″«»';
const singleQuotes = "'‘’‚‛′`´";

/** Quotation marks that word processors and web pages put where `"` or `'` is meant. */
export function isTypographicQuote(character: string): boolean {
  return character !== '"' && character !== "'" && quotesLike(character) !== '';
}

/** Every mark of the family of a quotation mark, the straight one first; empty for any other character. */
export function quotesLike(character: string): string {
  if (character === '') return '';
  if (doubleQuotes.includes(character)) return doubleQuotes;
  return singleQuotes.includes(character) ? singleQuotes : '';
}

/** What is meant by an operator of another language. Longer ones stand before their beginnings. */
export const mistakenOperators: readonly (readonly [written: string, meant: string])[] = [
  ['===', '='],
  ['!==', '!='],
  ['==', '='],
  ['<>', '!='],
  ['=>', '>='],
  ['=<', '<='],
  ['&&', 'and'],
  ['||', 'or'],
  ['≠', '!='],
  ['≥', '>='],
  ['≤', '<='],
];
