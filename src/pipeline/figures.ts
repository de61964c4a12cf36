import type { Clock, Telemetry } from '../core/ports.ts';
import type { TopicPartition } from '../core/record.ts';
import { partitionKey } from '../core/record.ts';
import type { Source } from '../core/source.ts';
import type { Backpressure } from './partition/backpressure.ts';
import type { Partition } from './partition/partition.ts';
import type { EventCounts } from './route/event-counts.ts';
import type { Delays } from './settle/delays.ts';

/** A partition of this process, as operators see it. */
export interface PartitionStatus extends TopicPartition {
  /** Everything below was read. */
  readonly position: number;
  /** Everything below is committed. */
  readonly committed: number;
  /** Where it ends, as far as is known. */
  readonly end: number | undefined;
  /** From `committed` to `end`. */
  readonly left: number | undefined;
  readonly unit: 'records' | 'bytes';
  /** Records that are read and not settled. */
  readonly inFlight: number;
  /** Age of the oldest of them; 0: there is none. */
  readonly oldestMillis: number;
  /** Nothing more of it is read for now: too much is in flight. */
  readonly paused: boolean;
  /** Changes of audiences wait for an earlier owner. */
  readonly handOverWaits: boolean;
}

export interface FiguresOptions {
  readonly source: Pick<Source, 'ends' | 'unit'>;
  readonly backpressure: Backpressure;
  readonly eventCounts: EventCounts;
  readonly delays: Delays;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  partitions(): Iterable<Partition>;
}

/** Figures that are right also while nothing moves: they are told once a second, and whenever somebody asks. */
export interface Figures {
  /** Tells telemetry everything that is counted, as it is now. */
  report(): void;
  /** To be called about once a second: reports, and now and then looks up where partitions end. */
  tick(): void;
  /** A partition is about to go: what of it is settled is told. */
  leave(partition: Partition): void;
  partitions(): readonly PartitionStatus[];
}

/** How often the ends of partitions are looked up that no batch tells of: one request for all of them. */
const endsMillis = 10_000;

export function createFigures(options: FiguresOptions): Figures {
  const { source, backpressure, eventCounts, delays, clock, telemetry } = options;
  const unit = source.unit ?? 'records';
  let lookedUpAt = clock.monotonic();
  let underWay = false;

  function statusOf(partition: Partition): PartitionStatus {
    const { topic, partition: number, committed, tracker, paused, readTo, handOver } = partition;
    const end = latest(partition);
    const oldest = tracker.oldest();
    return {
      topic,
      partition: number,
      position: readTo,
      committed,
      end,
      left: end === undefined ? undefined : Math.max(0, end - committed),
      unit,
      inFlight: tracker.size(),
      oldestMillis: oldest === undefined ? 0 : Math.max(0, clock.now() - oldest),
      paused,
      handOverWaits: handOver.waiting.length > 0,
    };
  }

  function leave(partition: Partition): void {
    const { topic, settled, settledReported } = partition;
    if (settled === settledReported) return;
    partition.settledReported = settled;
    telemetry.emit({ kind: 'record_settled', topic, count: settled - settledReported });
  }

  function report(): void {
    eventCounts.flush();
    delays.flush();
    let records = 0;
    for (const partition of options.partitions()) {
      leave(partition);
      const { topic, partition: number, left, inFlight, oldestMillis } = statusOf(partition);
      records += inFlight;
      telemetry.emit({
        kind: 'lag',
        topic,
        partition: number,
        unit,
        oldestMillis,
        ...(left !== undefined && { left }),
      });
    }
    telemetry.emit({ kind: 'in_flight', records, bytes: backpressure.bytes() });
  }

  /** Of what is read right now each batch tells it; a paused partition, or one whose source is away, tells nothing. */
  async function lookUpEnds(): Promise<void> {
    if (source.ends === undefined || underWay || clock.monotonic() - lookedUpAt < endsMillis) return;
    const list = [...options.partitions()];
    underWay = true;
    try {
      const ends = list.length === 0 ? [] : await source.ends(list);
      const byKey = new Map(ends.map((found) => [partitionKey(found), found.end]));
      for (const partition of list) partition.latest = byKey.get(partitionKey(partition)) ?? partition.latest;
    } catch {
      // The source says elsewhere that it is away, and the figure stays as it was.
    } finally {
      underWay = false;
      lookedUpAt = clock.monotonic();
    }
  }

  return {
    report,
    tick() {
      report();
      void lookUpEnds();
    },
    leave,
    partitions: () => [...options.partitions()].map(statusOf),
  };
}

function latest({ end, latest }: Partition): number | undefined {
  if (end === undefined || latest === undefined) return end ?? latest;
  return Math.max(end, latest);
}
