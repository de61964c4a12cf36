import { endOfDigits, isDigit } from './ascii.ts';

/** Where something stands in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const zero = 48;
const fourDigits = 4;
/** Digits of the shortest number. */
export const shortestCard = 14;
const longestCard = 19;

/**
 * The number of a card: 14 to 19 digits in one group, in groups of which the first has four, or in any groups that are
 * all there is. Other numbers may stand before it and behind it, as the number of an order and the month in which it
 * ends do.
 */
export function cardIn(text: string): Span | undefined {
  for (let index = 0; index < text.length; index += 1) {
    if (!isDigit(text.charCodeAt(index))) continue;
    const found = cardAt(text, index);
    if (found !== undefined) return found;
    index = endOfDigits(text, index);
  }
  return undefined;
}

/** The one that begins with the group of digits at `start`. */
function cardAt(text: string, start: number): Span | undefined {
  const first = endOfDigits(text, start) - start;
  const isUsual = first === fourDigits || first >= shortestCard;
  if (!isUsual && isBehindDigits(text, start)) return undefined;
  let digits = '';
  for (let index = start; digits.length < longestCard; ) {
    const end = endOfDigits(text, index);
    digits += text.slice(index, Math.min(end, index + longestCard + 1));
    const goesOn = isBehindDigits(text, end + 1) && isDigit(text.charCodeAt(end + 1));
    if ((isUsual || !goesOn) && isCard(digits)) return { start, end };
    if (!goesOn) return undefined;
    index = end + 1;
  }
  return undefined;
}

/** Behind a blank or a dash that has a digit before it. */
function isBehindDigits(text: string, index: number): boolean {
  const code = text.charCodeAt(index - 1);
  return (code === 32 || code === 45) && isDigit(text.charCodeAt(index - 2));
}

/** True for the number of a card, without blanks. Visa's of 13 digits are no more, and numbers of goods have as many. */
export function isCard(digits: string): boolean {
  const { length } = digits;
  return length >= shortestCard && length <= longestCard && isIssued(digits) && hasCheckDigit(digits);
}

function isIssued(digits: string): boolean {
  const two = Number(digits.slice(0, 2));
  const four = Number(digits.slice(0, 4));
  const { length } = digits;
  if (digits.startsWith('4')) return length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || (four >= 3000 && four <= 3059)) return length === 14;
  return length >= 16 && (two === 35 || two === 62 || two === 64 || two === 65 || four === 6011);
}

/** Luhn's formula. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - zero;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
