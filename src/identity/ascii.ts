const digitZero = 0x30;
const digitNine = 0x39;
const letterA = 0x61;
const letterZ = 0x7a;
const caseBit = 0x20;
const firstBeyond = 0x80;

/** For `keptAscii`: the ASCII characters that the expression, of one character, finds. */
export function asciiFoundBy(expression: RegExp): Uint8Array {
  return Uint8Array.from({ length: firstBeyond }, (_, code) =>
    String.fromCharCode(code).search(expression) === 0 ? 1 : 0,
  );
}

/**
 * The text without the characters that `dropped` marks, as `replace` would leave it; undefined when not all of it is
 * ASCII. One pass: most texts have nothing to be dropped, or one character.
 */
export function keptAscii(text: string, dropped: Uint8Array): string | undefined {
  let kept = '';
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= firstBeyond) return undefined;
    if (dropped[code] === 0) continue;
    if (index > start) kept += text.slice(start, index);
    start = index + 1;
  }
  return start === 0 ? text : kept + text.slice(start);
}

/** True when a letter a to z, in either case, or a digit 0 to 9 is in the text: nearly always, and at once. */
export function hasLatinOrDigit(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const lower = code | caseBit;
    if ((code >= digitZero && code <= digitNine) || (lower >= letterA && lower <= letterZ)) return true;
  }
  return false;
}

export function isDigit(code: number): boolean {
  return code >= digitZero && code <= digitNine;
}

/** Where the run of digits ends that is at `start`. */
export function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}
