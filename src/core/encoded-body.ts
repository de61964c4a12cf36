/** Where the JSON text of a delivery is. */
export interface EncodedBody {
  /** The text itself, or bytes (UTF-8) that it is among. */
  readonly body: string | Buffer;
  /** Where it begins among the bytes. */
  readonly at?: number;
  /** UTF-8 length of the text. */
  readonly bytes: number;
}

export function textOf({ body, at = 0, bytes }: EncodedBody): string {
  return typeof body === 'string' ? body : body.toString('utf8', at, at + bytes);
}

/** Writes the text to `target` from `start` on, and returns where it ends. */
export function writeText({ body, at = 0, bytes }: EncodedBody, target: Buffer, start: number): number {
  const written = typeof body === 'string' ? target.write(body, start) : body.copy(target, start, at, at + bytes);
  // Otherwise memory that holds anything would go to Meta.
  if (written !== bytes) throw new Error(`a text of ${written} bytes was measured as ${bytes}`);
  return start + written;
}

/** Most texts fit, whatever their letters. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** UTF-8 length of a text. To write it somewhere is faster than to have V8 count. */
export function bytesOf(text: string): number {
  return text.length * 3 <= scratch.length ? scratch.write(text, 0) : Buffer.byteLength(text);
}
