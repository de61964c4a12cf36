import type { DeadLetter } from './dead-letter.ts';
import { replayCountHeader, valueOmittedHeader } from './dead-letter-key.ts';

/** Header of a letter whose record was about somebody who was erased. */
export const erasedHeader = 'meta-actions.erased';

/** The letter with its position and its reason, and nothing of its record. A replay leaves it out. */
export function withoutPeople({ eventId: _, people: __, ...letter }: DeadLetter): DeadLetter {
  const { replayCount } = letter;
  const headers = {
    [valueOmittedHeader]: 'true',
    [erasedHeader]: 'true',
    // As the letter is written, one is added to what the record says.
    ...(replayCount !== undefined && { [replayCountHeader]: String(replayCount - 1) }),
  };
  return { ...letter, record: { ...letter.record, key: null, value: null, headers } };
}

/** What an erasure found in a place of dead letters, and emptied. */
export interface ErasedDeadLetters {
  readonly read: number;
  readonly erased: number;
  /** Of those that were replayed: the keys that are gone with them. */
  readonly replayedKeys: number;
}

/** Whom an erasure looks for in letters. */
export interface DeadLetterSearch {
  /** Fetches what reading the letter's record needs. Before `concerns` is asked for the first time. */
  prepare(letter: DeadLetter): Promise<void> | undefined;
  /** Whether the letter is about one of them. */
  concerns(letter: DeadLetter): boolean;
}
