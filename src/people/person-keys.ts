import type { DeadLetter } from '../core/dead-letter.ts';
import type { DeadLetterQueue } from '../core/ports.ts';
import { hashesOf } from './person-hashes.ts';
import { personKey } from './person-key.ts';
import { type ReadOtherValue, textsOf } from './record-texts.ts';

/** Of more people in one record the first are noted; the record itself has the others. */
const mostKeys = 64;
/** Nothing is to be held up by a record of a hundred thousand members. */
const mostTexts = 20_000;

export interface PersonKeysOptions {
  readonly readOther: ReadOtherValue;
  readonly countries: () => readonly string[];
}

/** Each letter is written with the keys of the people in its record, by which an erasure finds it. */
export function withPersonKeys(queue: DeadLetterQueue, options: PersonKeysOptions): DeadLetterQueue {
  /** The same one each time: where a write failed, the queue tells by that what it has written already. */
  const known = new WeakMap<DeadLetter, DeadLetter>();
  const keyed = (letter: DeadLetter): DeadLetter => {
    let written = known.get(letter);
    if (written === undefined) {
      const people = personKeysOf(letter, options);
      written = people.length === 0 ? letter : { ...letter, people };
      known.set(letter, written);
    }
    return written;
  };
  return { ...queue, write: (deadLetters) => queue.write(deadLetters.map(keyed)) };
}

function personKeysOf({ record }: DeadLetter, { readOther, countries }: PersonKeysOptions): readonly string[] {
  const hashes = new Set<string>();
  let texts = 0;
  for (const text of textsOf(record, readOther)) {
    for (const hash of hashesOf(text, countries())) hashes.add(hash);
    texts += 1;
    if (hashes.size >= mostKeys || texts >= mostTexts) break;
  }
  return [...hashes].slice(0, mostKeys).map(personKey);
}
