import { type EncodedBody, writeText } from '../core/encoded-body.ts';
import { bufferPool } from '../core/buffer-pool.ts';

const comma = 0x2c;

/**
 * `head`, the texts with commas between, `tail`: each text is written once, to its place. Joined to one text they would
 * be copied three times on their way, and a request has megabytes.
 */
export function requestBody(head: string, texts: readonly EncodedBody[], tail: string): Buffer {
  const around = Buffer.byteLength(head) + Buffer.byteLength(tail) + Math.max(0, texts.length - 1);
  const bytes = texts.reduce((sum, text) => sum + text.bytes, around);
  const body = bufferPool.acquire(bytes);
  let at = body.write(head);
  let first = true;
  for (const text of texts) {
    if (!first) body[at++] = comma;
    first = false;
    at = writeText(text, body, at);
  }
  at += body.write(tail, at);
  // Otherwise memory that holds anything would go to Meta.
  if (at !== bytes) throw new Error(`a request of ${at} bytes was measured as ${bytes}`);
  return body;
}
