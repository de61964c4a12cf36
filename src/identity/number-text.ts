const whole = /^(\s*\+?\d+)[.,]0+\s*$/;
const exponent = /^\s*\d(?:[.,]\d+[eE]\+?|[eE]\+)\d{1,3}\s*$/;
const digitNine = 0x39;
const comma = 0x2c;
const point = 0x2e;
const letterE = 0x65;
const caseBit = 0x20;

/**
 * The text of something made of digits that a spreadsheet or a data frame took for a number once: `4915112345678.0`
 * loses its fraction of zeros. Undefined for `4.91512E+12`, whose digits are gone. Every other text as it is.
 */
export function wholeNumberText(text: string): string | undefined {
  if (!hasFractionOrExponent(text)) return text;
  const match = whole.exec(text);
  if (match !== null) return match[1];
  return exponent.test(text) ? undefined : text;
}

/** Nearly every text begins or ends with a letter, or has none of the characters: found out at once. */
function hasFractionOrExponent(text: string): boolean {
  if (text.charCodeAt(0) > digitNine || text.charCodeAt(text.length - 1) > digitNine) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === point || code === comma || (code | caseBit) === letterE) return true;
  }
  return false;
}
