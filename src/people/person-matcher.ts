import type { DeadLetter } from '../core/dead-letter.ts';
import { hashesOf } from './person-hashes.ts';
import { personKey } from './person-key.ts';
import { type ReadOtherValue, textsOf } from './record-texts.ts';

/** Somebody who is looked for, by everything that is known of them. */
export interface SoughtPerson {
  /** As Meta knows them. */
  readonly hashes: readonly string[];
  /** Ids that can be nothing else: found wherever they stand by themselves. */
  readonly ids: readonly string[];
}

export interface MatcherOptions {
  readonly readOther: ReadOtherValue;
  readonly countries: readonly string[];
}

/** Which of the people a record, and its letter, is about: their places in the list. */
export type PersonMatcher = (letter: Pick<DeadLetter, 'record' | 'people'>) => ReadonlySet<number>;

export function createPersonMatcher(people: readonly SoughtPerson[], options: MatcherOptions): PersonMatcher {
  const byHash = places(people, ({ hashes }) => hashes);
  const byKey = places(people, ({ hashes }) => hashes.map(personKey));
  const byId = places(people, ({ ids }) => ids);
  return ({ record, people: keys = [] }) => {
    const found = new Set<number>();
    const add = (at: readonly number[] = []) => {
      for (const place of at) found.add(place);
    };
    for (const key of keys) add(byKey.get(key));
    // Also where there are keys: they are those of the first people only, and letters of earlier versions have none.
    for (const text of textsOf(record, options.readOther)) {
      add(byId.get(text.text.trim()));
      for (const hash of hashesOf(text, options.countries)) add(byHash.get(hash));
    }
    return found;
  };
}

/** Two people of a list may share an address. */
function places(
  people: readonly SoughtPerson[],
  valuesOf: (person: SoughtPerson) => readonly string[],
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [place, person] of people.entries()) {
    for (const value of new Set(valuesOf(person))) {
      const known = found.get(value);
      if (known === undefined) found.set(value, [place]);
      else known.push(place);
    }
  }
  return found;
}
