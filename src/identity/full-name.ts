import { longestValue } from '../core/identifier-limits.ts';
import { isJunk } from './junk.ts';

/** The parts of a full name, as the fields `fn` and `ln` take them. */
export interface NameParts {
  readonly first?: string;
  readonly last?: string;
}

const titles: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx dr prof sir herr frau mme mlle signor signora senor senora'.split(' '),
);
const suffixes: ReadonlySet<string> = new Set('jr sr ii iii iv md phd esq'.split(' '));
const blanks = /[\s\u200b]+/;
/** An address, an account, a number. */
const noName = /[@\d_/\\<>{}]/;
const familyFirst = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * First and last name of a full name, as Segment's libraries split a `name`: the first word, and all others. A family
 * name before a comma, or in Chinese, Japanese and Korean, comes first; titles (`Dr.`) and suffixes (`Jr.`) are none of
 * both. Undefined for what is nobody's name, or where nobody can tell.
 */
export function splitName(text: string): NameParts | undefined {
  if (text.length > longestValue) return undefined;
  const name = text.trim();
  if (name === '' || noName.test(name) || isJunk(name, true)) return undefined;
  const [before = '', ...behind] = name.split(',').map((part) => part.trim());
  const given = behind.filter((part) => !isSuffix(part));
  if (given.length > 1) return undefined;
  const [first] = given;
  if (first !== undefined) return first === '' || before === '' ? undefined : { first, last: before };
  return splitWords(before.split(blanks));
}

function splitWords(all: readonly string[]): NameParts | undefined {
  const start = all.findIndex((word) => !titles.has(bare(word)));
  const words = start === -1 ? [] : all.slice(start);
  while (words.length > 2 && isSuffix(words.at(-1) ?? '')) words.pop();
  const [first, ...others] = words;
  if (first === undefined) return undefined;
  const rest = others.join(' ');
  if (familyFirst.test(first)) return rest === '' ? undefined : { first: rest, last: first };
  if (rest !== '') return { first, last: rest };
  return start > 0 ? { last: first } : { first };
}

function isSuffix(word: string): boolean {
  return suffixes.has(bare(word));
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll('.', '').normalize('NFD').replace(/\p{M}/gu, '');
}
