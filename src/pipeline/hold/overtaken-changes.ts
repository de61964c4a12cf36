import { coveringKeys, ownKeys } from '../../core/covering-keys.ts';
import type { AudienceWork } from '../route/audience-work.ts';

/**
 * Changes of audiences that are held while those of other subscriptions or destinations go on: when they go at last, they must
 * not undo what the same people have done since.
 */
export interface OvertakenChanges {
  /** The work is held. */
  hold(work: AudienceWork): void;
  /** A work goes that wasn't held. */
  passed(work: AudienceWork): void;
  /** The work is held no longer, and goes: what is still wanted of it. */
  release(work: AudienceWork): AudienceWork;
  /** The work is held no longer, and doesn't go. */
  drop(work: AudienceWork): void;
}

interface Seen {
  /** Changes that are held and would be covered by one that is seen by this key. */
  waiting: number;
  /** The newest of those. */
  last: number;
}

export function createOvertakenChanges(): OvertakenChanges {
  /** What is held, by the order in which it came. */
  const held = new Map<AudienceWork, number>();
  /** By the keys of what is held: what else goes leaves nothing here. */
  const seen = new Map<string, Seen>();
  /** Of what was released: it may be held again. */
  const released = new WeakMap<AudienceWork, number>();
  let sequence = 0;

  function orderOf(work: AudienceWork): number {
    sequence += 1;
    return released.get(work) ?? sequence;
  }

  function* keysOf({ updates }: AudienceWork): Generator<string> {
    for (const { target, changes } of updates) for (const change of changes) yield* coveringKeys(target, change).flat();
  }

  function note(work: AudienceWork, order: number): void {
    // What comes back from a parking partition is older than it looks.
    if (held.size === 0 || work.pending.parked !== undefined) return;
    for (const { target, changes } of work.updates) {
      for (const change of changes) {
        for (const key of ownKeys(target, change)) {
          const known = seen.get(key);
          if (known !== undefined) known.last = Math.max(known.last, order);
        }
      }
    }
  }

  /** @returns When it came. */
  function forget(work: AudienceWork): number {
    const order = held.get(work) ?? 0;
    held.delete(work);
    for (const key of keysOf(work)) {
      const known = seen.get(key);
      if (known === undefined) continue;
      known.waiting -= 1;
      if (known.waiting === 0) seen.delete(key);
    }
    return order;
  }

  return {
    hold(work) {
      held.set(work, orderOf(work));
      for (const key of keysOf(work)) {
        const known = seen.get(key);
        if (known === undefined) seen.set(key, { waiting: 1, last: 0 });
        else known.waiting += 1;
      }
    },
    passed: (work) => note(work, orderOf(work)),
    release(work) {
      const order = held.get(work) ?? 0;
      const isBehind = (key: string) => (seen.get(key)?.last ?? 0) > order;
      const updates = work.updates.map((update) => ({
        ...update,
        changes: update.changes.filter(
          (change) => !coveringKeys(update.target, change).some((keys) => keys.every(isBehind)),
        ),
      }));
      note(work, forget(work));
      const isWhole = updates.every(({ changes }, at) => changes.length === work.updates[at]?.changes.length);
      const wanted = isWhole ? work : { ...work, updates: updates.filter(({ changes }) => changes.length > 0) };
      released.set(wanted, order);
      return wanted;
    },
    drop: (work) => void forget(work),
  };
}
