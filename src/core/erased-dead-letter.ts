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

/** What an erasure found in a topic of parked records, and took out. */
export interface ErasedParked {
  readonly read: number;
  readonly removed: number;
}

type Searched = Pick<DeadLetter, 'record' | 'people'>;

/** Whom an erasure looks for. */
export interface DeadLetterSearch {
  /** Fetches what reading the record needs. Before `concerns` is asked for the first time. */
  prepare(searched: Searched): Promise<void> | undefined;
  /** Whether the record, or what was noted with it, is about one of them. */
  concerns(searched: Searched): boolean;
}
