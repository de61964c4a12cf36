/**
 * What a terminal obeys instead of showing: control characters but tab and newline, and those that turn the direction of
 * text (Unicode TR 36, "bidirectional text spoofing").
 */
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Writes them as JSON would escape them, so that JSON stays JSON of the same value. */
export function visible(text: string): string {
  return text.replace(obeyed, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
