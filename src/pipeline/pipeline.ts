import type { Delivery, FinalSink, PendingRecord } from '../core/delivery.ts';
import type { FinalOutcome } from '../core/outcome.ts';
import type {
  AssignedPartition,
  Clock,
  DeadLetterQueue,
  RecordBatch,
  Source,
  Telemetry,
  TopicPartition,
} from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { committer } from './committer.ts';
import { deadLetterWriter } from './dead-letter-writer.ts';
import type { DecodeOptions } from './decode.ts';
import { flow } from './flow.ts';
import { type Lane, lane } from './lane.ts';
import { ownedPartition, type Partition, partitionKey } from './partition.ts';
import { pendingRecord } from './pending.ts';
import { router } from './router.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly deadLetters: DeadLetterQueue;
  readonly destinations: readonly Destination[];
  /** The lane's sink, with everything around it that makes its outcomes final. */
  sinkFor(destination: Destination): FinalSink;
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: PipelineLimits;
  /** Something is wrong with the product or its source: stop the process. */
  failed(error: Error): void;
}

export interface PipelineLimits {
  readonly maxInFlightBytes: number;
  readonly maxInFlightRecordsPerPartition: number;
  readonly requestsPerLane: number;
  readonly conversionsLingerMillis: number;
  readonly commitIntervalMillis: number;
  readonly commitEveryRecords: number;
}

/** From the source's records to commits. */
export interface Pipeline {
  start(): Promise<void>;
  /** Everything that the source had when it was finite, or when it was asked, is settled. Resolves then. */
  finished(): Promise<void>;
  /**
   * Reads no more, sends what is batched, waits until all is settled or `deadlineMillis` passed, commits and leaves.
   * True when everything that was read is settled.
   */
  stop(deadlineMillis: number): Promise<boolean>;
  inFlight(): { readonly records: number; readonly bytes: number; readonly deliveries: number };
  /** Every assigned partition was read to the end that was last heard of. */
  caughtUp(): boolean;
}

const pollMillis = 20;

export function pipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits } = options;
  const partitions = new Map<string, Partition>();
  const letters = deadLetterWriter(options.deadLetters, clock, telemetry);
  let sourceEnded = false;
  let settledSinceReport = 0;

  const bounds = flow({
    source,
    telemetry,
    maxBytes: limits.maxInFlightBytes,
    maxRecordsPerPartition: limits.maxInFlightRecordsPerPartition,
    partitions: () => partitions.values(),
  });
  const commits = committer({
    source,
    telemetry,
    intervalMillis: limits.commitIntervalMillis,
    everyRecords: limits.commitEveryRecords,
    partitions: () => partitions.values(),
  });
  const lanes = new Map<Destination, Lane>(
    options.destinations.map((destination) => [
      destination,
      lane({
        name: destination.name,
        destination: destination.name,
        sink: options.sinkFor(destination),
        concurrency: limits.requestsPerLane,
        maxCount: destination.settings.batch.maxEvents,
        maxBytes: destination.settings.batch.maxBytes,
        lingerMillis: destination.settings.batch.lingerMillis ?? limits.conversionsLingerMillis,
        telemetry,
        settled: settle,
        dropped(delivery) {
          bounds.gaveBack(delivery.bytes);
          delivery.pending.release();
        },
        failed: (error) => options.failed(error instanceof Error ? error : new Error(String(error))),
      }),
    ]),
  );
  const routing = router({
    destinations: options.destinations,
    decode: options.decode,
    clock,
    telemetry,
    deliver: (destination, delivery) => {
      bounds.took(delivery.bytes);
      lanes.get(destination)?.offer(delivery);
    },
    setAside: (letter, pending) => letters.add(letter, () => pending.release()),
  });

  /** A delivery is final: done, or set aside with the reason first. */
  function settle(delivery: Delivery, outcome: FinalOutcome): void {
    bounds.gaveBack(delivery.bytes);
    const { destination, subscription, action, pending, eventId } = delivery;
    if (outcome.kind === 'delivered') {
      telemetry.emit({ kind: 'delivered', destination, subscription, action, count: 1 });
      pending.release();
      return;
    }
    const { failure } = outcome;
    const field = failure.field === undefined ? {} : { field: failure.field };
    telemetry.emit({ kind: 'dead_letter', destination, subscription, code: failure.code, ...field });
    const id = eventId === undefined ? {} : { eventId };
    const letter = { record: pending.record, failure, destination, subscription, action, ...id, at: clock.now() };
    letters.add(letter, () => pending.release());
  }

  function take(partition: Partition, record: SourceRecord): void {
    const slot = partition.tracker.begin(record.next);
    partition.readTo = record.next;
    let pending: (PendingRecord & { readonly bytes: number }) | undefined;
    const pend = (): PendingRecord => {
      if (pending === undefined) {
        pending = pendingRecord({ partition, record, slot, gaveBack });
        bounds.took(pending.bytes);
      }
      return pending;
    };
    routing.route(record, pend);
    if (pending !== undefined) pending.release();
    else {
      partition.tracker.release(slot);
      settled(1);
    }
  }

  function gaveBack(bytes: number, wasSettled: boolean): void {
    bounds.gaveBack(bytes);
    if (wasSettled) settled(1);
    bounds.check();
  }

  function settled(records: number): void {
    settledSinceReport += records;
    commits.settled(records);
  }

  function batch(read: RecordBatch): void {
    const partition = partitions.get(partitionKey(read.topic, read.partition));
    if (partition === undefined || partition.epoch !== read.epoch) return;
    if (read.end !== undefined) partition.end = read.end;
    let bytes = 0;
    for (const record of read.records) {
      bytes += record.value?.length ?? 0;
      take(partition, record);
    }
    telemetry.emit({ kind: 'records_read', topic: read.topic, count: read.records.length, bytes });
    report(partition);
    bounds.check();
  }

  function report(partition: Partition): void {
    const { topic, end, readTo } = partition;
    telemetry.emit({ kind: 'record_settled', topic, count: settledSinceReport });
    settledSinceReport = 0;
    telemetry.emit({ kind: 'in_flight', records: recordsInFlight(), bytes: bounds.bytes() });
    if (end !== undefined) {
      telemetry.emit({ kind: 'lag', topic, partition: partition.partition, records: Math.max(0, end - readTo) });
    }
  }

  function assigned(list: readonly AssignedPartition[], epoch: number): void {
    for (const one of list) {
      partitions.set(partitionKey(one.topic, one.partition), ownedPartition(one, epoch));
      telemetry.emit({
        kind: 'partition_assigned',
        topic: one.topic,
        partition: one.partition,
        position: one.position,
      });
    }
    bounds.check();
  }

  function lost(list: readonly TopicPartition[]): void {
    for (const { topic, partition } of list) {
      const ours = partitions.get(partitionKey(topic, partition));
      if (ours === undefined) continue;
      ours.lost = true;
      partitions.delete(partitionKey(topic, partition));
      telemetry.emit({ kind: 'partition_lost', topic, partition });
    }
  }

  const recordsInFlight = () => sumOf(partitions.values(), (partition) => partition.tracker.size());
  const deliveriesInFlight = () => sumOf(lanes.values(), (one) => one.size());
  const allSettled = () => recordsInFlight() === 0 && letters.idle() && [...lanes.values()].every((one) => one.idle());
  const caughtUp = () =>
    partitions.size > 0 && [...partitions.values()].every((one) => one.end !== undefined && one.readTo >= one.end);

  return {
    async start() {
      await options.deadLetters.open();
      commits.start();
      await source.start({
        assigned,
        lost,
        batch: guarded(batch),
        ended() {
          sourceEnded = true;
          for (const one of lanes.values()) one.drain();
        },
        failed: options.failed,
      });
    },
    async finished() {
      while (!(sourceEnded || caughtUp()) || !allSettled()) await clock.sleep(pollMillis);
    },
    async stop(deadlineMillis) {
      const deadline = clock.now() + deadlineMillis;
      await source.quiesce();
      for (const one of lanes.values()) one.drain();
      while (!allSettled() && clock.now() < deadline) await clock.sleep(pollMillis);
      const clean = allSettled();
      for (const one of lanes.values()) one.abort();
      letters.abort();
      commits.stop();
      await commits.flush();
      await source.stop();
      await options.deadLetters.close();
      return clean;
    },
    inFlight: () => ({ records: recordsInFlight(), bytes: bounds.bytes(), deliveries: deliveriesInFlight() }),
    caughtUp,
  };

  /** A bug in routing must end the process, not leave a hole that is committed over. */
  function guarded<A>(handler: (argument: A) => void): (argument: A) => void {
    return (argument) => {
      try {
        handler(argument);
      } catch (error) {
        options.failed(error instanceof Error ? error : new Error(String(error)));
      }
    };
  }
}

function sumOf<T>(items: Iterable<T>, number: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += number(item);
  return sum;
}
