import type { Telemetry } from '../../core/ports.ts';
import type { Source } from '../../core/source.ts';
import type { Partition } from './partition.ts';

export interface BackpressureOptions {
  readonly source: Source;
  readonly telemetry: Telemetry;
  /** Bytes in flight above which every partition pauses; below half of it they go on. */
  readonly maxBytes: number;
  /** Records in flight above which one partition pauses; below half of it, it goes on. */
  readonly maxRecordsPerPartition: number;
  partitions(): Iterable<Partition>;
}

/** Bounds what is in flight by pausing the source, and by what is routed of that which was read. */
export interface Backpressure {
  acquire(bytes: number): void;
  release(bytes: number): void;
  /** So many bytes more, or less, were read and are not all routed yet: they count as in flight too. */
  wait(bytes: number): void;
  /** Nothing more is to be routed. What isn't all routed doesn't count here: however large it is, it goes on. */
  isFull(): boolean;
  /** Calls back once, as soon as it isn't full. */
  whenRoom(goOn: () => void): void;
  /** Looks whether partitions must pause or may go on; called after each batch that was read. */
  check(): void;
  /** Looks whether paused ones may go on; called for each record that settles, and cheap when none is paused. */
  relieve(): void;
  bytes(): number;
  /** Which part of what may be in flight is: of the bytes, or of the fullest partition's window; 1 and above: full. */
  fullness(): number;
}

export function createBackpressure(options: BackpressureOptions): Backpressure {
  const { source, telemetry } = options;
  let routed = 0;
  let waiting = 0;
  let goOnWhenRoom: (() => void) | undefined;
  let full = false;
  let pausedPartitions = 0;

  function mustPause(partition: Partition): boolean {
    const size = partition.tracker.size();
    const limit = partition.paused ? options.maxRecordsPerPartition / 2 : options.maxRecordsPerPartition;
    return full || size >= limit;
  }

  return {
    acquire(more) {
      routed += more;
    },
    release(less) {
      routed -= less;
      // Of records that a blocked lane holds nothing settles, though others have got theirs.
      if (pausedPartitions > 0 && full && bytes() <= options.maxBytes / 2) check();
      const goOn = goOnWhenRoom;
      if (goOn === undefined || routed >= options.maxBytes) return;
      goOnWhenRoom = undefined;
      goOn();
    },
    wait(more) {
      waiting += more;
    },
    isFull: () => routed >= options.maxBytes,
    whenRoom(goOn) {
      goOnWhenRoom = goOn;
    },
    check,
    relieve() {
      if (pausedPartitions > 0) check();
    },
    bytes,
    fullness() {
      let fullest = bytes() / options.maxBytes;
      for (const { tracker } of options.partitions()) {
        fullest = Math.max(fullest, tracker.size() / options.maxRecordsPerPartition);
      }
      return pausedPartitions > 0 ? Math.max(1, fullest) : fullest;
    },
  };

  function bytes(): number {
    return routed + waiting;
  }

  function check(): void {
    full = full ? bytes() > options.maxBytes / 2 : bytes() >= options.maxBytes;
    pausedPartitions = 0;
    for (const partition of options.partitions()) {
      setPaused(partition, mustPause(partition));
      if (partition.paused) pausedPartitions += 1;
    }
  }

  function setPaused(partition: Partition, pause: boolean): void {
    if (pause === partition.paused) return;
    partition.paused = pause;
    const { topic, partition: number } = partition;
    if (pause) {
      source.pause([partition]);
      telemetry.emit({ kind: 'partition_paused', topic, partition: number, reason: full ? 'bytes' : 'window' });
    } else {
      source.resume([partition]);
      telemetry.emit({ kind: 'partition_resumed', topic, partition: number });
    }
  }
}
