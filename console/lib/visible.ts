/**
 * Text of strangers as it is: what a browser would hide (control characters), or what would turn the text around it
 * (bidirectional controls), is told by its code point in pieces of its own.
 */
export interface Piece {
  readonly text: string;
  /** Stands for a character that can't be seen. */
  readonly hidden: boolean;
}

/** What the server puts in the place of an identifier of a person. */
const hiddenByServer = '[hidden]';

/**
 * Controls but tab and line feed, formats (zero-width, bidirectional, tags), separators of lines, halves of pairs, letters
 * that are blank.
 */
const unseen = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\u115f|\u1160|\u3164|\uffa0/gu;

export function pieces(given: string): readonly Piece[] {
  const text = given.replaceAll(hiddenByServer, '•••');
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), hidden: false });
    found.push({ text: codePoint(match[0]), hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), hidden: false });
  return found;
}

/** No more than so many characters, and no half of a pair at the end. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
