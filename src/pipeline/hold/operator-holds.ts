import type { Destination } from '../../core/subscription.ts';
import type { HeldItem, HeldWork } from './held-work.ts';

/** Destinations that a person has paused: what is new for them waits here, in order, in front of their lanes. */
export interface OperatorHolds extends HeldWork {
  /** These are the destinations from now on. What another one holds goes; if it comes back, it is held again. */
  configure(destinations: readonly Destination[]): void;
  /** @param since By the monotonic clock. */
  hold(destination: string, since: number): void;
  release(destination: string): void;
  /** Undefined: it isn't held. */
  of(destination: string): OperatorHold | undefined;
  /** Takes the item if its destination is held. False: it may go. */
  take(destination: string, item: () => HeldItem): boolean;
}

/** What a person has asked for of a destination. */
export interface OperatorHold {
  /** By the monotonic clock. */
  readonly since: number;
  /** Deliveries and changes that wait. */
  readonly waiting: number;
}

interface Hold {
  readonly since: number;
  items: HeldItem[];
}

export function createOperatorHolds(): OperatorHolds {
  const holds = new Map<string, Hold>();
  /** Of destinations that are gone: since when they were held. */
  const gone = new Map<string, number>();

  /** Takes out the items that `which` is true for, and ends them. */
  function end(which: (item: HeldItem) => boolean, how: (item: HeldItem) => void): void {
    for (const hold of holds.values()) {
      const ended = hold.items.filter(which);
      hold.items = hold.items.filter((item) => !which(item));
      for (const item of ended) how(item);
    }
  }

  function hold(destination: string, since: number): void {
    if (!holds.has(destination)) holds.set(destination, { since, items: [] });
  }

  function release(destination: string): void {
    gone.delete(destination);
    const items = holds.get(destination)?.items ?? [];
    holds.delete(destination);
    for (const item of items) item.go();
  }

  return {
    configure(destinations) {
      const names = new Set(destinations.map(({ name }) => name));
      for (const [name, { since }] of [...holds]) {
        if (names.has(name)) continue;
        release(name);
        gone.set(name, since);
      }
      for (const [name, since] of [...gone]) {
        if (!names.has(name)) continue;
        gone.delete(name);
        hold(name, since);
      }
    },
    hold,
    release,
    of(destination) {
      const hold = holds.get(destination);
      return hold && { since: hold.since, waiting: hold.items.length };
    },
    take(destination, item) {
      const hold = holds.get(destination);
      hold?.items.push(item());
      return hold !== undefined;
    },
    // What a person has paused goes on when a person resumes it, not when something else was fixed.
    resume: () => undefined,
    writeDeadLetters: () => undefined,
    rejectHeld(which, failure) {
      end(
        ({ pending }) => which(pending.record),
        (item) => item.reject?.(failure),
      );
    },
    purge() {
      end(
        ({ pending }) => pending.abandoned,
        (item) => item.drop(),
      );
    },
    held: () => [...holds.values()].reduce((sum, { items }) => sum + items.length, 0),
    blockages: () => [],
  };
}
