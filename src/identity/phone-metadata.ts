import { createRequire } from 'node:module';

type Metadata = typeof import('libphonenumber-js/max');

let metadata: Metadata | undefined;

/** A phone number as libphonenumber-js reads it. */
export interface PhoneNumber {
  /** Digits of the international number. */
  readonly digits: string;
  /** Those of them behind the country's calling code. */
  readonly national: string;
  /** The number's length fits the country. */
  readonly possible: boolean;
  /** The number's digits fit what the country has assigned. */
  readonly valid: boolean;
  isMobile(): boolean;
}

/**
 * Reads a number in international form (`+…`), or in that of the country (alpha-2, lower case); undefined when it is
 * none, or nothing is known about the country. The library takes tens of milliseconds to load, so the first call
 * loads it, and who has ordinary numbers only never does.
 */
export function parsePhone(text: string, country?: string): PhoneNumber | undefined {
  const { parsePhoneNumberFromString, isSupportedCountry } = load();
  const code = country?.toUpperCase();
  if (code !== undefined && !isSupportedCountry(code)) return undefined;
  const number = parsePhoneNumberFromString(text, code);
  if (number === undefined) return undefined;
  const { nationalNumber: national } = number;
  return {
    digits: number.number.slice(1),
    national,
    possible: number.isPossible(),
    valid: number.isValid(),
    isMobile: () => number.getType() === 'MOBILE',
  };
}

/** The calling code of a country (alpha-2, lower case), such as `49`. */
export function callingCode(country: string): string | undefined {
  const { getCountryCallingCode, isSupportedCountry } = load();
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? getCountryCallingCode(code) : undefined;
}

function load(): Metadata {
  metadata ??= createRequire(import.meta.url)('libphonenumber-js/max') as Metadata;
  return metadata;
}
