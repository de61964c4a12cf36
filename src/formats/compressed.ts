import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ReadValue } from '../core/value-reading.ts';

const readers = { gzip: gunzipSync, zstd: zstdDecompressSync } as const;

/** The value as it was before it was compressed. What would grow beyond the limit is given up on the way. */
export function decompress(value: Buffer, compression: keyof typeof readers, maxBytes: number): Buffer | ReadValue {
  try {
    return readers[compression](value, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const failure = isTooLarge
      ? { code: 'RECORD_TOO_LARGE', message: `the record has more than ${maxBytes} bytes when it is decompressed` }
      : { code: 'NOT_COMPRESSED', message: `the record is not ${compression}, as sources.json says (compression)` };
    return { kind: 'failed', failure };
  }
}
