import type { Delivery } from '../../core/delivery.ts';
import { writeText } from '../../core/encoded-body.ts';
import { bufferPool } from '../../core/buffer-pool.ts';

/**
 * Holds the texts of one batch as bytes, outside of V8's heap: as strings they would be most of what the collector has to
 * keep until Meta has answered (docs/decisions/0205-speed.md).
 */
export interface BatchBuffer {
  /** Takes the delivery's text over. */
  take(delivery: Delivery): void;
}

const leastBytes = 16 * 1024;

/** @param expectedBytes Of all texts; more get further room. */
export function createBatchBuffer(expectedBytes: number): BatchBuffer {
  let buffer: Buffer = Buffer.alloc(0);
  let used = 0;
  return {
    take(delivery) {
      if (used + delivery.bytes > buffer.length) {
        buffer = bufferPool.acquire(Math.max(expectedBytes, leastBytes, delivery.bytes));
        used = 0;
      }
      const at = used;
      used = writeText(delivery, buffer, at);
      delivery.body = buffer;
      delivery.at = at;
    },
  };
}

/** Copies what is left of a batch, so that it doesn't hold the room of what is gone. */
export function repack(deliveries: readonly Delivery[]): void {
  const text = createBatchBuffer(deliveries.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const delivery of deliveries) text.take(delivery);
}

/** Frees the room of a whole batch, whose texts nobody reads any more. */
export function discard(deliveries: readonly Delivery[]): void {
  const held = new Set<Buffer>();
  for (const delivery of deliveries) {
    if (typeof delivery.body !== 'string') held.add(delivery.body);
    delivery.body = '';
  }
  for (const buffer of held) bufferPool.release(buffer);
}
