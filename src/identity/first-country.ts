import { countryNamed } from './country.ts';

/** By the first rules a country is the text as a whole: a name with its code in brackets was unknown. */
export function countryCode(country: string | undefined): string | undefined {
  return country === undefined ? undefined : countryNamed(country);
}
