/** Where the JSON text of a delivery is. */
export interface EncodedBody {
  /** The text itself, or a buffer of UTF-8 that holds it. */
  readonly body: string | Buffer;
  /** Where it begins in the buffer. */
  readonly at?: number;
  /** UTF-8 length of the text. */
  readonly bytes: number;
}

/** One whose text may be moved to another place. */
export interface MovableBody extends EncodedBody {
  body: string | Buffer;
  at?: number;
}

export function textOf({ body, at = 0, bytes }: EncodedBody): string {
  return typeof body === 'string' ? body : body.toString('utf8', at, at + bytes);
}

/** Writes the text to `target` from `start` on, and returns where it ends. */
export function writeText({ body, at = 0, bytes }: EncodedBody, target: Buffer, start: number): number {
  const written = typeof body === 'string' ? target.write(body, start) : body.copy(target, start, at, at + bytes);
  // Otherwise whatever the memory held before would be sent to Meta.
  if (written !== bytes) throw new Error(`a text of ${written} bytes was measured as ${bytes}`);
  return start + written;
}

/** Most texts fit, whatever characters they have. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** The UTF-8 length of a text. Writing it to a buffer is faster than having V8 count. */
export function bytesOf(text: string): number {
  return text.length * 3 <= scratch.length ? scratch.write(text, 0) : Buffer.byteLength(text);
}
