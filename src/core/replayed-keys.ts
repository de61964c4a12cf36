import { createHash } from 'node:crypto';
import type { DeadLetter } from './dead-letter.ts';
import { deadLetterKey } from './dead-letter-key.ts';
import type { Replayed } from './replayed.ts';

/** Which dead letters were replayed. */
export interface ReplayedKeys {
  readonly size: number;
  of(deadLetter: DeadLetter): Replayed | undefined;
}

export interface GatheredKeys extends ReplayedKeys {
  add(key: string, mark: Replayed): void;
  delete(key: string): void;
  clear(): void;
}

/** Some 15 MB. Beyond it the oldest marks are forgotten: such dead letters are shown as open, and are not sent again all the same. */
const most = 100_000;
const digits = 16;

/** Gathers marks as they were written, the oldest first. */
export function createReplayedKeys(): GatheredKeys {
  /** By digits of the key's hash: keys are long. */
  const replayed = new Map<string, Replayed>();
  return {
    get size() {
      return replayed.size;
    },
    // Nothing is hashed for it, as long as nothing was replayed.
    of: (deadLetter) => (replayed.size === 0 ? undefined : replayed.get(short(deadLetterKey(deadLetter)))),
    add(key, mark) {
      const name = short(key);
      replayed.delete(name);
      replayed.set(name, mark);
      if (replayed.size <= most) return;
      const [oldest] = replayed.keys();
      if (oldest !== undefined) replayed.delete(oldest);
    },
    delete: (key) => void replayed.delete(short(key)),
    clear: () => replayed.clear(),
  };
}

function short(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, digits);
}
