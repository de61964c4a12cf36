import { asciiFoundBy, keptAscii } from './ascii.ts';

const others = /[^a-z0-9]+/g;
const letter = /[a-z]/;
const asciiOthers = asciiFoundBy(others);

/**
 * City. Meta's pages contradict each other on special characters (customer information parameters keeps them as
 * UTF-8, custom audiences forbids them), so this is what Meta's parameter builder does: a to z and digits stay, an
 * accented letter goes as a whole. NFC makes sure of the latter. Digits alone are a postal code at the wrong place, or
 * somebody's key of the city.
 */
export function normalizeCity(text: string): string | undefined {
  const city = latinCity(text);
  return city !== undefined && letter.test(city) ? city : undefined;
}

/** What is left of a city's name. */
export function latinCity(text: string): string | undefined {
  const lower = text.toLowerCase();
  const city = keptAscii(lower, asciiOthers) ?? lower.normalize('NFC').replace(others, '');
  return city === '' ? undefined : city;
}
