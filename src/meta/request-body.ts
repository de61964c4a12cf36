import type { Delivery } from '../core/delivery.ts';

/** JSON text as it is sent, and how many bytes that is in UTF-8. */
export type BodyText = Pick<Delivery, 'body' | 'bytes'>;

const comma = 0x2c;

/**
 * `head`, the texts with commas between, `tail`: each text is written once, to its place. Joined to one text they would
 * be copied three times on their way, and a request has megabytes.
 */
export function requestBody(head: string, texts: readonly BodyText[], tail: string): Buffer {
  const around = Buffer.byteLength(head) + Buffer.byteLength(tail) + Math.max(0, texts.length - 1);
  const bytes = texts.reduce((sum, text) => sum + text.bytes, around);
  const body = Buffer.allocUnsafeSlow(bytes);
  let at = body.write(head);
  for (const [place, text] of texts.entries()) {
    if (place > 0) body[at++] = comma;
    at += body.write(text.body, at);
  }
  at += body.write(tail, at);
  // Otherwise memory that holds anything would go to Meta.
  if (at !== bytes) throw new Error(`a request of ${at} bytes was measured as ${bytes}`);
  return body;
}
