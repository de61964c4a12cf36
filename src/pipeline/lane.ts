import type { Delivery, FinalSink } from '../core/delivery.ts';
import type { FinalOutcome } from '../core/outcome.ts';
import type { Telemetry } from '../core/ports.ts';
import { type Batcher, type BatchTrigger, batcher } from './batcher.ts';

export interface LaneOptions {
  readonly name: string;
  readonly destination: string;
  readonly sink: FinalSink;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly maxCount: number;
  readonly maxBytes: number;
  readonly lingerMillis: number;
  readonly telemetry: Telemetry;
  /** Called once for each delivery that was sent to its end. */
  settled(delivery: Delivery, outcome: FinalOutcome): void;
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
  /** Ends requests under way; nothing of them settles. */
  abort(): void;
}

export function lane(options: LaneOptions): Lane {
  const queue: (readonly Delivery[])[] = [];
  const abortion = new AbortController();
  let queued = 0;
  let underWay = 0;
  let deliveriesUnderWay = 0;
  let draining = false;

  const batches: Batcher = batcher({
    maxCount: options.maxCount,
    maxBytes: options.maxBytes,
    lingerMillis: options.lingerMillis,
    hasRoom: () => queue.length === 0 && underWay < options.concurrency,
    closed: enqueue,
  });

  function enqueue(batch: readonly Delivery[], bytes: number, trigger: BatchTrigger): void {
    const { destination, telemetry } = options;
    telemetry.emit({ kind: 'batch_closed', destination, trigger, deliveries: batch.length, bytes });
    queue.push(batch);
    queued += batch.length;
    pump();
  }

  function pump(): void {
    while (underWay < options.concurrency && !abortion.signal.aborted) {
      const batch = queue.shift();
      if (batch === undefined) break;
      queued -= batch.length;
      void deliver(batch);
    }
  }

  async function deliver(batch: readonly Delivery[]): Promise<void> {
    const ours: Delivery[] = [];
    for (const delivery of batch) {
      if (delivery.pending.abandoned) options.dropped(delivery);
      else ours.push(delivery);
    }
    underWay += 1;
    deliveriesUnderWay += ours.length;
    try {
      if (ours.length > 0) settleAll(ours, await options.sink.send(ours, abortion.signal));
    } catch (error) {
      if (!abortion.signal.aborted) options.failed(error);
    } finally {
      underWay -= 1;
      deliveriesUnderWay -= ours.length;
    }
    pump();
    if (draining) batches.drain();
    else batches.roomAgain();
  }

  function settleAll(deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[]): void {
    if (outcomes.length !== deliveries.length) {
      throw new Error(`lane ${options.name}: ${outcomes.length} outcomes for ${deliveries.length} deliveries`);
    }
    for (const [index, delivery] of deliveries.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) options.settled(delivery, outcome);
    }
  }

  return {
    name: options.name,
    offer: (delivery) => batches.add(delivery),
    drain() {
      draining = true;
      batches.drain();
    },
    idle: () => batches.size() === 0 && queue.length === 0 && underWay === 0,
    size: () => batches.size() + queued + deliveriesUnderWay,
    abort: () => abortion.abort(),
  };
}
