import type { Delivery, FinalSink, OutcomesSoFar } from '../../core/delivery.ts';
import type { LaneState } from '../../core/lane-state.ts';
import { type Failure, type FinalOutcome, rejected } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import { discard, repack } from './batch-buffer.ts';
import { type ClosedBatch, createBatchQueue } from './batch-queue.ts';
import { type Batcher, type BatchTrigger, createBatcher } from './batcher.ts';
import type { Rejected } from './rejection-report.ts';

/** Why requests wait for a person, and since when (by the monotonic clock). */
export interface Blockage {
  readonly since: number;
  readonly failure: Failure;
  /** A request may find out now whether it is fixed, or is doing so. */
  readonly due?: boolean;
}

export type WhichDelivery = (delivery: Delivery) => boolean;

/** A lane's sink, which knows whether the lane is open. */
export interface LaneSink extends FinalSink {
  /** Undefined: requests go, or wait for something that ends by itself. */
  blocked?(): Blockage | undefined;
  /** Absent: only whether it is blocked is known. */
  state?(): LaneState;
  /**
   * Calls that wait for the lane to open, or to get something through again, all or those with one of `which`, are
   * answered `rejected`, for this reason.
   */
  rejectWaiting?(failure: Failure, which?: WhichDelivery): void;
  /** Deliveries were abandoned, or their subscription removed: calls that wait don't wait for them. */
  dropRemoved?(): void;
  /** Something was fixed, perhaps: a request tries at once. */
  wake?(): void;
  /** False: it remembers what Meta said of its rate, so that another in its place would send too early. */
  isAtRest?(): boolean;
  /** Nothing will be sent any more. */
  close?(): void;
}

export interface LaneOptions {
  readonly name: string;
  readonly destination: string;
  readonly sink: LaneSink;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** This and the next three are read at each use. */
  readonly maxCount: number;
  readonly maxBytes: number;
  /** How long the first delivery of a batch waits for company. */
  readonly lingerMillis: number;
  /** How long, if the lane is idle: nothing is under way, and nothing was sent for `lingerMillis`. */
  readonly idleLingerMillis: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly telemetry: Telemetry;
  /** What was rejected before sending while the batch was filled that is closed now. */
  rejectedEarly(): readonly Rejected[];
  /**
   * Called for each batch that was sent to its end, or for parts of it, with as many outcomes.
   *
   * @param early What was rejected before sending, and would have been in the batch.
   */
  settled(deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[], early: readonly Rejected[]): void;
  /** Called once for each delivery that isn't sent because its partition went to another process. */
  dropped(delivery: Delivery): void;
  /** The sink threw something that isn't the stop: a bug. */
  failed(error: unknown): void;
}

/** One pixel or one audience: its batches, in order, a bounded number of them under way. */
export interface Lane {
  readonly name: string;
  offer(delivery: Delivery): void;
  /** Sends what is batched without waiting for more. */
  drain(): void;
  /** Nothing is batched, queued or under way. */
  idle(): boolean;
  /** Deliveries that are batched, queued or under way. */
  size(): number;
  /** Ends what was abandoned, or whose subscription was removed, and isn't in a request just now. */
  purge(): void;
  /**
   * Ends what waits, batched, queued or at the closed gate, as rejected for this reason: all of it or `which`. A batch
   * that has begun ends as a whole.
   */
  rejectWaiting(failure: Failure, which?: WhichDelivery): void;
  /** Starts no further request until `resume`. */
  halt(): void;
  resume(): void;
  blocked(): Blockage | undefined;
  state(): LaneState;
  /** Nothing is left that could end without a person. */
  stuck(): boolean;
  wake(): void;
  /** Ends requests under way; nothing of them settles. */
  abort(): void;
  /** To be called when it is idle and gets nothing any more. */
  close(): void;
}

/** So many batches of which only what keeps failing alone is left don't count as requests under way. */
const mostApart = 16;

const none: readonly Rejected[] = [];

export function createLane(options: LaneOptions): Lane {
  const queue = createBatchQueue();
  const abortion = new AbortController();
  const begunBatches = new Set<readonly Delivery[]>();
  /** What is left of batches, and keeps failing alone. */
  const apart = new Set<readonly Delivery[]>();
  let draining = false;
  let halted = false;
  let lastClosedAt = Number.NEGATIVE_INFINITY;

  const batches: Batcher = createBatcher({
    get maxCount() {
      return options.maxCount;
    },
    get maxBytes() {
      return options.maxBytes;
    },
    get lingerMillis() {
      if (draining) return 0;
      const { lingerMillis, idleLingerMillis } = options;
      return isIdle() ? Math.min(idleLingerMillis, lingerMillis) : lingerMillis;
    },
    hasRoom: () => queue.isEmpty() && underWay() < options.concurrency && !halted,
    closed: enqueue,
  });

  function underWay(): number {
    return begunBatches.size + Math.max(0, apart.size - mostApart);
  }

  /** So little comes that waiting would bring no company: requests don't become more where they would hold several. */
  function isIdle(): boolean {
    if (halted || underWay() > 0 || !queue.isEmpty()) return false;
    return options.clock.monotonic() - lastClosedAt >= options.lingerMillis;
  }

  function enqueue(batch: readonly Delivery[], bytes: number, trigger: BatchTrigger): void {
    const { destination, telemetry } = options;
    telemetry.emit({ kind: 'batch_closed', destination, trigger, deliveries: batch.length, bytes });
    lastClosedAt = options.clock.monotonic();
    queue.add({ deliveries: batch, early: options.rejectedEarly() });
    pump();
  }

  function pump(): void {
    while (underWay() < options.concurrency && !halted && !abortion.signal.aborted) {
      const batch = queue.next();
      if (batch === undefined) break;
      const deliveries = stillOurs(batch.deliveries);
      if (deliveries.length > 0) void deliver({ ...batch, deliveries });
    }
  }

  function stillOurs(batch: readonly Delivery[]): readonly Delivery[] {
    const removed: Delivery[] = [];
    const ours = batch.filter((delivery) => {
      if (delivery.pending.abandoned) options.dropped(delivery);
      else if (delivery.origin?.removed !== undefined) removed.push(delivery);
      else return true;
      return false;
    });
    if (removed.length > 0) options.settled(removed, removed.map(removal), none);
    if (ours.length < batch.length) repack(ours);
    return ours;
  }

  async function deliver({ deliveries: batch, early }: ClosedBatch): Promise<void> {
    let left: readonly Delivery[] = batch;
    let final: OutcomesSoFar = [];
    begunBatches.add(batch);
    try {
      const outcomes = await options.sink.send(batch, abortion.signal, (soFar) => {
        final = soFar;
        left = setApart(batch, soFar, early);
      });
      if (outcomes.length !== batch.length) {
        throw new Error(`lane ${options.name}: ${outcomes.length} outcomes for ${batch.length} deliveries`);
      }
      settle(
        left,
        outcomes.filter((_, at) => final[at] === undefined),
        early,
      );
    } catch (error) {
      if (!abortion.signal.aborted) options.failed(error);
    } finally {
      begunBatches.delete(batch);
      apart.delete(left);
    }
    goOn();
  }

  /** Nobody waits for those that keep failing alone: neither the offsets of the others, nor the batches behind. */
  function setApart(batch: readonly Delivery[], soFar: OutcomesSoFar, early: readonly Rejected[]): readonly Delivery[] {
    const left = batch.filter((_, at) => soFar[at] === undefined);
    repack(left);
    begunBatches.delete(batch);
    apart.add(left);
    settle(
      batch.filter((_, at) => soFar[at] !== undefined),
      soFar.flatMap((outcome) => outcome ?? []),
      early,
    );
    goOn();
    return left;
  }

  function settle(
    deliveries: readonly Delivery[],
    outcomes: readonly FinalOutcome[],
    early: readonly Rejected[],
  ): void {
    if (deliveries.length === 0) return;
    options.settled(deliveries, outcomes, early);
    if (outcomes.every(({ kind }) => kind === 'delivered')) discard(deliveries);
  }

  function goOn(): void {
    pump();
    if (draining) batches.drain();
    else batches.roomAgain();
  }

  return {
    name: options.name,
    offer: (delivery) => batches.add(delivery),
    drain() {
      draining = true;
      batches.drain();
    },
    idle: () => batches.size() === 0 && queue.isEmpty() && begunBatches.size + apart.size === 0,
    size: () =>
      batches.size() + queue.size() + [...begunBatches, ...apart].reduce((sum, { length }) => sum + length, 0),
    purge() {
      queue.keep(stillOurs);
      stillOurs(batches.takeOut(({ pending, origin }) => pending.abandoned || origin?.removed !== undefined));
      options.sink.dropRemoved?.();
    },
    rejectWaiting(failure, which = () => true) {
      const waiting = [...queue.those(which), batches.takeOut(which)];
      queue.keep((batch) => batch.filter((delivery) => !which(delivery)));
      for (const batch of waiting) {
        const outcomes = batch.map(() => rejected(failure));
        options.settled(batch, outcomes, none);
      }
      const begun = new Set([...begunBatches, ...apart].filter((batch) => batch.some(which)).flat());
      options.sink.rejectWaiting?.(failure, (delivery) => begun.has(delivery));
    },
    halt() {
      halted = true;
    },
    resume() {
      halted = false;
      pump();
      batches.roomAgain();
    },
    blocked: () => options.sink.blocked?.(),
    state: () => stateOf(options.sink),
    stuck: () => (halted && begunBatches.size + apart.size === 0) || options.sink.blocked?.() !== undefined,
    wake: () => options.sink.wake?.(),
    abort: () => abortion.abort(),
    close: () => options.sink.close?.(),
  };
}

/** What of a sink's state is known. */
export function stateOf(sink: Pick<LaneSink, 'blocked' | 'state'>): LaneState {
  return sink.state?.() ?? stateOfBlockage(sink.blocked?.());
}

export function stateOfBlockage(blockage: Blockage | undefined): LaneState {
  return blockage === undefined
    ? { state: 'running' }
    : { state: 'blocked', since: blockage.since, failure: blockage.failure };
}

function removal({ origin }: Delivery): FinalOutcome {
  return origin?.removed === undefined ? { kind: 'delivered' } : rejected(origin.removed);
}
