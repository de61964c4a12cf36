import { type AudienceTarget, isNamedByEvents, targetKey } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import { type AudienceLookup, isOfEvent, type QueuedUpdate } from './audience-lookup.ts';
import { createUnknownAudiences } from './unknown-audiences.ts';

export interface LookupsOptions {
  /** So many at once. */
  readonly most: number;
  /** By the monotonic clock. */
  now(): number;
  /** @param over As `AudienceLookupOptions.unknown`. */
  open(work: QueuedUpdate['work'], target: AudienceTarget, over: (failure: Failure) => void): AudienceLookup;
  /** Nothing waits in the lane of this audience, and nothing would be forgotten with it. */
  isAtRest(audienceId: string): boolean;
  /** The lookup is gone. */
  closed(lookup: AudienceLookup): void;
  /** Ends what waits for an audience that Meta doesn't know. */
  refuse(queuedUpdate: QueuedUpdate, failure: Failure): void;
  failed(error: unknown): void;
}

/**
 * The audiences that are looked up or known, at most so many at once: changes of others wait, in order, until one is
 * at rest and makes room. Those that events name are let go after a while without changes; look-up and lane of an audience
 * come into being again when they are needed.
 */
export interface Lookups {
  /** The look-up needn't wait until a change may go on. */
  begin(work: QueuedUpdate['work'], target: AudienceTarget): void;
  enter(queuedUpdate: QueuedUpdate): void;
  all(): readonly AudienceLookup[];
  entries(): Iterable<readonly [string, AudienceLookup]>;
  /** Changes that wait for room. */
  waiting(): number;
  /** Something has ended: perhaps there is room. */
  roomAgain(): void;
  /** Lets those go that are `done`, and those that events have named and nobody for long. */
  sweep(done: (lookup: AudienceLookup) => boolean): void;
  /** Takes out what waits for room and `which` is true for. */
  takeOut(which: (queuedUpdate: QueuedUpdate) => boolean): readonly QueuedUpdate[];
}

/** For so long an audience is known without changes. */
const idleMillis = 10 * 60_000;

interface Known {
  readonly lookup: AudienceLookup;
  byEvents: boolean;
  usedAt: number;
}

export function createLookups(options: LookupsOptions): Lookups {
  const known = new Map<string, Known>();
  const unknown = createUnknownAudiences(options.most, options.now);
  /** By audience, in the order in which they came. */
  const waiting = new Map<string, QueuedUpdate[]>();
  let looksForRoom = false;

  function open(work: QueuedUpdate['work'], target: AudienceTarget): Known {
    const key = targetKey(target);
    const opened: Known = {
      lookup: options.open(work, target, (failure) => {
        unknown.add(key, failure);
        if (known.get(key) === opened) letGo(key, opened);
        roomAgain();
      }),
      byEvents: isNamedByEvents(target),
      usedAt: options.now(),
    };
    known.set(key, opened);
    return opened;
  }

  function letGo(key: string, { lookup }: Known): void {
    known.delete(key);
    lookup.close();
    options.closed(lookup);
  }

  function isDone({ lookup, byEvents }: Known): boolean {
    const id = lookup.audienceId();
    return byEvents && lookup.idle() && lookup.blocked() === undefined && (id === undefined || options.isAtRest(id));
  }

  /** The one that nobody has needed for longest goes. False: all of them are at work. */
  function makeRoom(): boolean {
    if (known.size < options.most) return true;
    let oldest: readonly [string, Known] | undefined;
    for (const entry of known) {
      if (isDone(entry[1]) && (oldest === undefined || entry[1].usedAt < oldest[1].usedAt)) oldest = entry;
    }
    if (oldest === undefined) return false;
    letGo(...oldest);
    return true;
  }

  function pass(found: Known, queuedUpdate: QueuedUpdate): void {
    // One that the mapping names stays: nobody asks when it was used.
    if (found.byEvents) {
      found.usedAt = options.now();
      found.byEvents = isNamedByEvents(queuedUpdate.update.target);
    }
    found.lookup.enter(queuedUpdate);
  }

  /** False: there is no room. */
  function tryEnter(queuedUpdate: QueuedUpdate): boolean {
    const { work, update } = queuedUpdate;
    const key = targetKey(update.target);
    const found = known.get(key);
    if (found !== undefined) pass(found, queuedUpdate);
    else {
      const failure = isOfEvent(queuedUpdate) ? unknown.failureOf(key) : undefined;
      if (failure !== undefined) options.refuse(queuedUpdate, failure);
      // A mapping names few, which nobody waits with.
      else if (isNamedByEvents(update.target) && !makeRoom()) return false;
      else pass(open(work, update.target), queuedUpdate);
    }
    return true;
  }

  function letIn(): void {
    looksForRoom = false;
    for (const [key, updates] of waiting) {
      for (let next = updates[0]; next !== undefined && tryEnter(next); next = updates[0]) updates.shift();
      if (updates.length > 0) return;
      waiting.delete(key);
    }
  }

  function roomAgain(): void {
    if (looksForRoom || waiting.size === 0) return;
    looksForRoom = true;
    setImmediate(() => {
      try {
        letIn();
      } catch (error) {
        options.failed(error);
      }
    });
  }

  return {
    begin(work, target) {
      const key = targetKey(target);
      if (known.has(key) || waiting.has(key) || known.size >= options.most) return;
      if (target.fromEvent === true && unknown.failureOf(key) !== undefined) return;
      open(work, target);
    },
    enter(queuedUpdate) {
      const key = targetKey(queuedUpdate.update.target);
      const before = waiting.get(key);
      if (before !== undefined) before.push(queuedUpdate);
      else if (!tryEnter(queuedUpdate)) waiting.set(key, [queuedUpdate]);
    },
    all: () => [...known.values()].map(({ lookup }) => lookup),
    entries: () => [...known].map(([key, { lookup }]) => [key, lookup] as const),
    waiting: () => [...waiting.values()].flat().reduce((sum, { items }) => sum + Math.max(1, items.length), 0),
    roomAgain,
    sweep(done) {
      const usedBefore = options.now() - idleMillis;
      for (const [key, each] of known) {
        if (done(each.lookup) || (each.usedAt < usedBefore && isDone(each))) letGo(key, each);
      }
      roomAgain();
    },
    takeOut(which) {
      const taken: QueuedUpdate[] = [];
      for (const [key, updates] of waiting) {
        const kept = updates.filter((queuedUpdate) => !which(queuedUpdate));
        if (kept.length === updates.length) continue;
        taken.push(...updates.filter(which));
        if (kept.length > 0) waiting.set(key, kept);
        else waiting.delete(key);
      }
      return taken;
    },
  };
}
