import type { AudienceRequestSettings, AudienceSession } from '../../core/audience.ts';
import type { EncodedChange } from '../../core/encoded-change.ts';
import { textHash } from '../../core/text-hash.ts';
import { createHashIndex } from './hash-index.ts';
import { createIdentifierHolders } from './identifier-holders.ts';
import { createRowTexts } from './row-texts.ts';

/** A change on its way, with `item`: what its end is reported to. */
export interface QueuedChange<T> {
  readonly change: EncodedChange;
  readonly settings: AudienceRequestSettings;
  /** Whose token: rows of two destinations never share a request. */
  readonly destination: string;
  readonly item: T;
}

/** The earlier changes of a user that one makes up for, oldest first: they end with it. Of most there are none. */
export type CoveredChanges<T> = ReadonlyMap<QueuedChange<T>, readonly QueuedChange<T>[]>;

/** Changes that are sent before anything newer: in no two of them does one user, or one identifier, both join and leave. */
export interface Flush<T> {
  /** Of each user the last one, and earlier ones beside it that it doesn't make up for. */
  readonly changes: readonly QueuedChange<T>[];
  readonly covered: CoveredChanges<T>;
  /** How many they are, with those that are covered. */
  readonly size: number;
  /** Given by the user. */
  readonly session?: AudienceSession;
  /** Frees the memory of the rows. To be called when all are final. */
  discard(): void;
}

/** Changes of a flush that are not sent. */
export type TakenOut<T> = Pick<Flush<T>, 'changes' | 'covered' | 'size'>;

type Which<T> = (queued: QueuedChange<T>, covered: readonly QueuedChange<T>[]) => boolean;

/** Pending changes of one audience, in order, as the flushes that they will be sent in. */
export interface FlushQueue<T> {
  add(change: QueuedChange<T>): void;
  /** The changes of a list that is sent as it is, as a replacement or in a session of the user's: a flush of its own. */
  addWhole(changes: readonly QueuedChange<T>[], session?: AudienceSession): void;
  /** Takes the oldest flush, also one that could still grow. */
  take(): Flush<T> | undefined;
  /** Takes out the changes that are to be sent and that `which` is true for, with those that they cover. */
  takeOut(which: Which<T>): readonly TakenOut<T>[];
  /** Whether one is of such an item, a covered one too. */
  some(which: (item: T) => boolean): boolean;
  /** Changes, the covered ones too. */
  size(): number;
  /** Rows of the oldest flush. */
  rows(): number;
  /** The oldest flush can't grow any more. */
  closed(): boolean;
}

/**
 * Coalesces: within a flush a change covers the earlier one of its user, if it makes up for it. Otherwise both are sent:
 * beside each other where they do the same, else the later one starts the next flush. So does a change that
 * shares an identifier with an opposite change of another user, which may be about the same person, and so does all that
 * comes after it: nothing ever overtakes.
 */
export function createFlushQueue<T>(): FlushQueue<T> {
  let flushes: OpenFlush<T>[] = [];
  let size = 0;

  return {
    add(queued) {
      size += 1;
      if (flushes.at(-1)?.tryAdd(queued) === true) return;
      const flush = openFlush<T>(false);
      flush.add(queued);
      flushes.push(flush);
    },
    addWhole(changes, session) {
      if (changes.length === 0) return;
      const flush = openFlush<T>(true, session);
      for (const queued of changes) flush.add(queued);
      flushes.push(flush);
      size += changes.length;
    },
    take() {
      const flush = flushes.shift()?.end();
      size -= flush?.size ?? 0;
      return flush;
    },
    takeOut(which) {
      const taken = flushes.map((flush) => flush.takeOut(which));
      flushes = flushes.filter((flush) => flush.rows() > 0);
      size -= taken.reduce((sum, flush) => sum + flush.size, 0);
      return taken;
    },
    some: (which) => flushes.some((flush) => flush.some(which)),
    size: () => size,
    rows: () => flushes[0]?.rows() ?? 0,
    closed: () => flushes.length > 1 || flushes[0]?.sealed === true,
  };
}

interface OpenFlush<T> {
  readonly sealed: boolean;
  /** False: it must go into a later one. */
  tryAdd(queued: QueuedChange<T>): boolean;
  add(queued: QueuedChange<T>): void;
  takeOut(which: Which<T>): TakenOut<T>;
  some(which: (item: T) => boolean): boolean;
  rows(): number;
  end(): Flush<T>;
}

/** @param sealed Nothing is added but what it begins with. */
function openFlush<T>(sealed: boolean, session?: AudienceSession): OpenFlush<T> {
  const index = createHashIndex();
  /** By entry of the index, in the order in which they came; undefined: taken out. */
  const latest: (QueuedChange<T> | undefined)[] = [];
  /** Entries beside which there is a later one of the same user. */
  const besideLater = new Set<number>();
  const covered = new Map<QueuedChange<T>, QueuedChange<T>[]>();
  const holders = createIdentifierHolders();
  const texts = createRowTexts();
  let rows = 0;
  let size = 0;

  function put(queued: QueuedChange<T>, hash: number, known: number): void {
    const { identifiers, operation, rows: added } = queued.change;
    const number = known < 0 ? index.add(hash) : known;
    const earlier = latest[number];
    if (earlier !== undefined) cover(number, queued, earlier);
    latest[number] = queued;
    holders.add(identifiers, number, operation);
    texts.take(added);
    rows += added.length;
    size += 1;
  }

  /** The number of the user's last change in this flush; -1: it has none. */
  function numberOf(user: string, hash: number): number {
    return index.find(hash, (entry) => latest[entry]?.change.user === user && !besideLater.has(entry));
  }

  /**
   * Whether nothing is missed when only the later change of a user is sent: an identifier that only the earlier one has
   * would stay in the audience, or out of it. Who leaves needn't join first, but leaves by all that was to leave before. Of
   * additions that say more than who it is, as a value, the last word counts.
   */
  function makesUpFor(later: EncodedChange, earlier: QueuedChange<T> | undefined): boolean {
    if (earlier === undefined) return true;
    if (
      later.operation === 'add' &&
      earlier.change.operation === 'add' &&
      (saysMore(later) || saysMore(earlier.change))
    )
      return true;
    const undoes = later.operation === 'remove' && earlier.change.operation !== 'remove';
    const owed = undoes ? covered.get(earlier)?.findLast(({ change }) => change.operation === 'remove') : earlier;
    return owed === undefined || owed.change.identifiers.every((each) => later.identifiers.includes(each));
  }

  /** @param covers It makes up for the user's last change, and takes its place; else it goes beside that. */
  function putOrAdd(queued: QueuedChange<T>, hash: number, number: number, covers: boolean): void {
    if (covers) put(queued, hash, number);
    else {
      besideLater.add(number);
      put(queued, hash, -1);
    }
  }

  function cover(number: number, queued: QueuedChange<T>, earlier: QueuedChange<T>): void {
    forget(number, earlier);
    const all = covered.get(earlier) ?? [];
    all.push(earlier);
    covered.delete(earlier);
    covered.set(queued, all);
  }

  function forget(number: number, { change }: QueuedChange<T>): void {
    rows -= change.rows.length;
    holders.remove(change.identifiers, number);
  }

  return {
    sealed,
    tryAdd(queued) {
      if (sealed) return false;
      const { user, identifiers, operation } = queued.change;
      const hash = textHash(user);
      const number = numberOf(user, hash);
      const earlier = latest[number];
      const covers = makesUpFor(queued.change, earlier);
      if (!covers && earlier?.change.operation !== operation) return false;
      if (holders.contradicts(identifiers, number, operation)) return false;
      putOrAdd(queued, hash, number, covers);
      return true;
    },
    add(queued) {
      const hash = textHash(queued.change.user);
      const number = numberOf(queued.change.user, hash);
      putOrAdd(queued, hash, number, makesUpFor(queued.change, latest[number]));
    },
    takeOut(which) {
      const changes: QueuedChange<T>[] = [];
      const alsoTaken = new Map<QueuedChange<T>, readonly QueuedChange<T>[]>();
      for (const [number, queued] of latest.entries()) {
        if (queued === undefined || !which(queued, covered.get(queued) ?? none)) continue;
        latest[number] = undefined;
        forget(number, queued);
        changes.push(queued);
        const earlier = covered.get(queued);
        if (earlier !== undefined) alsoTaken.set(queued, earlier);
        covered.delete(queued);
      }
      const taken = takenOut(changes, alsoTaken);
      size -= taken.size;
      return taken;
    },
    some: (which) => latest.some((queued) => queued !== undefined && isOf(queued, covered, which)),
    rows: () => rows,
    end: () => ({
      changes: latest.filter((queued) => queued !== undefined),
      covered,
      size,
      ...(session !== undefined && { session }),
      discard: texts.discard,
    }),
  };
}

/** Rows with other columns go in other requests, so that one said first might arrive last. */
function saysMore({ rows }: EncodedChange): boolean {
  return rows.some(({ schema }) => schema.includes('LOOKALIKE_VALUE') || schema.includes('DATA_PROCESSING_OPTIONS'));
}

const none: readonly never[] = [];

/** Whether the change, or one that it covers, is of such an item. */
export function isOf<T>(queued: QueuedChange<T>, covered: CoveredChanges<T>, which: (item: T) => boolean): boolean {
  return which(queued.item) || (covered.get(queued)?.some(({ item }) => which(item)) ?? false);
}

function takenOut<T>(changes: readonly QueuedChange<T>[], covered: CoveredChanges<T>): TakenOut<T> {
  let size = changes.length;
  for (const earlier of covered.values()) size += earlier.length;
  return { changes, covered, size };
}
