import type { PendingRecord } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import {
  type EventOfRecord,
  headerBytes,
  offsetRead,
  ownedHeaders,
  type ParkedTag,
  type RecordHeaders,
  type SourceRecord,
} from '../../core/record.ts';
import type { Partition } from './partition.ts';
import type { ArenaSlot, RecordArena } from './record-arena.ts';

/** What a record in flight costs beyond its bytes: the objects around it. */
const overheadBytes = 500;

export interface PendingOptions {
  readonly partition: Partition;
  readonly record: SourceRecord;
  readonly slot: number;
  readonly arenaFor: (bytes: number) => RecordArena;
  /** The record's last delivery is final, or it was abandoned. `bytes` are no longer in flight. */
  released(bytes: number, settled: boolean): void;
}

/**
 * A record in flight. Holds nothing that the source gave, which would keep a whole fetch in memory. A class, for once
 * (docs/decisions/0205-speed.md): tens of thousands live at once, and the collector's work is by the number of objects.
 */
class RecordInFlight implements PendingRecord, ArenaSlot {
  readonly topic: string;
  readonly partition: number;
  readonly parked: ParkedTag | undefined;
  readonly bytes: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly #next: number;
  readonly #headers: RecordHeaders | undefined;
  readonly #event: EventOfRecord | undefined;
  /** Undefined: there are no bytes, not even none. */
  readonly #keyBytes: number | undefined;
  readonly #valueBytes: number | undefined;
  readonly #partition: Partition;
  readonly #slot: number;
  readonly #released: PendingOptions['released'];
  /** Where its bytes are, until they are asked for. */
  #arena: RecordArena | undefined;
  readonly #start: number;
  #record: SourceRecord | undefined;
  /** Starts with the routing's own. */
  #count = 1;

  constructor({ partition, record, slot, arenaFor, released }: PendingOptions) {
    const { key, value, headers } = record;
    this.topic = record.topic;
    this.partition = record.partition;
    this.parked = record.parked;
    this.offset = record.offset;
    this.#next = record.next;
    this.timestamp = record.timestamp;
    this.#headers = headers === undefined ? undefined : ownedHeaders(headers);
    this.#event = record.event;
    this.#keyBytes = key?.length;
    this.#valueBytes = value?.length;
    this.#partition = partition;
    this.#slot = slot;
    this.#released = released;
    const size = (key?.length ?? 0) + (value?.length ?? 0);
    this.bytes = overheadBytes + size + (headers === undefined ? 0 : headerBytes(headers));
    this.#arena = arenaFor(size);
    this.#start = this.#arena.add(this, key, value);
  }

  get abandoned(): boolean {
    return this.#partition.lost;
  }

  get record(): SourceRecord {
    this.#record ??= this.#copied();
    return this.#record;
  }

  hold(key?: string): void {
    this.#count += 1;
    if (key !== undefined) this.#partition.progress.begin(key, offsetRead(this));
  }

  release(key?: string): void {
    this.#count -= 1;
    if (this.#count < 0) {
      throw new ConnectorError('PENDING_UNDERFLOW', 'a record was released more often than it was held');
    }
    const partition = this.#partition;
    if (key !== undefined) partition.progress.end(key, offsetRead(this));
    if (this.#count > 0) return;
    this.#leave();
    if (!partition.lost) {
      partition.tracker.release(this.#slot);
      partition.settled += 1;
    }
    this.#released(this.bytes, !partition.lost);
  }

  moveOut(): void {
    if (this.#arena !== undefined) this.#record = this.#copied();
  }

  /** With bytes of its own: the arena's will be used again for other records. */
  #copied(): SourceRecord {
    const arena = this.#arena;
    if (arena === undefined) throw new ConnectorError('PENDING_SETTLED', 'a record was read after it was settled');
    const valueStart = this.#start + (this.#keyBytes ?? 0);
    const copy: SourceRecord = {
      topic: this.topic,
      partition: this.partition,
      offset: this.offset,
      next: this.#next,
      timestamp: this.timestamp,
      key: copied(arena, this.#start, this.#keyBytes),
      value: copied(arena, valueStart, this.#valueBytes),
      headers: this.#headers,
      ...(this.parked !== undefined && { parked: this.parked }),
      ...(this.#event !== undefined && { event: this.#event }),
    };
    this.#leave();
    return copy;
  }

  #leave(): void {
    const arena = this.#arena;
    this.#arena = undefined;
    arena?.leave((this.#keyBytes ?? 0) + (this.#valueBytes ?? 0));
  }
}

function copied(arena: RecordArena, start: number, bytes: number | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(arena.bytes.subarray(start, start + bytes));
}

/** A record whose settling doesn't matter: nothing of it is sent, or it is settled elsewhere. */
export function unheldRecord(record: SourceRecord): PendingRecord {
  const { topic, partition, parked, timestamp } = record;
  return {
    record,
    topic,
    partition,
    parked,
    timestamp,
    hold: () => undefined,
    release: () => undefined,
    abandoned: false,
  };
}

/** A record in flight, its bytes copied out of the source's buffers. */
export function createPendingRecord(options: PendingOptions): PendingRecord & { readonly bytes: number } {
  return new RecordInFlight(options);
}
