import type { Batch } from 'kafkajs';
import { messageOf } from '../../core/errors.ts';
import type { SourceHandlers } from '../../core/source.ts';
import type { SourceRecord, TopicPartition } from '../../core/record.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';

export interface ReaderParts {
  readonly assignment: Assignment;
  readonly handlers: SourceHandlers;
  /** Whether the pipeline wants nothing of this partition at the moment. */
  readonly stopped: (partition: TopicPartition) => boolean;
  /** The records of a batch, without those that aren't ours. */
  readonly records: (batch: Batch) => readonly SourceRecord[];
  readonly seek: (partition: OwnedPartition) => void;
  /** A batch doesn't begin where it must. */
  readonly mismatch: (partition: OwnedPartition) => void;
}

export interface Reader {
  /**
   * Hands a batch on, or ignores it, so that kafkajs fetches it again. Synchronous, so that the partition stays ours
   * meanwhile.
   */
  batch(batch: Batch, resolveOffset: (offset: string) => void): void;
  /** kafkajs skipped a batch that holds no record for us, up to `lastOffset`. */
  empty(partition: TopicPartition, lastOffset: string): void;
}

/**
 * Takes what kafkajs has read. kafkajs may deliver a batch that was fetched under an assignment that has ended, so each
 * batch must begin exactly where the one before ended, in the present assignment.
 */
export function createReader({ assignment, handlers, stopped, records, seek, mismatch }: ReaderParts): Reader {
  return {
    batch: (batch, resolveOffset) => {
      const owned = assignment.get(batch);
      const last = batch.messages.at(-1);
      if (owned?.epoch === undefined || owned.phase !== 'reading' || stopped(owned) || last === undefined) return;
      if (fetchedOffsetOf(batch) !== owned.next) return mismatch(owned);
      const found = records(batch);
      owned.next = Number(batch.lastOffset()) + 1;
      owned.end = Number(batch.highWatermark);
      resolveOffset(last.offset);
      const { topic, partition, epoch, end } = owned;
      const leftOut = found.length < batch.messages.length ? { readTo: owned.next } : {};
      try {
        handlers.batch({ topic, partition, epoch, records: found, end, ...leftOut });
      } catch (error) {
        // If kafkajs got the error, it would read every partition again and again.
        handlers.failed(error instanceof Error ? error : new Error(messageOf(error)));
      }
    },
    empty: (partition, lastOffset) => {
      const owned = assignment.get(partition);
      if (owned?.phase !== 'reading') return;
      // kafkajs doesn't say where the fetch began. The first one under an epoch may stem from the one before, so it is
      // fetched again. All later ones began at or below `next`, since only we move that.
      if (owned.emptySeen) {
        const before = owned.next;
        owned.next = Math.max(before, Number(lastOffset) + 1);
        if (owned.next === before) return;
        const { topic, partition: number, epoch, next: readTo } = owned;
        if (epoch !== undefined) handlers.batch({ topic, partition: number, epoch, records: [], readTo });
      } else {
        owned.emptySeen = true;
        seek(owned);
      }
    },
  };
}

/** Where the fetch began: kafkajs 2.2 keeps it on the batch but leaves it out of its types. */
function fetchedOffsetOf(batch: Batch & { readonly fetchedOffset?: string }): number {
  return Number(batch.fetchedOffset ?? batch.firstOffset());
}
