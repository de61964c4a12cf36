import type { AudienceRequestSettings, AudienceSession } from '../../core/audience.ts';
import type { EncodedChange } from '../../core/encoded-change.ts';

/** A change on its way, with `item`: what its end is reported to. */
export interface QueuedChange<T> {
  readonly change: EncodedChange;
  readonly settings: AudienceRequestSettings;
  /** Whose token: rows of two destinations never share a request. */
  readonly destination: string;
  readonly item: T;
}

/** All changes of one user in a flush, oldest first. The last one is sent, and the others end with it. */
export type ChangesOfUser<T> = readonly QueuedChange<T>[];

/** Changes that are sent before anything newer: in no two of them does one user, or one identifier, both join and leave. */
export interface Flush<T> {
  readonly users: readonly ChangesOfUser<T>[];
  /** Given by the user. */
  readonly session?: AudienceSession;
}

/** Pending changes of one audience, in order, as the flushes that they will be sent in. */
export interface FlushQueue<T> {
  add(change: QueuedChange<T>): void;
  /** The changes of a list that is sent as it is, as a replacement or in a session of the user's: a flush of its own. */
  addWhole(changes: readonly QueuedChange<T>[], session?: AudienceSession): void;
  /** Takes the oldest flush, also one that could still grow. */
  take(): Flush<T> | undefined;
  /** Takes out the users whose last change is one that `which` is true for, with the changes that it covers. */
  takeOut(which: (queued: QueuedChange<T>) => boolean): readonly ChangesOfUser<T>[];
  /** Changes, the covered ones too. */
  size(): number;
  /** Rows of the oldest flush. */
  rows(): number;
  /** The oldest flush can't grow any more. */
  closed(): boolean;
}

/**
 * Coalesces: within a flush the last change of a user wins. A change that shares an identifier with an opposite change
 * of another user may be about the same person, so it starts the next flush, and so does all that comes after it:
 * nothing ever overtakes.
 */
export function createFlushQueue<T>(): FlushQueue<T> {
  let flushes: OpenFlush<T>[] = [];
  let size = 0;

  return {
    add(queued) {
      let last = flushes.at(-1);
      if (last === undefined || !last.takes(queued.change)) {
        last = openFlush<T>(false);
        flushes.push(last);
      }
      last.add(queued);
      size += 1;
    },
    addWhole(changes, session) {
      if (changes.length === 0) return;
      const flush = openFlush<T>(true, session);
      for (const change of changes) flush.add(change);
      flushes.push(flush);
      size += changes.length;
    },
    take() {
      const flush = flushes.shift()?.end();
      size -= flush?.users.reduce((sum, changes) => sum + changes.length, 0) ?? 0;
      return flush;
    },
    takeOut(which) {
      const taken = flushes.flatMap((flush) => flush.takeOut(which));
      flushes = flushes.filter((flush) => flush.rows() > 0);
      size -= taken.flat().length;
      return taken;
    },
    size: () => size,
    rows: () => flushes[0]?.rows() ?? 0,
    closed: () => flushes.length > 1 || flushes[0]?.sealed === true,
  };
}

interface OpenFlush<T> {
  readonly sealed: boolean;
  takes(change: EncodedChange): boolean;
  add(queued: QueuedChange<T>): void;
  takeOut(which: (queued: QueuedChange<T>) => boolean): readonly ChangesOfUser<T>[];
  rows(): number;
  end(): Flush<T>;
}

function openFlush<T>(sealed: boolean, session?: AudienceSession): OpenFlush<T> {
  const users = new Map<string, QueuedChange<T>[]>();
  /** In which changes, of those that will be sent, an identifier is. Mostly in one: a list for each would cost more. */
  const holders = new Map<string, EncodedChange | readonly EncodedChange[]>();
  let rows = 0;

  function forget(change: EncodedChange): void {
    rows -= change.rows.length;
    for (const identifier of change.identifiers) {
      const others = holdersOf(identifier).filter((holder) => holder !== change);
      setHolders(identifier, others);
    }
  }

  function holdersOf(identifier: string): readonly EncodedChange[] {
    const found = holders.get(identifier);
    if (found === undefined) return [];
    return 'user' in found ? [found] : found;
  }

  function setHolders(identifier: string, changes: readonly EncodedChange[]): void {
    const [only, second] = changes;
    if (only === undefined) holders.delete(identifier);
    else holders.set(identifier, second === undefined ? only : changes);
  }

  function contradicts(change: EncodedChange, other: EncodedChange): boolean {
    return change.user !== other.user && change.operation !== other.operation;
  }

  return {
    sealed,
    takes(change) {
      if (sealed) return false;
      return !change.identifiers.some((identifier) => {
        const found = holders.get(identifier);
        if (found === undefined) return false;
        return 'user' in found ? contradicts(found, change) : found.some((holder) => contradicts(holder, change));
      });
    },
    add(queued) {
      const { change } = queued;
      const earlier = users.get(change.user);
      const covered = earlier?.at(-1);
      if (covered !== undefined) forget(covered.change);
      if (earlier === undefined) users.set(change.user, [queued]);
      else earlier.push(queued);
      rows += change.rows.length;
      for (const identifier of change.identifiers) {
        if (holders.has(identifier)) setHolders(identifier, [...holdersOf(identifier), change]);
        else holders.set(identifier, change);
      }
    },
    takeOut(which) {
      const taken: ChangesOfUser<T>[] = [];
      for (const [user, changes] of users) {
        const last = changes.at(-1);
        if (last === undefined || !which(last)) continue;
        users.delete(user);
        forget(last.change);
        taken.push(changes);
      }
      return taken;
    },
    rows: () => rows,
    end: () => ({ users: [...users.values()], ...(session !== undefined && { session }) }),
  };
}
