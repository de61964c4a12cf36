import { hasLatinOrDigit } from './ascii.ts';

/**
 * What exports and templates write for nothing. In order: forms, spreadsheets, JavaScript, JavaScript's object as
 * text, Objective-C, web analytics twice, and the advertising id of everybody who refused tracking. `na` is not among
 * them: it is Namibia, and a name.
 */
const placeholders: ReadonlySet<string> = new Set([
  'n/a',
  '#n/a',
  'undefined',
  '[object object]',
  '(null)',
  '(none)',
  '(not set)',
  '00000000-0000-0000-0000-000000000000',
]);

/** Placeholders too, except in a person's name: people are called None, Null and Nan. */
const ambiguousPlaceholders: ReadonlySet<string> = new Set(['none', 'null', 'nan']);

/** Lengths and first characters of placeholders, looked at first: nearly no value has one of both. */
const [lengths, starts] = [new Uint8Array(64), new Uint8Array(0x80)];
for (const text of [...placeholders, ...ambiguousPlaceholders]) {
  lengths[text.length] = 1;
  starts[text.charCodeAt(0)] = 1;
  starts[text.toUpperCase().charCodeAt(0)] = 1;
}

const letterOrDigit = /[\p{L}\p{N}]/u;

/**
 * True when the text stands for no value: a known placeholder, or nothing but punctuation and symbols (`-`, `???`, an
 * emoji). Hashing such a text would make one person of many.
 *
 * @param personName the text is a person's name, where `null` may be meant.
 */
export function isJunk(text: string, personName: boolean): boolean {
  if (lengths[text.length] === 1 && starts[text.charCodeAt(0)] === 1 && isPlaceholder(text, personName)) return true;
  return !hasLatinOrDigit(text) && !letterOrDigit.test(text);
}

function isPlaceholder(text: string, personName: boolean): boolean {
  const lower = text.toLowerCase();
  return placeholders.has(lower) || (!personName && ambiguousPlaceholders.has(lower));
}
