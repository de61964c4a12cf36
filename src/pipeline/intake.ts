import { bugOf } from '../core/bug.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { AssignedPartition, RecordBatch } from '../core/source.ts';
import { offsetRead, partitionKey, type SourceRecord, type TopicPartition } from '../core/record.ts';
import type { Backpressure } from './partition/backpressure.ts';
import { createPartition, type Partition } from './partition/partition.ts';
import { createPendingRecord, type PendingOptions } from './partition/in-flight-record.ts';
import { createRecordArenas } from './partition/record-arena.ts';
import type { IsDoneOf, RecordPlan } from './route/plan.ts';
import type { Router, RouteNext } from './route/router.ts';
import type { EventCounts } from './route/event-counts.ts';

export interface IntakeOptions {
  readonly partitions: Map<string, Partition>;
  readonly router: Router;
  /** The subscriptions (`subscriptionKey`) that change audiences. */
  audienceKeys(): ReadonlySet<string>;
  /** Which parts of a record are to be delivered. Default: all. */
  readonly wants?: (record: SourceRecord, key: string) => boolean;
  readonly backpressure: Backpressure;
  readonly eventCounts: EventCounts;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** So many records are settled. */
  settled(records: number): void;
  /** The partition is about to go to another process. */
  leaving(partition: Partition): void;
  /** Partitions went to another process. */
  abandoned(): void;
  /** A bug, where no caller is there to hear of it. */
  failed(error: unknown): void;
}

/** So much of what was read is routed in one turn of the event loop. Of records that hold several events each event counts for more than its bytes. */
const bytesPerTurn = 1024 * 1024;
/** It may become so many times as much in flight; an event that many subscriptions want counts for what it becomes. */
const usualGrowth = 8;
const overheadOfEvent = 5_000;

/** Takes the partitions and records that the source reports, and passes each record to the router. */
export interface Intake {
  assigned(list: readonly AssignedPartition[], epoch: number): void;
  lost(list: readonly TopicPartition[]): void;
  /**
   * Routed at once up to `bytesPerTurn`, and while there is room in flight: an event that many subscriptions want becomes
   * many deliveries. The rest, and later batches, wait for the next turn, or for room.
   */
  batch(read: RecordBatch): void;
  /** Nothing of what was read waits to be routed. */
  idle(): boolean;
  /** As `idle`, but for what waits for room in flight. */
  stuck(): boolean;
}

type RecordInRouting = ReturnType<typeof createPendingRecord>;

/** A batch that is being routed, or waits for those before it. */
interface BatchInProgress {
  readonly steps: Generator<undefined>;
  /** Counted as in flight until it is begun. */
  bytes: number;
}

export function createIntake(options: IntakeOptions): Intake {
  const { partitions, router, wants, backpressure, eventCounts, clock, telemetry } = options;
  const arenaFor = createRecordArenas();
  const waiting: BatchInProgress[] = [];
  let routedInTurn = 0;
  /** What goes on with the record that was taken last, if it holds events that are not routed yet. */
  let unfinished: (() => boolean) | undefined;

  function released(bytes: number, wasSettled: boolean): void {
    backpressure.release(bytes);
    if (wasSettled) options.settled(1);
    backpressure.relieve();
  }

  /** Undefined: all of the record is routed; else what goes on with it, and tells whether that is so now. */
  function take(
    partition: Partition,
    record: SourceRecord,
    isDone: IsDoneOf,
    plan?: RecordPlan,
  ): (() => boolean) | undefined {
    const slot = partition.tracker.begin(record.next, record.timestamp);
    let pending: RecordInRouting | undefined;
    const pend = () => {
      if (pending === undefined) {
        pending = createPendingRecord({ partition, record, slot, arenaFor, released });
        backpressure.wait(pending.bytes);
      }
      return pending;
    };
    let next: RouteNext | undefined;
    try {
      next = router.route(record, pend, isDone, plan);
    } catch (error) {
      giveUp({ partition, record, slot, arenaFor, released }, pending, error);
      return undefined;
    }
    if (next === undefined) {
      routed(partition, record, slot, pending);
      return undefined;
    }
    partition.progress.routing(offsetRead(record));
    const routeNext = next;
    return () => {
      try {
        return routeEvents(partition, routeNext, () => routed(partition, record, slot, pending));
      } catch (error) {
        giveUp({ partition, record, slot, arenaFor, released }, pending, error);
        return true;
      }
    };
  }

  /** Without its headers and key, since the program may have failed on those. */
  function giveUp(options: PendingOptions, pending: RecordInRouting | undefined, error: unknown): void {
    // Of what is under way nobody knows how far it came: only a restart makes that certain.
    if (pending !== undefined) throw error;
    const { partition, record } = options;
    const bare = createPendingRecord({ ...options, record: { ...record, key: null, headers: undefined } });
    backpressure.acquire(bare.bytes);
    router.giveUp(bare, bugOf(error));
    partition.readTo = record.next;
    partition.progress.routed();
    bare.release();
  }

  function routed(
    partition: Partition,
    record: SourceRecord,
    slot: number,
    pending: RecordInRouting | undefined,
  ): void {
    if (!partition.lost) {
      partition.readTo = record.next;
      partition.progress.routed();
    }
    if (pending !== undefined) {
      backpressure.wait(-pending.bytes);
      backpressure.acquire(pending.bytes);
      pending.release();
    } else if (!partition.lost) {
      partition.tracker.release(slot);
      partition.settled += 1;
      options.settled(1);
    }
  }

  function routeEvents(partition: Partition, next: RouteNext, routed: () => void): boolean {
    while (mayRoute()) {
      const before = backpressure.bytes();
      const { bytes, isLast } = partition.lost ? { bytes: 0, isLast: true } : next();
      routedInTurn += overheadOfEvent + turnBytes(bytes, before);
      if (!isLast) continue;
      routed();
      return true;
    }
    return false;
  }

  function turnBytes(read: number, inFlightBefore: number): number {
    return Math.max(read, (backpressure.bytes() - inFlightBefore) / usualGrowth);
  }

  function mayRoute(): boolean {
    return routedInTurn < bytesPerTurn && !backpressure.isFull();
  }

  /** Routes records from that place on, up to one that is not finished at once, or is too much for this turn; gives the place behind. */
  function takeFrom(partition: Partition, records: readonly SourceRecord[], from: number): number {
    // What was parked is of one subscription: another one has nothing to do with it.
    const ordered = ({ parked }: SourceRecord) => (parked === undefined ? options.audienceKeys() : undefined);
    const isDone: IsDoneOf = (record, key) =>
      wants?.(record, key) === false || partition.progress.isDone(key, offsetRead(record), ordered(record));
    for (let at = from; at < records.length; at++) {
      const record = records[at];
      if (record === undefined) continue;
      const before = backpressure.bytes();
      unfinished = take(partition, record, isDone, router.planned(records, at, isDone));
      routedInTurn += turnBytes(record.value?.length ?? 0, before);
      if (unfinished !== undefined || !mayRoute()) return at + 1;
    }
    return records.length;
  }

  function* route(read: RecordBatch): Generator<undefined> {
    const partition = partitions.get(partitionKey(read));
    if (partition === undefined || partition.epoch !== read.epoch) return;
    if (read.end !== undefined) partition.end = read.end;
    for (let at = 0; at < read.records.length; ) {
      at = takeFrom(partition, read.records, at);
      const goOn = unfinished;
      unfinished = undefined;
      while (goOn?.() === false) yield;
      if (at < read.records.length && !mayRoute()) yield;
      if (partition.lost) return;
    }
    if (read.readTo !== undefined && read.readTo > partition.readTo) {
      partition.readTo = read.readTo;
      partition.tracker.extend(read.readTo);
    }
    telemetry.emit({ kind: 'records_read', topic: read.topic, count: read.records.length, bytes: bytesOf(read) });
    eventCounts.flush();
  }

  function routeWaiting(): void {
    routedInTurn = 0;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (backpressure.isFull()) {
        backpressure.whenRoom(() => setImmediate(routeInNextTurn));
        backpressure.check();
        return;
      }
      backpressure.wait(-first.bytes);
      first.bytes = 0;
      if (first.steps.next().done === true) {
        waiting.shift();
        // Also for what is not routed, because its partition has gone.
        backpressure.check();
      } else if (!backpressure.isFull()) {
        setImmediate(routeInNextTurn);
        return;
      }
    }
  }

  function routeInNextTurn(): void {
    try {
      routeWaiting();
    } catch (error) {
      options.failed(error);
    }
  }

  return {
    assigned(list, epoch) {
      for (const assigned of list) {
        const { topic, partition, position } = assigned;
        partitions.set(partitionKey({ topic, partition }), createPartition(assigned, epoch, clock.monotonic()));
        telemetry.emit({ kind: 'partition_assigned', topic, partition, position });
      }
      backpressure.check();
    },
    lost(list) {
      for (const { topic, partition } of list) {
        const ours = partitions.get(partitionKey({ topic, partition }));
        if (ours === undefined) continue;
        options.leaving(ours);
        ours.lost = true;
        partitions.delete(partitionKey({ topic, partition }));
        telemetry.emit({ kind: 'partition_lost', topic, partition });
      }
      options.abandoned();
      backpressure.check();
    },
    batch(read) {
      const isFirst = waiting.length === 0;
      const bytes = isFirst && !backpressure.isFull() ? 0 : bytesOf(read);
      waiting.push({ steps: route(read), bytes });
      backpressure.wait(bytes);
      if (isFirst) routeWaiting();
      else backpressure.check();
    },
    idle: () => waiting.length === 0,
    stuck: () => waiting.length === 0 || backpressure.isFull(),
  };
}

function bytesOf({ records }: RecordBatch): number {
  let bytes = 0;
  for (const { value } of records) bytes += value?.length ?? 0;
  return bytes;
}
