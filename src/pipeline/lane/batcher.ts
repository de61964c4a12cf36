import type { Delivery } from '../../core/delivery.ts';
import { type BatchBuffer, createBatchBuffer, shrink } from './batch-buffer.ts';

/** What closed a batch. */
export type BatchTrigger = 'count' | 'bytes' | 'linger' | 'drain' | 'room';

export interface BatcherOptions {
  /** These three are read at each use. */
  readonly maxCount: number;
  readonly maxBytes: number;
  /** How long the first delivery of a batch waits for company. */
  readonly lingerMillis: number;
  /** Whether a closed batch would be sent at once. While not, a batch that is due keeps filling. */
  hasRoom(): boolean;
  closed(batch: readonly Delivery[], bytes: number, trigger: BatchTrigger): void;
}

/**
 * Groups deliveries by batch key, in their order; closes a batch on count, bytes or age, and the oldest where there are
 * too many: events may bring what is part of the key.
 */
export interface Batcher {
  add(delivery: Delivery): void;
  /** There is room again: closes the batches whose time has come. */
  roomAgain(): void;
  /** Closes every open batch. */
  drain(): void;
  /** Takes the deliveries that `which` is true for out of the open batches. */
  takeOut(which: (delivery: Delivery) => boolean): readonly Delivery[];
  /** Deliveries in open batches. */
  size(): number;
}

interface OpenBatch {
  deliveries: Delivery[];
  readonly text: BatchBuffer;
  bytes: number;
  timer: NodeJS.Timeout;
  due: boolean;
}

/** Between two events of a request there is a comma. */
const separatorBytes = 1;

const mostOpen = 32;
/** Of so many keys each batch is expected to be as large as the last; of more, small. */
const usualKeys = 4;

/** How much larger than usual a batch may be without another buffer. */
const spare = 1.05;

export function createBatcher(options: BatcherOptions): Batcher {
  const open = new Map<string, OpenBatch>();
  let size = 0;
  /** Of the batch that was closed last: the next one is about as large. */
  let usualBytes = 0;

  function close(key: string, batch: OpenBatch, trigger: BatchTrigger): void {
    clearTimeout(batch.timer);
    open.delete(key);
    size -= batch.deliveries.length;
    usualBytes = Math.min(batch.bytes, options.maxBytes);
    shrink(batch.deliveries, batch.bytes);
    options.closed(batch.deliveries, batch.bytes, trigger);
  }

  function closeOldest(): void {
    for (const [key, batch] of open) {
      close(key, batch, 'room');
      return;
    }
  }

  function started(key: string): OpenBatch {
    if (open.size >= mostOpen) closeOldest();
    const expectedBytes = open.size < usualKeys ? Math.ceil(usualBytes * spare) : 0;
    const batch: OpenBatch = {
      deliveries: [],
      text: createBatchBuffer(expectedBytes),
      bytes: 0,
      due: false,
      timer: setTimeout(() => {
        batch.due = true;
        if (options.hasRoom()) close(key, batch, 'linger');
      }, options.lingerMillis),
    };
    open.set(key, batch);
    return batch;
  }

  return {
    add(delivery) {
      const bytes = delivery.bytes + separatorBytes;
      let batch = open.get(delivery.batchKey);
      if (batch !== undefined && batch.bytes + bytes > options.maxBytes) {
        close(delivery.batchKey, batch, 'bytes');
        batch = undefined;
      }
      batch ??= started(delivery.batchKey);
      batch.text.take(delivery);
      batch.deliveries.push(delivery);
      batch.bytes += bytes;
      size += 1;
      if (batch.deliveries.length >= options.maxCount) close(delivery.batchKey, batch, 'count');
      else if (batch.bytes >= options.maxBytes) close(delivery.batchKey, batch, 'bytes');
    },
    roomAgain() {
      for (const [key, batch] of open) {
        if (!options.hasRoom()) return;
        if (batch.due) close(key, batch, 'linger');
      }
    },
    drain() {
      for (const [key, batch] of open) close(key, batch, 'drain');
    },
    takeOut(which) {
      const taken: Delivery[] = [];
      for (const [key, batch] of open) {
        const kept: Delivery[] = [];
        for (const delivery of batch.deliveries) (which(delivery) ? taken : kept).push(delivery);
        batch.deliveries = kept;
        batch.bytes = kept.reduce((sum, { bytes }) => sum + bytes + separatorBytes, 0);
        if (kept.length > 0) continue;
        clearTimeout(batch.timer);
        open.delete(key);
      }
      size -= taken.length;
      return taken;
    },
    size: () => size,
  };
}
