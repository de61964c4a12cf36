import type { AudienceSession } from '../../core/audience.ts';
import type { Delivery } from '../../core/delivery.ts';
import type { LaneState } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import { type Blockage, type LaneSink, stateOf, stateOfBlockage } from '../lane/lane.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { RejectionHalt } from '../lane/rejection-halt.ts';
import { type Rejected, rejectedDelivery } from '../lane/rejection-report.ts';
import { type Flush, createFlushQueue, isOf, type QueuedChange, type TakenOut } from './flush-queue.ts';
import { type RequestLimits, requestsOf, type SentRow } from './requests.ts';

/** How a change ended. `dropped`: its partition went to another process, which sends it itself. */
export type ChangeEnd =
  | { readonly kind: 'delivered' | 'superseded' | 'dropped' }
  | { readonly kind: 'rejected'; readonly failure: Failure };

export interface AudienceLaneOptions<T> {
  readonly name: string;
  readonly audienceId: string;
  readonly sink: LaneSink;
  readonly halt: RejectionHalt;
  /** This and the next two are read at each use. */
  readonly limits: RequestLimits;
  /** How long the first change of a flush waits for company. */
  readonly lingerMillis: number;
  /** Rejected rows of one request above which the lane stops until a person has looked; below 0: never. */
  readonly maxRejected: number;
  /** What was rejected before sending while the changes were gathered that are sent now. */
  rejectedEarly(): readonly Rejected[];
  /** Waits until no request of this lane can still arrive at Meta, also one without an answer. */
  quiet(signal: AbortSignal): Promise<void>;
  deliveryOf(row: SentRow<T>): Delivery;
  abandoned(item: T): boolean;
  /** Why it isn't to be sent any more: its subscription was removed. */
  removed(item: T): Failure | undefined;
  /** Called once for each change. */
  ended(queued: QueuedChange<T>, end: ChangeEnd): void;
  /** Something threw that isn't the stop: a bug. */
  failed(error: unknown): void;
}

/** One audience: its changes coalesced into flushes, one flush under way, its requests one after another. */
export interface AudienceLane<T> {
  readonly name: string;
  offer(change: QueuedChange<T>): void;
  /** The changes of a list that is sent as it is. */
  offerWhole(changes: readonly QueuedChange<T>[], session?: AudienceSession): void;
  /** Waits for company no more. */
  drain(): void;
  /** No change is on its way, nor a request that may still arrive at Meta. */
  idle(): boolean;
  /** It is idle, and nothing would be forgotten with it. */
  isAtRest(): boolean;
  /** Changes that are not final. */
  size(): number;
  /** Whether one of them is of such an item. */
  some(which: (item: T) => boolean): boolean;
  /** Waits for a person: Meta wants something, or too much is rejected. */
  blocked(): Blockage | undefined;
  state(): LaneState;
  /** Changes were abandoned, or their subscription was removed. */
  dropRemoved(): void;
  /** The flush under way, if it waits for a blocked lane, ends as rejected. */
  rejectWaiting(failure: Failure): void;
  wake(): void;
  /** What waited for a person goes on. */
  resume(): void;
  /** Nobody will look: where too much was rejected, what was sent ends as it was answered, and the rest waits on. */
  giveUp(): void;
  /** Ends the request under way; nothing of it settles. */
  abort(): void;
  /** To be called when it is idle and gets nothing any more. */
  close(): void;
}

export function createAudienceLane<T>(options: AudienceLaneOptions<T>): AudienceLane<T> {
  const queue = createFlushQueue<T>();
  const abortion = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Flush<T> | undefined;
  let running = false;
  let draining = false;
  let givenUp = false;

  function pump(): void {
    if (running || isGivenUp() || abortion.signal.aborted || queue.size() === 0) return;
    const now = draining || queue.closed() || queue.rows() >= options.limits.maxRows;
    if (now) clearTimer();
    // Never at once: what comes in the same turn goes along.
    timer ??= setTimeout(() => void run(), now ? 0 : options.lingerMillis);
  }

  function clearTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  async function run(): Promise<void> {
    clearTimer();
    const flush = queue.take();
    if (flush === undefined) return;
    running = true;
    underWay = flush;
    try {
      await send(flush, options.rejectedEarly());
    } catch (error) {
      if (!abortion.signal.aborted) options.failed(error);
      return;
    } finally {
      running = false;
      underWay = undefined;
    }
    pump();
  }

  async function send(flush: Flush<T>, early: readonly Rejected[]): Promise<void> {
    const chosen = flush.changes.map((latest) => chosenOf(latest, flush));
    const sent = chosen.filter((queued) => queued !== undefined);
    const refused = new Map<QueuedChange<T>, Failure>();
    const unsent = new Set<QueuedChange<T>>();
    const waiting = new Set<QueuedChange<T>>();
    for (const rows of requestsOf(options.audienceId, sent, options.limits, flush.session)) {
      const ours: SentRow<T>[] = [];
      for (const row of rows) {
        const removed = options.removed(row.of.item);
        if (isGivenUp()) waiting.add(row.of);
        else if (options.abandoned(row.of.item)) unsent.add(row.of);
        else if (removed !== undefined) refused.set(row.of, removed);
        else ours.push(row);
      }
      if (ours.length > 0) await request(ours, refused, early);
    }
    await options.quiet(abortion.signal);
    if (abortion.signal.aborted) return;
    for (let at = 0; at < chosen.length; at += 1) {
      const latest = flush.changes[at];
      const sentChange = chosen[at];
      if (latest === undefined) continue;
      if (sentChange === undefined || !waiting.has(sentChange)) settle(latest, flush, sentChange, refused, unsent);
    }
    if (waiting.size === 0) flush.discard();
  }

  function isGivenUp(): boolean {
    return givenUp && options.halt.blockage() !== undefined;
  }

  /** The newest that is still ours: what another process has got, it sends itself. */
  function chosenOf(latest: QueuedChange<T>, { covered }: TakenOut<T>): QueuedChange<T> | undefined {
    if (!options.abandoned(latest.item)) return latest;
    return covered.get(latest)?.findLast(({ item }) => !options.abandoned(item));
  }

  async function request(
    rows: readonly SentRow<T>[],
    refused: Map<QueuedChange<T>, Failure>,
    early: readonly Rejected[],
  ): Promise<void> {
    const deliveries = rows.map(options.deliveryOf);
    const outcomes = await options.sink.send(deliveries, abortion.signal);
    if (outcomes.length !== rows.length) {
      throw new Error(`audience lane ${options.name}: ${outcomes.length} outcomes for ${rows.length} rows`);
    }
    const rejected: Rejected[] = [];
    for (let index = 0; index < outcomes.length; index += 1) {
      const outcome = outcomes[index];
      if (outcome?.kind !== 'rejected') continue;
      const row = rows[index];
      const delivery = deliveries[index];
      if (row === undefined || delivery === undefined || options.abandoned(row.of.item)) continue;
      if (!refused.has(row.of)) refused.set(row.of, outcome.failure);
      if (options.removed(row.of.item) === undefined) {
        rejected.push(rejectedDelivery({ delivery, failure: outcome.failure }));
      }
    }
    const { signal } = abortion;
    const counted = rejected.length === 0 ? [] : [...rejected, ...early];
    if (!signal.aborted && options.halt.review(counted, options.maxRejected) && !givenUp)
      await options.halt.ended(signal);
  }

  /** The one that was sent ends as it was answered, and those that it covers with it. */
  function settle(
    latest: QueuedChange<T>,
    flush: TakenOut<T>,
    chosen: QueuedChange<T> | undefined,
    refused: ReadonlyMap<QueuedChange<T>, Failure>,
    unsent: ReadonlySet<QueuedChange<T>>,
  ): void {
    const failure = chosen === undefined ? undefined : refused.get(chosen);
    for (const queued of flush.covered.get(latest) ?? none) end(queued, chosen, failure, unsent);
    end(latest, chosen, failure, unsent);
  }

  function end(
    queued: QueuedChange<T>,
    chosen: QueuedChange<T> | undefined,
    failure: Failure | undefined,
    unsent: ReadonlySet<QueuedChange<T>>,
  ): void {
    if (options.abandoned(queued.item) || unsent.has(queued)) options.ended(queued, dropped);
    else if (failure !== undefined) {
      options.ended(queued, { kind: 'rejected', failure: queued === chosen ? failure : superseded(failure) });
    } else options.ended(queued, queued === chosen ? delivered : covered);
  }

  const idle = () => queue.size() === 0 && !running;
  const blocked = () => options.halt.blockage() ?? options.sink.blocked?.();

  return {
    name: options.name,
    offer(change) {
      queue.add(change);
      pump();
    },
    offerWhole(changes, session) {
      queue.addWhole(changes, session);
      pump();
    },
    drain() {
      draining = true;
      pump();
    },
    idle,
    isAtRest: () => idle() && blocked() === undefined && options.sink.isAtRest?.() !== false,
    size: () => queue.size() + (underWay?.size ?? 0),
    some(which) {
      if (queue.some(which)) return true;
      const { changes, covered } = underWay ?? nothing;
      return changes.some((queued) => isOf(queued, covered, which));
    },
    blocked,
    state() {
      const halted = options.halt.blockage();
      return halted === undefined ? stateOf(options.sink) : stateOfBlockage(halted);
    },
    dropRemoved() {
      for (const flush of queue.takeOut(({ item }) => options.removed(item) !== undefined)) {
        for (const latest of flush.changes) {
          const chosen = chosenOf(latest, flush);
          const removed = chosen === undefined ? undefined : options.removed(chosen.item);
          const refused = chosen === undefined || removed === undefined ? new Map() : new Map([[chosen, removed]]);
          settle(latest, flush, chosen, refused, new Set());
        }
      }
      options.sink.dropRemoved?.();
    },
    rejectWaiting: (failure) => options.sink.rejectWaiting?.(failure),
    wake: () => options.sink.wake?.(),
    resume: () => options.halt.resume(),
    giveUp() {
      givenUp = true;
      options.halt.giveUp();
    },
    abort() {
      abortion.abort();
      clearTimeout(timer);
    },
    close: () => options.sink.close?.(),
  };
}

/** Of most changes, and one object for all. */
const dropped: ChangeEnd = { kind: 'dropped' };
const delivered: ChangeEnd = { kind: 'delivered' };
const covered: ChangeEnd = { kind: 'superseded' };
const none: readonly never[] = [];
const nothing = { changes: none, covered: new Map<never, never>() };

function superseded(by: Failure): Failure {
  if (by.code === parkedCode) return by;
  return {
    code: 'SUPERSEDED',
    message: `A newer change of the same person covered this one, and was refused: ${by.code}.`,
    fix: 'Look at the dead letter of the newer change first.',
  };
}
