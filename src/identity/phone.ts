import { countryCode } from './country.ts';
import { certainInternational, certainNumber } from './national-phone.ts';
import { wholeNumberText } from './number-text.ts';
import type { IdentityOptions } from './options.ts';
import { callingCode, type PhoneNumber, parsePhone } from './phone-metadata.ts';
import {
  digitsOf,
  longestPhone,
  ofGoodLength,
  ordinaryPhone,
  startsWithPlus,
  type WrittenPhone,
  withoutLeadingZeros,
  writtenPhone,
} from './phone-text.ts';
import { renumbered, renumberedInside } from './renumbered.ts';

/** A number that comes with its country's code, as most are written. */
const international = /^\+[1-9][\d .-]*(?:\([1-9]\d*\)[\d .-]*)?$/;
/** A number with a fraction: nobody writes one or two digits behind a point so far to the right. */
const fraction = /^\s*\+?\d{7,}[.,]\d{1,2}\s*$/;
/** The zero of calls inside the country, in brackets behind the country's code. */
const trunkZero = /^(.*\d.*)\(\s*0\s*\)/;

/**
 * Phone. Meta, customer information parameters: no symbols, no letters, no leading zeros; the country code must be
 * there. Meta's software drops whatever is no digit, which makes other numbers of some, so a number is read by
 * libphonenumber's rules of its country, or left out:
 *
 * - with `+` or `00`: what it is by those rules (a zero behind the country's code goes only where the country drops
 *   it); what was a number before its country changed them all is the one that it is now; what is of no assigned range
 *   goes by its digits, unless its length or a zero is against the country's rules;
 * - without them, and with a country: as a number that has the country's code already, else read in that country, else
 *   as one that has another country's code;
 * - without any country: the digits, which Meta won't match without the code.
 *
 * With a country the result may change when it is normalized once more: the digits of a foreign number, without its
 * `+`, can be a number of that country as well.
 */
export function normalizePhone(given: string, options: IdentityOptions): string | undefined {
  if (given.length > longestPhone) return undefined;
  // A point may be that of a fraction.
  if (international.test(given) && !given.includes('.')) {
    const certain = certainInternational(digitsOf(given));
    if (certain !== undefined) return ofGoodLength(certain);
  }
  const whole = wholeNumberText(given);
  if (whole === undefined || fraction.test(whole)) return undefined;
  const phone = writtenPhone(whole);
  const { text, digits, otherScript } = phone;
  const country = countryCode(options.country) ?? countryCode(options.defaultCountry);
  if (startsWithPlus(text)) return otherScript ? valid(parsePhone(text.replace('＋', '+'))) : withPlus(phone);
  if (digits.startsWith('00')) {
    // Some countries dial more than 00 before a number of another one.
    const abroad = country === undefined ? undefined : parsePhone(text, country);
    return valid(abroad) ?? withCode(withoutLeadingZeros(digits), text);
  }
  if (country !== undefined) return national(phone, country);
  return otherScript ? undefined : unplaced(phone);
}

function valid(number: PhoneNumber | undefined): string | undefined {
  return number?.valid ? ofGoodLength(number.digits) : undefined;
}

function withPlus({ text, digits }: WrittenPhone): string | undefined {
  if (!digits.startsWith('0')) return withCode(digits, text);
  // No country's code starts with a zero: `+0049` is meant, and `+01` can't be told.
  return digits.startsWith('00') ? withCode(withoutLeadingZeros(digits), text) : undefined;
}

/** A number with its country's code, whose digits are `digits` as `text` is written. */
function withCode(digits: string, text: string): string | undefined {
  const certain = certainInternational(digits);
  if (certain !== undefined) return ofGoodLength(certain);
  const number = parsePhone(`+${digits}`);
  if (number?.valid) return valid(number);
  const now = certainNow(renumbered(digits));
  if (now !== undefined) return now;
  const dropped = withoutTrunkZero(text);
  const other = dropped === undefined ? undefined : parsePhone(`+${dropped}`);
  if (other?.valid) return valid(other);
  // A code that no country has: nothing is known, and nothing can be wrong.
  if (number === undefined) return ofGoodLength(dropped ?? digits);
  return lawful(number) ?? lawful(other);
}

/** The present digits of a former number, if somebody can have it. */
function certainNow(digits: string | undefined): string | undefined {
  return digits === undefined ? undefined : certainInternational(digits);
}

/** The digits of a number that no range is assigned to yet, which may be a newer one than the rules. */
function lawful(number: PhoneNumber | undefined): string | undefined {
  return number?.possible && !number.national.startsWith('0') ? ofGoodLength(number.digits) : undefined;
}

/** The digits of `+34 (0)912 345 678` without that zero. */
function withoutTrunkZero(text: string): string | undefined {
  const before = trunkZero.exec(text);
  if (before === null) return undefined;
  return withoutLeadingZeros(digitsOf((before[1] ?? '') + text.slice(before[0].length)));
}

/** A number without `+` of somebody in a country (alpha-2, lower case). */
function national({ text, digits, otherScript }: WrittenPhone, country: string): string | undefined {
  const certain = ordinaryPhone.test(text) ? certainNumber(digits, country) : undefined;
  if (certain !== undefined) return ofGoodLength(certain);
  const number = parsePhone(text, country);
  const own = otherScript ? undefined : withOwnCode(digits, country);
  if (own?.valid && (own.isMobile() || !(number?.valid && number.isMobile()))) return valid(own);
  if (number?.valid) return valid(number);
  if (otherScript) return lawful(number);
  const former = certainNow(renumberedInside(digits, callingCode(country)));
  if (former !== undefined) return former;
  const foreign = digits.startsWith('0') ? undefined : parsePhone(`+${digits}`);
  // They may start with what is dialled before a number of another country.
  const dialled = number !== undefined && digits.endsWith(number.digits) ? number.digits : digits;
  return valid(foreign) ?? certainNow(renumbered(dialled)) ?? lawful(number);
}

/**
 * The number as Meta asks for it: the country's code and the rest, digits only. The library reads some of these as numbers
 * of an area that is called like the code.
 */
function withOwnCode(digits: string, country: string): PhoneNumber | undefined {
  const code = callingCode(country);
  return code !== undefined && digits.startsWith(code) ? parsePhone(`+${digits}`, country) : undefined;
}

/** A number of which nobody knows the country: its digits, unless a `(0)` behind a country's code shows where it is. */
function unplaced({ text, digits }: WrittenPhone): string | undefined {
  if (!digits.startsWith('0') && trunkZero.test(text)) {
    const number = valid(parsePhone(`+${digits}`)) ?? valid(parsePhone(`+${withoutTrunkZero(text)}`));
    if (number !== undefined) return number;
  }
  // There are no longer numbers, so this is one of Mexico; shorter ones may be of other countries.
  const now = digits.startsWith('521') ? certainNow(renumbered(digits)) : undefined;
  return now ?? ofGoodLength(withoutLeadingZeros(digits));
}
