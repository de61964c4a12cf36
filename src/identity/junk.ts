import { asciiFoundBy, startsWithLatinOrDigit } from './ascii.ts';

/**
 * What exports and templates write for nothing. In order: forms, spreadsheets, JavaScript, JavaScript's object as
 * text, Objective-C, web analytics twice, and the advertising id of everybody who refused tracking. `na` is not among
 * them: it is Namibia, and a name.
 */
const placeholder =
  /^(?:n\/a|#n\/a|undefined|\[object object\]|\(null\)|\(none\)|\(not set\)|0{8}-0{4}-0{4}-0{4}-0{12})$/i;

/** Placeholders too, except in a person's name: people are called None, Null and Nan. */
const ambiguousPlaceholder = /^(?:none|null|nan)$/i;

/** What a placeholder can start with: looked at first, since nearly no value does. */
const placeholderStarts = asciiFoundBy(/[nu#[(0]/i);
const letterOrDigit = /[\p{L}\p{N}]/u;

/**
 * True when the text stands for no value: a known placeholder, or nothing but punctuation and symbols (`-`, `???`, an
 * emoji). Hashing such a text would make one person of many.
 *
 * @param personName the text is a person's name, where `null` may be meant.
 */
export function isJunk(text: string, personName: boolean): boolean {
  if (placeholderStarts[text.charCodeAt(0)] === 1 && isPlaceholder(text, personName)) return true;
  return !startsWithLatinOrDigit(text) && !letterOrDigit.test(text);
}

function isPlaceholder(text: string, personName: boolean): boolean {
  return placeholder.test(text) || (!personName && ambiguousPlaceholder.test(text));
}
