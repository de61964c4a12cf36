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

/**
 * A record in flight. Holds nothing that the source gave, which would keep a whole fetch in memory. A class, for once
 * (docs/decisions/0205-speed.md): tens of thousands live at once, and the collector's work is by the number of objects.
 */
class RecordInFlight implements PendingRecord {
  readonly record: SourceRecord;
  readonly bytes: number;
  readonly #partition: Partition;
  readonly #slot: number;
  readonly #offset: number;
  readonly #gaveBack: PendingOptions['gaveBack'];
  /** Starts with the routing's own. */
  #count = 1;

  constructor({ partition, record, slot, gaveBack }: PendingOptions) {
    this.record = ownedRecord(record);
    this.bytes = overheadBytes + (record.value?.length ?? 0) + (record.key?.length ?? 0);
    this.#partition = partition;
    this.#slot = slot;
    this.#offset = offsetRead(record);
    this.#gaveBack = gaveBack;
  }

  get abandoned(): boolean {
    return this.#partition.lost;
  }

  hold(part?: string): void {
    this.#count += 1;
    if (part !== undefined) this.#partition.progress.begin(part, this.#offset);
  }

  release(part?: string): void {
    this.#count -= 1;
    if (this.#count < 0) {
      throw new ConnectorError('PENDING_UNDERFLOW', 'a record was released more often than it was held');
    }
    const partition = this.#partition;
    if (part !== undefined) partition.progress.end(part, this.#offset);
    if (this.#count > 0) return;
    if (!partition.lost) partition.tracker.release(this.#slot);
    this.#gaveBack(this.bytes, !partition.lost);
  }
}

/** A record in flight, its bytes copied out of the source's buffers. */
export function pendingRecord(options: PendingOptions): PendingRecord & { readonly bytes: number } {
  return new RecordInFlight(options);
}
