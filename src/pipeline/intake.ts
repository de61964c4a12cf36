import type { Clock, Telemetry } from '../core/ports.ts';
import type { AssignedPartition, RecordBatch } from '../core/source.ts';
import { offsetRead, partitionKey, type SourceRecord, type TopicPartition } from '../core/record.ts';
import type { Backpressure } from './partition/backpressure.ts';
import { createPartition, type Partition } from './partition/partition.ts';
import { createPendingRecord } from './partition/in-flight-record.ts';
import { createRecordArenas } from './partition/record-arena.ts';
import type { Router } from './route/router.ts';
import type { EventCounts } from './route/event-counts.ts';

export interface IntakeOptions {
  readonly partitions: Map<string, Partition>;
  readonly router: Router;
  /** Which parts of a record are to be delivered. Default: all. */
  readonly wants?: (record: SourceRecord, key: string) => boolean;
  readonly backpressure: Backpressure;
  readonly eventCounts: EventCounts;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** So many records are settled. */
  settled(records: number): void;
  /** Partitions went to another process. */
  abandoned(): void;
}

/** Takes the partitions and records that the source reports, and passes each record to the router. */
export interface Intake {
  assigned(list: readonly AssignedPartition[], epoch: number): void;
  lost(list: readonly TopicPartition[]): void;
  batch(read: RecordBatch): void;
}

export function createIntake(options: IntakeOptions): Intake {
  const { partitions, router, wants, backpressure, eventCounts, clock, telemetry } = options;
  const arenaFor = createRecordArenas();
  let settledSinceReport = 0;

  function settled(records: number): void {
    settledSinceReport += records;
    options.settled(records);
  }

  function released(bytes: number, wasSettled: boolean): void {
    backpressure.release(bytes);
    if (wasSettled) settled(1);
    backpressure.relieve();
  }

  function take(partition: Partition, record: SourceRecord): void {
    const slot = partition.tracker.begin(record.next, record.timestamp);
    partition.readTo = record.next;
    let pending: ReturnType<typeof createPendingRecord> | undefined;
    const pend = () => {
      if (pending === undefined) {
        pending = createPendingRecord({ partition, record, slot, arenaFor, released });
        backpressure.acquire(pending.bytes);
      }
      return pending;
    };
    const isDone = (key: string) =>
      wants?.(record, key) === false || partition.progress.isDone(key, offsetRead(record));
    router.route(record, pend, isDone);
    if (pending !== undefined) pending.release();
    else {
      partition.tracker.release(slot);
      settled(1);
    }
  }

  function report(partition: Partition): void {
    const { topic, end, readTo } = partition;
    telemetry.emit({ kind: 'record_settled', topic, count: settledSinceReport });
    settledSinceReport = 0;
    let records = 0;
    for (const { tracker } of partitions.values()) records += tracker.size();
    telemetry.emit({ kind: 'in_flight', records, bytes: backpressure.bytes() });
    if (end !== undefined) {
      telemetry.emit({ kind: 'lag', topic, partition: partition.partition, records: Math.max(0, end - readTo) });
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
        ours.lost = true;
        partitions.delete(partitionKey({ topic, partition }));
        telemetry.emit({ kind: 'partition_lost', topic, partition });
      }
      options.abandoned();
      backpressure.check();
    },
    batch(read) {
      const partition = partitions.get(partitionKey(read));
      if (partition === undefined || partition.epoch !== read.epoch) return;
      if (read.end !== undefined) partition.end = read.end;
      let bytes = 0;
      for (const record of read.records) {
        bytes += record.value?.length ?? 0;
        take(partition, record);
      }
      if (read.readTo !== undefined && read.readTo > partition.readTo) {
        partition.readTo = read.readTo;
        partition.tracker.extend(read.readTo);
      }
      telemetry.emit({ kind: 'records_read', topic: read.topic, count: read.records.length, bytes });
      eventCounts.flush();
      report(partition);
      backpressure.check();
    },
  };
}
