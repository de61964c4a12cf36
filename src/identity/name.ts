import { asciiFoundBy, keptAscii } from './ascii.ts';

const asciiOthers = asciiFoundBy(/[^a-z0-9]/i);
/** All but letters with their marks, and digits; the marks that only choose an emoji's look are off as well. */
const others = /[^\p{L}\p{M}\p{N}]|[\u20E3\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;
const letterOrDigit = /[\p{L}\p{N}]/u;
const firstLetter = /\p{L}/u;

/**
 * First and last name. Meta, customer information parameters: lower case, no punctuation, special characters kept as
 * UTF-8 (valéry, 정). White space inside a name goes as well, as in Meta's parameter builder. NFC, since an é of one
 * and an é of two code points would hash differently; once more at the end, since what was taken out may have stood
 * between a letter and its mark.
 */
export function normalizeName(text: string): string | undefined {
  const ascii = keptAscii(text, asciiOthers);
  if (ascii !== undefined) return ascii === '' ? undefined : ascii.toLowerCase();
  const name = text.normalize('NFC').toLowerCase().replace(others, '').normalize('NFC');
  return letterOrDigit.test(name) ? name : undefined;
}

/** First initial. Meta, custom audiences: one character, lower case. The first letter of the normalized name. */
export function normalizeInitial(text: string): string | undefined {
  const name = normalizeName(text);
  return name === undefined ? undefined : firstLetter.exec(name)?.[0];
}
