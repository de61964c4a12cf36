import { countryCode } from './country.ts';
import type { IdentityOptions } from './options.ts';

const separators = /[\s\p{Pd}\u2212]+/gu;
const zipPlusFour = /^\d{5}[\s\p{Pd}\u2212]+\d{4}$/u;
const firstFive = /^.{5}/su;

/**
 * Postal code. Meta, customer information parameters: lower case, no white space, no dash, the first five in the US.
 * Without a country only the form of a ZIP+4 tells that it is one. Leading zeros that a number has lost are not put
 * back: nobody knows how many there were.
 */
export function normalizeZip(text: string, options: IdentityOptions): string | undefined {
  const code = text.toLowerCase().replace(separators, '');
  if (code === '') return undefined;
  const country = countryCode(options.country);
  const american = country === 'us' || (country === undefined && zipPlusFour.test(text.trim()));
  return american ? (firstFive.exec(code)?.[0] ?? code) : code;
}
