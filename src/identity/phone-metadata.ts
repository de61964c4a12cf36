import { createRequire } from 'node:module';

type Metadata = typeof import('libphonenumber-js/max');

let metadata: Metadata | undefined;

/** A phone number as libphonenumber-js reads it. */
export interface PhoneNumber {
  /** Digits of the international number. */
  readonly digits: string;
  /** The number's length fits the country. */
  readonly possible: boolean;
  /** The number's digits fit what the country has assigned. */
  readonly valid: boolean;
}

/**
 * Reads a number in international form (`+…`), or in that of the country (alpha-2, lower case); undefined when it is
 * none, or nothing is known about the country. The metadata takes tens of milliseconds to load, so the first call
 * loads it, and a deployment without a country never does.
 */
export function parsePhone(text: string, country: string): PhoneNumber | undefined {
  const { parsePhoneNumberFromString, isSupportedCountry } = load();
  const code = country.toUpperCase();
  const number = isSupportedCountry(code) ? parsePhoneNumberFromString(text, code) : undefined;
  if (number === undefined) return undefined;
  return { digits: number.number.slice(1), possible: number.isPossible(), valid: number.isValid() };
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
