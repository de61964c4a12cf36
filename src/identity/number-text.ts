const whole = /^(\s*\+?\d+)[.,]0+\s*$/;
const exponent = /^\s*\d(?:[.,]\d+[eE]\+?|[eE]\+)\d{1,3}\s*$/;
const digitNine = 0x39;

/**
 * The text of something made of digits that a spreadsheet or a data frame took for a number once: `4915112345678.0`
 * loses its fraction of zeros. Undefined for `4.91512E+12`, whose digits are gone. Every other text as it is.
 */
export function wholeNumberText(text: string): string | undefined {
  // Nearly every text ends in a letter, or has neither point nor exponent.
  if (text.charCodeAt(text.length - 1) > digitNine) return text;
  if (!(text.includes('.') || text.includes(',') || text.includes('e+') || text.includes('E+'))) return text;
  const match = whole.exec(text);
  if (match !== null) return match[1];
  return exponent.test(text) ? undefined : text;
}
