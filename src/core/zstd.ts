import { zstdDecompressSync } from 'node:zlib';
import { joinedFrames } from './joined-frames.ts';

export interface ZstdLimits {
  /** What would grow beyond it throws `ERR_BUFFER_TOO_LARGE` on the way, as zlib does. */
  readonly maxBytes?: number;
  /** A frame takes as long as some 30 kB of content, also an empty one of 9 bytes. */
  readonly maxFrames?: number;
}

/**
 * Decompresses Zstandard, which may be several frames one behind the other: zlib ends with the first, and says nothing of
 * those that follow. Throws where something isn't a whole frame.
 */
export function decompressZstd(
  compressed: Buffer,
  { maxBytes = Number.POSITIVE_INFINITY, maxFrames = Number.POSITIVE_INFINITY }: ZstdLimits = {},
): Buffer {
  const frames: Buffer[] = [];
  let size = 0;
  for (let rest = compressed; frames.length === 0 || rest.length > 0; ) {
    if (frames.length >= maxFrames) throw new Error('there are too many frames');
    const { buffer, engine } = firstFrame(rest, maxBytes - size);
    if (engine.bytesWritten === 0) throw new Error('what follows is no frame');
    frames.push(buffer);
    size += buffer.length;
    rest = rest.subarray(engine.bytesWritten);
  }
  return joinedFrames(frames);
}

interface ZstdInfo {
  readonly buffer: Buffer;
  /** What it has read. */
  readonly engine: { readonly bytesWritten: number };
}

function firstFrame(bytes: Buffer, maxBytes: number): ZstdInfo {
  const bound = Number.isFinite(maxBytes) ? { maxOutputLength: Math.max(1, maxBytes) } : {};
  const read = zstdDecompressSync(bytes, { ...bound, info: true }) as unknown as ZstdInfo;
  if (read.buffer.length <= maxBytes) return read;
  throw Object.assign(new RangeError('the content is too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
}
