import { asciiFoundBy, keptAscii } from './ascii.ts';
import { countryCode } from './country.ts';
import { latinKey } from './latin-key.ts';
import { letterPairIndex, letterPairs } from './letter-pairs.ts';
import type { IdentityOptions } from './options.ts';
import { canadianProvinces, usStates } from './state-table.ts';

const codes = new Map<string, string>();
for (const line of `${usStates}${canadianProvinces}`.split('\n')) {
  const [code = '', ...words] = line.split(' ');
  for (const name of words.join(' ').split(';')) codes.set(latinKey(name) ?? '', code);
}
codes.delete('');

const asciiOthers = asciiFoundBy(/[^a-z]/i);
const nonLetters = /[^\p{L}\p{M}]|[\u20E3\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;
/** The dot that lower-casing İ leaves on the i. */
const strayDot = /i\u0307+/g;
const letter = /\p{L}/u;
const withCode = /^([^()]+)\(\s*([a-z]{2})\s*\)\s*$/i;
const withCountry = /^\s*([a-z]{2})[-_]([a-z0-9]{1,3})\s*$/i;
/** `State of New York`, `New York State` */
const affix = /^(?:stateof|provinceof|commonwealthof)|(?:state|province)$/;

/**
 * State or province. Meta, customer information parameters: the two-letter ANSI code in the US; elsewhere lower case
 * without punctuation, special characters and spaces. Names of US states and Canadian provinces become their codes, as
 * in Meta's parameter builder, unless the event comes from another country; the builder cuts every other state to two
 * letters, which makes another state of it, so here it stays whole.
 */
export function normalizeState(text: string, options: IdentityOptions): string | undefined {
  const pair = letterPairIndex(text);
  if (pair >= 0) return letterPairs[pair];
  const country = countryCode(options.country);
  const state = stateOf(withoutCountry(text, country), country);
  return state === undefined || state.length === 2 ? state : (nameWithCode(text, country) ?? state);
}

/** `California (CA)` */
function nameWithCode(text: string, country: string | undefined): string | undefined {
  const [, name = '', code = ''] = withCode.exec(text) ?? [];
  return code !== '' && stateOf(name, country) === code.toLowerCase() ? code.toLowerCase() : undefined;
}

/** ISO 3166-2, `US-CA`: without the country that the event comes from, or that says how the rest is read. */
function withoutCountry(text: string, country: string | undefined): string {
  const [, code = '', rest = ''] = withCountry.exec(text) ?? [];
  const known = code === '' ? undefined : countryCode(code);
  return known !== undefined && (country === undefined ? hasCodes(known) : known === country) ? rest : text;
}

function hasCodes(country: string): boolean {
  return country === 'us' || country === 'ca';
}

/** The state of a country (alpha-2, lower case). */
export function stateOf(text: string, country: string | undefined): string | undefined {
  const state = lettersOf(text);
  if (state === undefined || state.length === 2) return state;
  if (country !== undefined && !hasCodes(country)) return state;
  return codes.get(state) ?? codeOf(latinKey(state)) ?? state;
}

function codeOf(key: string | undefined): string | undefined {
  return key === undefined ? undefined : (codes.get(key) ?? codes.get(key.replace(affix, '')));
}

function lettersOf(text: string): string | undefined {
  const ascii = keptAscii(text, asciiOthers);
  if (ascii !== undefined) return ascii === '' ? undefined : ascii.toLowerCase();
  const lower = text.normalize('NFC').toLowerCase();
  const state = lower.replace(nonLetters, '').replace(strayDot, 'i').normalize('NFC');
  return letter.test(state) ? state : undefined;
}
