import { countryTable } from './country-table.ts';
import { latinKey } from './latin-key.ts';
import { letterPairIndex, letterPairs } from './letter-pairs.ts';

/** ISO 3166-1 alpha-2, of every spelling that has only letters: codes, alpha-3 codes, names. */
const codes = new Map<string, string>();
for (const line of countryTable.trim().split('\n')) {
  const [code = '', alpha3 = '', ...words] = line.split(' ');
  codes.set(code, code).set(alpha3, code);
  for (const name of words.join(' ').split(';')) codes.set(latinKey(name) ?? '', code);
}
codes.delete('');
/** Reserved in ISO 3166-1 for the United Kingdom and widely used for it. */
codes.set('uk', 'gb');

/** The same for every pair of letters, which is what most events have. */
const codesOfPairs = letterPairs.map((pair) => codes.get(pair));

/** `United States (US)` and `US (United States)` */
const withCode = /^([^()]+)\(\s*([a-z]{2,3})\s*\)$/i;
const behindCode = /^([a-z]{2,3})\s*\(([^()]+)\)$/i;
const inverted = /^([^,(]+)[,(]([^,()]+)\)?$/;
const longest = 100;
const article = 'the';

/**
 * Country. Meta, customer information parameters: ISO 3166-1 alpha-2, lower case. Names and alpha-3 codes become
 * alpha-2, as in Meta's parameter builder; it cuts what it doesn't know to two letters, which makes another country
 * of it, so an unknown country is omitted here.
 */
export function normalizeCountry(text: string): string | undefined {
  return countryNamed(text) ?? nameWithCode(text);
}

/** The country that is the text as a whole. */
export function countryNamed(text: string): string | undefined {
  if (text.length > longest) return undefined;
  const pair = letterPairIndex(text);
  const known = pair < 0 ? codes.get(text.trim().toLowerCase()) : codesOfPairs[pair];
  if (known !== undefined) return known;
  const key = latinKey(text);
  if (key === undefined) return undefined;
  return codes.get(key) ?? withoutArticle(key) ?? turnedRound(text);
}

/** The code counts, unless the name is that of another country. */
function nameWithCode(text: string): string | undefined {
  const trimmed = text.length > longest ? '' : text.trim();
  const [, behind = '', inside = ''] = withCode.exec(trimmed) ?? [];
  const [, code = inside, name = behind] = behindCode.exec(trimmed) ?? [];
  const known = codes.get(code.toLowerCase());
  const named = known === undefined ? undefined : countryNamed(name);
  return named === undefined || named === known ? known : undefined;
}

/** `The Gambia` */
function withoutArticle(key: string): string | undefined {
  return key.startsWith(article) ? codes.get(key.slice(article.length)) : undefined;
}

/** `Iran, Islamic Republic of` and `Iran (Islamic Republic of)` */
function turnedRound(text: string): string | undefined {
  const [, name, rest] = inverted.exec(text.trim()) ?? [];
  const key = name === undefined ? undefined : latinKey(`${rest} ${name}`);
  return key === undefined ? undefined : (codes.get(key) ?? withoutArticle(key));
}

/** The alpha-2 code of a country that comes along as context; undefined when there is none or nobody knows it. */
export function countryCode(country: string | undefined): string | undefined {
  return country === undefined ? undefined : normalizeCountry(country);
}
