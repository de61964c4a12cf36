import { gunzipSync } from 'node:zlib';
import type { ReadValue } from '../core/value-reading.ts';
import { decompressZstd } from '../core/zstd.ts';

export type Compression = keyof typeof readers;

const readers = {
  gzip: (value: Buffer, maxBytes: number) => gunzipSync(value, { maxOutputLength: maxBytes }),
  zstd: (value: Buffer, maxBytes: number) => decompressZstd(value, { maxBytes, maxFrames: 1_000 }),
} as const;

/** Decompresses values, each once although it is looked at twice: for its schema's id, and when it is read. */
export interface Decompressor {
  /** Forgets what was kept for values that nobody has read since. */
  begin(): void;
  /** For a look at it; as much is kept as a record may have. */
  peek(value: Buffer, compression: Compression): Buffer | ReadValue;
  read(value: Buffer, compression: Compression): Buffer | ReadValue;
}

/** @param maxBytes What would grow beyond it is given up on the way. */
export function createDecompressor(maxBytes: number): Decompressor {
  const kept = new Map<Buffer, Buffer>();
  let keptBytes = 0;
  return {
    begin() {
      kept.clear();
      keptBytes = 0;
    },
    peek(value, compression) {
      const bytes = decompress(value, compression, maxBytes);
      if (!Buffer.isBuffer(bytes) || keptBytes + bytes.length > maxBytes) return bytes;
      kept.set(value, bytes);
      keptBytes += bytes.length;
      return bytes;
    },
    read(value, compression) {
      const known = kept.get(value);
      if (known === undefined) return decompress(value, compression, maxBytes);
      kept.delete(value);
      keptBytes -= known.length;
      return known;
    },
  };
}

function decompress(value: Buffer, compression: Compression, maxBytes: number): Buffer | ReadValue {
  try {
    return readers[compression](value, maxBytes);
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const failure = isTooLarge
      ? {
          code: 'RECORD_TOO_LARGE',
          message: `the record has more than ${maxBytes} bytes (MAX_RECORD_BYTES) when it is decompressed`,
        }
      : { code: 'NOT_COMPRESSED', message: `the record is not ${compression}, as sources.json says (compression)` };
    return { kind: 'failed', failure };
  }
}
