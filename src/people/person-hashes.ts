import { columnNamed } from '../core/person-columns.ts';
import { readHash } from '../identity/already-hashed.ts';
import { sha256 } from '../identity/hash.ts';
import { hashIdentifier, normalize } from '../identity/identify.ts';
import type { RecordText } from './record-texts.ts';

const longest = 1000;
const address = /[^\s"'<>(),;:=&?]{1,64}(?:@|%40)[^\s"'<>(),;:=&?]{1,190}/g;
const anonymous = /^anonymous_?id$/i;

/**
 * The hashes by which Meta may know whom a text is about: of every e-mail address in it, of a phone number, an external
 * id or an advertising id where the member's name says that it is one, and the text itself where it is a hash.
 *
 * @param countries Where a phone number without a country may be from.
 */
export function* hashesOf({ name, text }: RecordText, countries: readonly string[]): Generator<string> {
  if (text.length > longest) return;
  const given = readHash(text.trim());
  if (given !== undefined) return yield given.hash;
  for (const [found] of text.matchAll(address)) {
    const hash = hashIdentifier('em', found.replace('%40', '@'));
    if (hash !== undefined) yield hash;
  }
  const column = columnNamed(name);
  if (column === 'ph') yield* phoneHashes(text, countries);
  if (column === 'madid') yield sha256((normalize('madid', text) ?? text).toLowerCase());
  if (column === 'external_id' || anonymous.test(name)) {
    const hash = hashIdentifier('external_id', text);
    if (hash !== undefined) yield hash;
  }
}

export function* phoneHashes(text: string, countries: readonly string[]): Generator<string> {
  for (const defaultCountry of [undefined, ...countries]) {
    const hash = hashIdentifier('ph', text, { defaultCountry });
    if (hash !== undefined) yield hash;
  }
}
