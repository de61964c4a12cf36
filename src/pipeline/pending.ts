import type { PendingRecord } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import { offsetRead, ownedRecord, type SourceRecord } from '../core/record.ts';
import type { Partition } from './partition.ts';

/** What a record in flight costs beyond its bytes: the objects around it. */
const overheadBytes = 500;

export interface PendingOptions {
  readonly partition: Partition;
  readonly record: SourceRecord;
  readonly slot: number;
  /** The record's last delivery is final, or it was abandoned; `bytes` are in flight no longer. */
  gaveBack(bytes: number, settled: boolean): void;
}

/** A record in flight, its bytes copied out of the source's buffers. Starts with the routing's own count. */
export function pendingRecord(options: PendingOptions): PendingRecord & { readonly bytes: number } {
  const { partition, slot } = options;
  const record = ownedRecord(options.record);
  const bytes = overheadBytes + (record.value?.length ?? 0) + (record.key?.length ?? 0);
  const offset = offsetRead(record);
  let count = 1;
  return {
    record,
    bytes,
    get abandoned() {
      return partition.lost;
    },
    hold(part) {
      count += 1;
      if (part !== undefined) partition.progress.begin(part, offset);
    },
    release(part) {
      count -= 1;
      if (count < 0) throw new ConnectorError('PENDING_UNDERFLOW', 'a record was released more often than it was held');
      if (part !== undefined) partition.progress.end(part, offset);
      if (count > 0) return;
      if (!partition.lost) partition.tracker.release(slot);
      options.gaveBack(bytes, !partition.lost);
    },
  };
}
