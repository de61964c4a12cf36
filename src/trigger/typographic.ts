import { quotesLike } from './characters.ts';
import { quote } from './quoted.ts';
import { syntaxError } from './syntax-error.ts';
import type { Lexeme } from './token.ts';

/** Reads a string in typographic quotes as one token, so that the one mistake named is the quotes. */
export function readTypographic(text: string, offset: number): Lexeme {
  const family = quotesLike(text.charAt(offset));
  let close = offset + 1;
  while (close < text.length && !isClosing(text, close, family)) close += 1;
  const end = Math.min(close + 1, text.length);
  const span = { offset, length: end - offset };
  if (close >= text.length) {
    const message = `${text[offset]} is a typographic quote; write ${family[0]} before and after the text`;
    return { end, mistake: syntaxError({ offset, length: 1 }, message, family.charAt(0)) };
  }
  const value = text.slice(offset + 1, close);
  const meant = quote(value);
  const message = `${text[offset]} and ${text[close]} are typographic quotes; write ${meant}`;
  return { end, token: { kind: 'string', value, ...span }, mistake: syntaxError(span, message, meant) };
}

/** An apostrophe inside a word (`it’s`) ends no string. */
function isClosing(text: string, offset: number, family: string): boolean {
  if (!family.includes(text.charAt(offset))) return false;
  return !(family.startsWith("'") && /\p{L}/u.test(text.charAt(offset + 1)));
}
