const digitZero = 0x30;
const digitNine = 0x39;
const letterA = 0x61;
const letterZ = 0x7a;
const caseBit = 0x20;
const firstBeyond = 0x80;

/** True when the text is ASCII only: NFC leaves it as it is. A loop, as every identifier of every event passes here. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) >= firstBeyond) return false;
  }
  return true;
}

/** True when the text starts with a letter a to z, in either case, or a digit 0 to 9. */
export function startsWithLatinOrDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  const lower = code | caseBit;
  return (code >= digitZero && code <= digitNine) || (lower >= letterA && lower <= letterZ);
}
