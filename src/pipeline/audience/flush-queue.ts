import type { AudienceRequestSettings, AudienceSession } from '../../core/audience.ts';
import type { EncodedChange } from '../../core/encoded-change.ts';
import { textHash } from '../../core/text-hash.ts';
import { createHashIndex } from './hash-index.ts';
import { createIdentifierHolders } from './identifier-holders.ts';
import { createRowTexts } from './row-texts.ts';

/** A change on its way, as a flush knows it. */
export interface QueuedChange extends EncodedChange {
  readonly settings: AudienceRequestSettings;
  /** Whose token: rows of two destinations never share a request. */
  readonly destination: string;
}

/** The earlier changes of a user that one makes up for, oldest first: they end with it. Of most there are none. */
export type CoveredChanges<Q> = ReadonlyMap<Q, readonly Q[]>;

/** Changes that are sent before anything newer: in no two of them does one user, or one identifier, both join and leave. */
export interface Flush<Q> {
  /** Of each user the last one, and earlier ones beside it that it doesn't make up for. */
  readonly changes: readonly Q[];
  readonly covered: CoveredChanges<Q>;
  /** How many they are, with those that are covered. */
  readonly size: number;
  /** Given by the user. */
  readonly session?: AudienceSession;
  /** Frees the memory of the rows. To be called when all are final. */
  discard(): void;
}

/** Changes of a flush that are not sent. */
export type TakenOut<Q> = Pick<Flush<Q>, 'changes' | 'covered' | 'size'>;

type Which<Q> = (queued: Q, covered: readonly Q[]) => boolean;

/** Pending changes of one audience, in order, as the flushes that they will be sent in. */
export interface FlushQueue<Q> {
  add(change: Q): void;
  /** The changes of a list that is sent as it is, as a replacement or in a session of the user's: a flush of its own. */
  addWhole(changes: readonly Q[], session?: AudienceSession): void;
  /** Takes the oldest flush, also one that could still grow. */
  take(): Flush<Q> | undefined;
  /** Takes out the changes that are to be sent and that `which` is true for, with those that they cover. */
  takeOut(which: Which<Q>): readonly TakenOut<Q>[];
  /** Whether one is such a change, a covered one too. */
  some(which: (queued: Q) => boolean): boolean;
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
export function createFlushQueue<Q extends QueuedChange>(): FlushQueue<Q> {
  let flushes: OpenFlush<Q>[] = [];
  let size = 0;

  return {
    add(queued) {
      size += 1;
      if (flushes.at(-1)?.tryAdd(queued) === true) return;
      const flush = openFlush<Q>(false);
      flush.add(queued);
      flushes.push(flush);
    },
    addWhole(changes, session) {
      if (changes.length === 0) return;
      const flush = openFlush<Q>(true, session);
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

interface OpenFlush<Q> {
  readonly sealed: boolean;
  /** False: it must go into a later one. */
  tryAdd(queued: Q): boolean;
  add(queued: Q): void;
  takeOut(which: Which<Q>): TakenOut<Q>;
  some(which: (queued: Q) => boolean): boolean;
  rows(): number;
  end(): Flush<Q>;
}

/** @param sealed Nothing is added but what it begins with. */
function openFlush<Q extends QueuedChange>(sealed: boolean, session?: AudienceSession): OpenFlush<Q> {
  const index = createHashIndex();
  /** By entry of the index, in the order in which they came; undefined: taken out. */
  const latest: (Q | undefined)[] = [];
  /** Entries beside which there is a later one of the same user. */
  const besideLater = new Set<number>();
  const covered = new Map<Q, Q[]>();
  const holders = createIdentifierHolders();
  const texts = createRowTexts();
  let rows = 0;
  let size = 0;

  function put(queued: Q, hash: number, known: number): void {
    const { identifiers, operation, rows: added } = queued;
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
    return index.find(hash, (entry) => latest[entry]?.user === user && !besideLater.has(entry));
  }

  /**
   * Whether nothing is missed when only the later change of a user is sent: an identifier that only the earlier one has
   * would stay in the audience, or out of it. Who leaves needn't join first, but leaves by all that was to leave before. Of
   * additions that say more than who it is, as a value, the last word counts.
   */
  function makesUpFor(later: EncodedChange, earlier: Q | undefined): boolean {
    if (earlier === undefined) return true;
    if (later.operation === 'add' && earlier.operation === 'add' && (saysMore(later) || saysMore(earlier))) return true;
    const undoes = later.operation === 'remove' && earlier.operation !== 'remove';
    const owed = undoes ? covered.get(earlier)?.findLast(({ operation }) => operation === 'remove') : earlier;
    return owed === undefined || owed.identifiers.every((each) => later.identifiers.includes(each));
  }

  /** @param covers It makes up for the user's last change, and takes its place; else it goes beside that. */
  function putOrAdd(queued: Q, hash: number, number: number, covers: boolean): void {
    if (covers) put(queued, hash, number);
    else {
      besideLater.add(number);
      put(queued, hash, -1);
    }
  }

  function cover(number: number, queued: Q, earlier: Q): void {
    forget(number, earlier);
    const all = covered.get(earlier) ?? [];
    all.push(earlier);
    covered.delete(earlier);
    covered.set(queued, all);
  }

  function forget(number: number, { identifiers, rows: gone }: Q): void {
    rows -= gone.length;
    holders.remove(identifiers, number);
  }

  return {
    sealed,
    tryAdd(queued) {
      if (sealed) return false;
      const { user, identifiers, operation } = queued;
      const hash = textHash(user);
      const number = numberOf(user, hash);
      const earlier = latest[number];
      const covers = makesUpFor(queued, earlier);
      if (!covers && earlier?.operation !== operation) return false;
      if (holders.contradicts(identifiers, number, operation)) return false;
      putOrAdd(queued, hash, number, covers);
      return true;
    },
    add(queued) {
      const hash = textHash(queued.user);
      const number = numberOf(queued.user, hash);
      putOrAdd(queued, hash, number, makesUpFor(queued, latest[number]));
    },
    takeOut(which) {
      const changes: Q[] = [];
      const alsoTaken = new Map<Q, readonly Q[]>();
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

/** Whether the change is such a one, or one that it covers is. */
export function isOf<Q>(queued: Q, covered: CoveredChanges<Q>, which: (queued: Q) => boolean): boolean {
  return which(queued) || (covered.get(queued)?.some(which) ?? false);
}

function takenOut<Q>(changes: readonly Q[], covered: CoveredChanges<Q>): TakenOut<Q> {
  let size = changes.length;
  for (const earlier of covered.values()) size += earlier.length;
  return { changes, covered, size };
}
