import type { AudienceSession } from '../../core/audience.ts';
import type { Delivery } from '../../core/delivery.ts';
import type { LaneState } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import { type Blockage, type LaneSink, stateOf, stateOfBlockage } from '../lane/lane.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { RejectionHalt } from '../lane/rejection-halt.ts';
import { isCounted, type Rejected, rejectedDelivery } from '../lane/rejection-report.ts';
import { type ChangeEnd, covered, delivered, dropped, superseded } from './change-end.ts';
import { createFlushQueue, type Flush, isOf, type QueuedChange, type TakenOut } from './flush-queue.ts';
import { type RequestLimits, requestsOf, type SentRow } from './requests.ts';

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
  /** Whether it can be parked where the flush is given up for that. */
  parks(item: T): boolean;
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
  /** The flush under way, if it waits for a blocked lane, ends as rejected. What is to be parked does behind it, too. */
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
  let underWay: Pick<Flush<T>, 'changes' | 'covered'> = nothing;
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
    try {
      await send(flush, options.rejectedEarly());
    } catch (error) {
      if (!abortion.signal.aborted) options.failed(error);
      return;
    } finally {
      running = false;
      underWay = nothing;
    }
    pump();
  }

  async function send(flush: Flush<T>, early: readonly Rejected[]): Promise<void> {
    const waiting = new Set<QueuedChange<T>>();
    for (let open = flush.changes; open.length > 0 && !abortion.signal.aborted; ) {
      underWay = { changes: open, covered: flush.covered };
      open = await sendOnce(open, flush, early, waiting);
    }
    if (waiting.size === 0 && !abortion.signal.aborted) flush.discard();
  }

  /** Resolves with those that are to be sent again before anything newer. The others have ended, or are `waiting`. */
  async function sendOnce(
    changes: Flush<T>['changes'],
    flush: Flush<T>,
    early: readonly Rejected[],
    waiting: Set<QueuedChange<T>>,
  ): Promise<Flush<T>['changes']> {
    const chosen = changes.map((latest) => chosenOf(latest, flush));
    const sent = chosen.filter((queued) => queued !== undefined);
    const refused = new Map<QueuedChange<T>, Failure>();
    const unsent = new Set<QueuedChange<T>>();
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
      // One that may still arrive would take out those who are added behind it.
      if (ours[0]?.terms.operation === 'replace') await options.quiet(abortion.signal);
    }
    await options.quiet(abortion.signal);
    const again: QueuedChange<T>[] = [];
    if (abortion.signal.aborted) return again;
    for (const [at, latest] of changes.entries()) {
      const sentChange = chosen[at];
      if (sentChange !== undefined && waiting.has(sentChange)) continue;
      const isParked = sentChange !== undefined && refused.get(sentChange)?.code === parkedCode;
      if (isParked && !parks(latest, flush.covered.get(latest) ?? none)) again.push(latest);
      else settle(latest, flush, sentChange, refused, unsent);
    }
    return again;
  }

  /** One that can't be parked must not end behind what came later, and so those that it covers, or that cover it, stay too. */
  function parks(latest: QueuedChange<T>, itsCovered: readonly QueuedChange<T>[]): boolean {
    const canBe = ({ item }: QueuedChange<T>) => options.abandoned(item) || options.parks(item);
    return canBe(latest) && itsCovered.every(canBe);
  }

  /** All at once: each flush would come to the closed gate on its own, and there may be hundreds. */
  function parkQueued(failure: Failure): void {
    for (const flush of queue.takeOut(parks)) {
      for (const latest of flush.changes) settle(latest, flush, latest, new Map([[latest, failure]]), new Set());
    }
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
      if (options.removed(row.of.item) === undefined && isCounted(outcome.failure)) {
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
    size: () => queue.size() + sizeOf(underWay),
    some(which) {
      if (queue.some(which)) return true;
      const { changes, covered } = underWay;
      return changes.some((queued) => isOf(queued, covered, which));
    },
    blocked,
    state() {
      const halted = options.halt.blockage();
      return halted === undefined ? stateOf(options.sink) : stateOfBlockage(halted);
    },
    dropRemoved() {
      const isLost = ({ item }: QueuedChange<T>) => options.abandoned(item);
      for (const flush of queue.takeOut((queued, itsCovered) =>
        // Of what another process has got, the changes that it covers may be ours to send.
        isLost(queued) ? itsCovered.every(isLost) : options.removed(queued.item) !== undefined,
      )) {
        for (const latest of flush.changes) {
          const removed = options.removed(latest.item);
          settle(latest, flush, latest, new Map(removed === undefined ? [] : [[latest, removed]]), new Set());
        }
      }
      options.sink.dropRemoved?.();
    },
    rejectWaiting(failure) {
      options.sink.rejectWaiting?.(failure);
      if (failure.code === parkedCode) parkQueued(failure);
    },
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

const none: readonly never[] = [];
const nothing = { changes: none, covered: new Map<never, never>() };

function sizeOf({ changes, covered }: Pick<Flush<unknown>, 'changes' | 'covered'>): number {
  return changes.reduce((sum, latest) => sum + 1 + (covered.get(latest)?.length ?? 0), 0);
}
