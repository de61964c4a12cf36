import type { Delivery } from '../../core/delivery.ts';
import { type MovableBody, writeText } from '../../core/encoded-body.ts';
import { bufferPool } from '../../core/buffer-pool.ts';

/**
 * Holds the texts of one batch as bytes, outside of V8's heap: as strings they would be most of what the collector has to
 * keep until Meta has answered (docs/decisions/0205-speed.md).
 */
export interface BatchBuffer {
  /** Takes the text over. */
  take(text: MovableBody): void;
}

const leastBytes = 16 * 1024;

/** @param expectedBytes Of all texts; more get another buffer. */
export function createBatchBuffer(expectedBytes: number): BatchBuffer {
  let buffer: Buffer = Buffer.alloc(0);
  let used = 0;
  return {
    take(text) {
      if (used + text.bytes > buffer.length) {
        buffer = bufferPool.acquire(Math.max(expectedBytes, leastBytes, text.bytes));
        used = 0;
      }
      const at = used;
      used = writeText(text, buffer, at);
      text.body = buffer;
      text.at = at;
    },
  };
}

/** Copies what is left of a batch, so that it doesn't hold the buffer of what is gone. */
export function repack(deliveries: readonly Delivery[]): void {
  const text = createBatchBuffer(deliveries.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const delivery of deliveries) text.take(delivery);
}

/** A batch of few small texts gets memory of its own, which is no larger: there may be many such batches. */
export function shrink(deliveries: readonly Delivery[], batchBytes: number): void {
  if (batchBytes > leastBytes / 4) return;
  const buffers = buffersOf(deliveries);
  const own = Buffer.allocUnsafeSlow(deliveries.reduce((sum, { bytes }) => sum + bytes, 0));
  let used = 0;
  for (const delivery of deliveries) {
    const at = used;
    used = writeText(delivery, own, at);
    delivery.body = own;
    delivery.at = at;
  }
  for (const buffer of buffers) bufferPool.release(buffer);
}

function buffersOf(texts: readonly MovableBody[]): ReadonlySet<Buffer> {
  return new Set(texts.flatMap(({ body }) => (typeof body === 'string' ? [] : [body])));
}

/** Frees the buffers of a whole batch, whose texts are not read any more. */
export function discard(texts: readonly MovableBody[]): void {
  const buffers = buffersOf(texts);
  for (const text of texts) text.body = '';
  for (const buffer of buffers) bufferPool.release(buffer);
}
