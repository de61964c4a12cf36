import { certainNumber } from './national-phone.ts';
import type { IdentityOptions } from './options.ts';
import { callingCode, parsePhone } from './phone-metadata.ts';
import {
  digitsOf,
  longestPhone,
  ofGoodLength,
  ordinaryPhone,
  startsWithPlus,
  withoutLeadingZeros,
  writtenPhone,
} from './phone-text.ts';
import { countryCode } from './first-country.ts';

/** An international number as most are written: all its digits count. */
const international = /^\+[1-9][\d .-]*(?:\([1-9]\d*\)[\d .-]*)?$/;
const trunkZero = /\(\s*0\s*\)/;

/**
 * Phone by the first rules: an international number keeps its digits whatever they are, a `(0)` always goes, and a
 * number that can't be read in its country goes without the country's code.
 */
export function normalizePhone(given: string, options: IdentityOptions): string | undefined {
  if (given.length > longestPhone) return undefined;
  if (international.test(given)) return ofGoodLength(digitsOf(given));
  const { text, otherScript } = writtenPhone(given);
  const number = withoutTrunkZero(text);
  const digits = digitsOf(number);
  const national = !digits.startsWith('00') && !startsWithPlus(number);
  const withCode = national ? readNational(number, digits, options) : undefined;
  return ofGoodLength(withoutLeadingZeros(withCode ?? (otherScript ? '' : digits)));
}

/** `+44 (0)20 7946 0958` → `+44 20 7946 0958`; a zero in front of a national number stays for libphonenumber. */
function withoutTrunkZero(text: string): string {
  const start = text.search(trunkZero);
  if (start === -1) return text;
  const before = text.slice(0, start);
  const digits = digitsOf(before);
  const hasCode = startsWithPlus(before) ? digits !== '' : /^(?:00|[1-9])/.test(digits);
  return hasCode ? before + text.slice(start).replace(trunkZero, '') : text;
}

function readNational(text: string, digits: string, options: IdentityOptions): string | undefined {
  const country = countryCode(options.country) ?? countryCode(options.defaultCountry);
  if (country === undefined) return undefined;
  const certain = ordinaryPhone.test(text) ? certainNumber(digits, country, true) : undefined;
  if (certain !== undefined) return certain;
  const code = callingCode(country);
  if (code === undefined) return undefined;
  if (digits.startsWith(code) && parsePhone(`+${digits}`, country)?.valid) return digits;
  const number = parsePhone(text, country);
  if (number?.valid) return number.digits;
  if (parsePhone(`+${digits}`, country)?.valid) return digits;
  return number?.possible ? number.digits : undefined;
}
