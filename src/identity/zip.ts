import { asciiFoundBy, keptAscii } from './ascii.ts';
import { countryCode } from './country.ts';
import { wholeNumberText } from './number-text.ts';
import type { IdentityOptions } from './options.ts';

const asciiSeparators = asciiFoundBy(/[\s-]/);
const separators = /[\s\p{Pd}\u2212]+/gu;
const zipPlusFour = /^\d{5}[\s\p{Pd}\u2212]+\d{4}$/u;
const usLength = 5;

/** One character is none: Meta's parameter builder leaves it out. */
const shortest = 2;

/**
 * Postal code. Meta, customer information parameters: lower case, no white space, no dash, the first five in the US.
 * Without a country only the form of a ZIP+4 tells that it is one. Leading zeros that a number has lost are not put
 * back: nobody knows how many there were.
 */
export function normalizeZip(text: string, options: IdentityOptions): string | undefined {
  const whole = wholeNumberText(text);
  const code = whole === undefined ? undefined : zipOf(whole, countryCode(options.country));
  // What was taken out may have stood inside a number.
  const zip = code === undefined ? undefined : wholeNumberText(code);
  return zip === undefined || zip.length < shortest ? undefined : zip;
}

/** The postal code of a country (alpha-2, lower case). */
export function zipOf(text: string, country: string | undefined): string | undefined {
  const ascii = keptAscii(text, asciiSeparators);
  const code = ascii === undefined ? text.toLowerCase().replace(separators, '') : ascii.toLowerCase();
  if (code === '') return undefined;
  const american = country === 'us' || (country === undefined && zipPlusFour.test(text.trim()));
  if (!american) return code;
  return ascii !== undefined ? code.slice(0, usLength) : [...code].slice(0, usLength).join('');
}
