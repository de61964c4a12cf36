import { asciiFoundBy, keptAscii } from './ascii.ts';

const nonDigits = /\D+/g;
const asciiNonDigits = asciiFoundBy(/\D/);
/** Nothing here could be an extension or a digit of another script. */
const simple = /^[\d\s()+./-]*$/;
/** What stands between a number and its extension, the extension, and what closes it. */
const extension = /(?:ext(?:ension|n)?|extensión|xtn|x|#|poste|anexo|ramal|durchwahl|доб)\D{0,3}\d{1,7}\D*$/iu;
const plus = /^\D*[+＋]/;
const otherDigits = /[^\P{Nd}0-9]/u;
/** Meta gives no length: E.164 allows 15 digits, and no country has numbers of fewer than 7 with its code. */
const fewest = 7;
const most = 15;
/** Longer texts hold more than one phone number. */
export const longestPhone = 100;

/** Written as numbers usually are: there is one way only to take it. */
export const ordinaryPhone = /^[\d ().-]+$/;

/** A phone number as somebody wrote it, taken apart. */
export interface WrittenPhone {
  /** Without an extension. */
  readonly text: string;
  /** Its ASCII digits. */
  readonly digits: string;
  /** There are digits of another script. */
  readonly otherScript: boolean;
}

export function writtenPhone(given: string): WrittenPhone {
  if (simple.test(given)) return { text: given, digits: digitsOf(given), otherScript: false };
  const text = withoutExtension(given);
  return { text, digits: digitsOf(text), otherScript: otherDigits.test(text) };
}

export function digitsOf(text: string): string {
  return keptAscii(text, asciiNonDigits) ?? text.replace(nonDigits, '');
}

export function startsWithPlus(text: string): boolean {
  return text.startsWith('+') || plus.test(text);
}

export function withoutLeadingZeros(digits: string): string {
  return digits.startsWith('0') ? digits.replace(/^0+/, '') : digits;
}

export function ofGoodLength(phone: string): string | undefined {
  return phone.length >= fewest && phone.length <= most ? phone : undefined;
}

/** `+1 650 555 1212 ext. 12` → `+1 650 555 1212 ` */
function withoutExtension(text: string): string {
  const start = text.search(extension);
  if (start === -1) return text;
  const number = text.slice(0, start);
  return /\d/.test(number) ? number : text;
}
