import { asciiFoundBy, keptAscii } from './ascii.ts';
import { countryCode } from './country.ts';
import { certainNumber } from './national-phone.ts';
import type { IdentityOptions } from './options.ts';
import { callingCode, parsePhone } from './phone-metadata.ts';

const nonDigits = /\D+/g;
const asciiNonDigits = asciiFoundBy(/\D/);
/** An international number as most are written: all its digits count. */
const international = /^\+[1-9][\d .-]*(?:\([1-9]\d*\)[\d .-]*)?$/;
/** Nothing here could be an extension or a digit of another script. */
const plain = /^[\d\s()+./-]*$/;
/** Written as numbers usually are: there is one way only to take it. */
const ordinary = /^[\d ().-]+$/;
/** What stands between a number and its extension, the extension, and what closes it. */
const extension = /(?:ext(?:ension|n)?|extensión|xtn|x|#|poste|anexo|ramal|durchwahl|доб)\D{0,3}\d{1,7}\D*$/iu;
const trunkZero = /\(\s*0\s*\)/;
const plusFirst = /^\D*[+＋]/;
const otherDigits = /[^\P{Nd}0-9]/u;
/** Meta gives no length: E.164 allows 15 digits, and no country has numbers of fewer than 7 with its code. */
const fewest = 7;
const most = 15;
/** Longer texts hold more than one phone number. */
const longestText = 100;

/**
 * Phone. Meta, customer information parameters: no symbols, no letters, no leading zeros; the country code must be
 * there. Meta's software never adds it, so a number without one is read with the country of the event, or else the
 * destination's. Digits of other scripts count only there; Meta's parameter builder drops them.
 *
 * With a country the result may change when it is normalized once more: the digits of a foreign number, without its
 * `+`, can be a number of that country as well.
 */
export function normalizePhone(text: string, options: IdentityOptions): string | undefined {
  if (text.length > longestText) return undefined;
  if (international.test(text)) return ofGoodLength(digitsOf(text));
  const simple = plain.test(text);
  const number = withoutTrunkZero(simple ? text : withoutExtension(text));
  const digits = digitsOf(number);
  const national = !number.startsWith('+') && !digits.startsWith('00') && !plusFirst.test(number);
  const withCode = national ? readNational(number, digits, options) : undefined;
  return ofGoodLength(withoutLeadingZeros(withCode ?? (simple || !otherDigits.test(number) ? digits : '')));
}

function digitsOf(text: string): string {
  return keptAscii(text, asciiNonDigits) ?? text.replace(nonDigits, '');
}

function ofGoodLength(phone: string): string | undefined {
  return phone.length >= fewest && phone.length <= most ? phone : undefined;
}

/** `+1 650 555 1212 ext. 12` → `+1 650 555 1212 ` */
function withoutExtension(text: string): string {
  const start = text.search(extension);
  if (start === -1) return text;
  const number = text.slice(0, start);
  return /\d/.test(number) ? number : text;
}

/** `+44 (0)20 7946 0958` → `+44 20 7946 0958`; a zero in front of a national number stays for libphonenumber. */
function withoutTrunkZero(text: string): string {
  const start = text.search(trunkZero);
  if (start === -1) return text;
  const before = text.slice(0, start);
  const digits = digitsOf(before);
  const international = plusFirst.test(before) ? digits !== '' : /^(?:00|[1-9])/.test(digits);
  return international ? before + text.slice(start).replace(trunkZero, '') : text;
}

function withoutLeadingZeros(digits: string): string {
  return digits.startsWith('0') ? digits.replace(/^0+/, '') : digits;
}

/**
 * The international digits of a number without `+`, by what is most certain: it already has the country's code; it is
 * a number of the country; it has another country's code; it has the length of a number of the country.
 */
function readNational(text: string, digits: string, options: IdentityOptions): string | undefined {
  const country = countryCode(options.country) ?? countryCode(options.defaultCountry);
  if (country === undefined) return undefined;
  const certain = ordinary.test(text) ? certainNumber(digits, country) : undefined;
  if (certain !== undefined) return certain;
  const code = callingCode(country);
  if (code === undefined) return undefined;
  if (digits.startsWith(code) && parsePhone(`+${digits}`, country)?.valid) return digits;
  const number = parsePhone(text, country);
  if (number?.valid) return number.digits;
  if (parsePhone(`+${digits}`, country)?.valid) return digits;
  return number?.possible ? number.digits : undefined;
}
