import type { Source, Telemetry } from '../core/ports.ts';
import type { Partition } from './partition.ts';

export interface FlowOptions {
  readonly source: Source;
  readonly telemetry: Telemetry;
  /** Bytes in flight above which every partition pauses; below half of it they go on. */
  readonly maxBytes: number;
  /** Records in flight above which one partition pauses; below half of it, it goes on. */
  readonly maxRecordsPerPartition: number;
  partitions(): Iterable<Partition>;
}

/** Bounds what is in flight by pausing the source. */
export interface Flow {
  took(bytes: number): void;
  gaveBack(bytes: number): void;
  /** Looks whether partitions must pause or may go on. Cheap; called after each batch and each settling. */
  check(): void;
  bytes(): number;
}

export function flow(options: FlowOptions): Flow {
  const { source, telemetry } = options;
  let bytes = 0;
  let full = false;

  function mustPause(partition: Partition): boolean {
    const size = partition.tracker.size();
    const limit = partition.paused ? options.maxRecordsPerPartition / 2 : options.maxRecordsPerPartition;
    return full || size >= limit;
  }

  return {
    took(more) {
      bytes += more;
    },
    gaveBack(less) {
      bytes -= less;
    },
    check() {
      full = full ? bytes > options.maxBytes / 2 : bytes >= options.maxBytes;
      for (const partition of options.partitions()) {
        const pause = mustPause(partition);
        if (pause === partition.paused) continue;
        partition.paused = pause;
        const { topic, partition: number } = partition;
        if (pause) {
          source.pause([partition]);
          const reason = full ? 'bytes' : 'window';
          telemetry.emit({ kind: 'partition_paused', topic, partition: number, reason });
        } else {
          source.resume([partition]);
          telemetry.emit({ kind: 'partition_resumed', topic, partition: number });
        }
      }
    },
    bytes: () => bytes,
  };
}
