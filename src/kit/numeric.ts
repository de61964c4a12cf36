import { digitsEnd } from '../core/digits.ts';

/**
 * The number that a text is, or undefined. A sign, digits, one point and an exponent, and nothing else: no blanks, no
 * thousands separators, no currency signs, no hexadecimal, nothing that overflows.
 */
export function numberOfText(text: string): number | undefined {
  if (!isDecimal(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function isDecimal(text: string): boolean {
  let at = isSign(text.charCodeAt(0)) ? 1 : 0;
  const whole = digitsEnd(text, at);
  let digits = whole - at;
  at = whole;
  if (text.charCodeAt(at) === 46) {
    const fraction = digitsEnd(text, at + 1);
    digits += fraction - at - 1;
    at = fraction;
  }
  if (digits === 0) return false;
  return at === text.length || isExponent(text, at);
}

function isExponent(text: string, start: number): boolean {
  if ((text.charCodeAt(start) | 32) !== 101) return false;
  const at = isSign(text.charCodeAt(start + 1)) ? start + 2 : start + 1;
  return at < text.length && digitsEnd(text, at) === text.length;
}

function isSign(code: number): boolean {
  return code === 43 || code === 45;
}
