import type { DeadLetter } from './dead-letter.ts';
import type { ReplayedKeys } from './replayed-keys.ts';

/** Where a dead letter stands in its archive: the partition of the topic (0 of a file), and its offset there. */
export interface DeadLetterPlace {
  readonly partition: number;
  readonly offset: number;
}

/** How far an archive was looked through, backwards: of each partition what is below is still to come. */
export type DeadLetterCursor = ReadonlyMap<number, number>;

/** What was made of a dead letter that was chosen. */
export interface ChosenDeadLetter<T> {
  readonly place: DeadLetterPlace;
  /** When it was written. */
  readonly at: number;
  readonly chosen: T;
}

/** A stretch of a partition, looked at from its end to its beginning. */
export interface ReadBack<T> {
  /** The newest first. */
  readonly letters: readonly ChosenDeadLetter<T>[];
  /** Everything from here on was looked at. */
  readonly from: number;
  readonly looked: number;
}

/** What is cheap to know of a dead letter: who isn't wanted by it need not be read. */
export interface DeadLetterOutline {
  readonly code: string;
  readonly destination: string | undefined;
  readonly subscription: string | undefined;
  readonly at: number;
  /** The record's. */
  readonly value: Buffer | null;
}

/** Looks at dead letters without reading them as a group: the newest first, and nothing is committed or marked. */
export interface DeadLetterBrowser {
  /** Of each partition the first offset that is there, and the end. */
  ranges(signal: AbortSignal): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>>;
  /**
   * Looks at about `most` dead letters before `end`, and keeps what `choose` makes of them; undefined: nothing. Never holds
   * more than a few megabytes of dead letters that were not chosen.
   */
  readBack<T>(
    partition: number,
    range: { readonly low: number; readonly end: number },
    most: number,
    choose: (deadLetter: DeadLetter, place: DeadLetterPlace) => T | undefined,
    signal: AbortSignal,
    mayChoose?: (outline: DeadLetterOutline) => boolean,
  ): Promise<ReadBack<T>>;
  /** Undefined: there is none. */
  find(place: DeadLetterPlace, signal: AbortSignal): Promise<DeadLetter | undefined>;
  /** Which of them were replayed, as of now. */
  replayedKeys(): Promise<ReplayedKeys>;
  close(): Promise<void>;
}
