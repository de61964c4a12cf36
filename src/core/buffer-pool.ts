/**
 * Large buffers that are used again. V8 counts memory outside of its heap, too, when it decides whether to collect all
 * of it: new megabytes for each batch had it do so several times a second (docs/decisions/0205-speed.md).
 */
export interface BufferPool {
  /** A buffer of that many bytes. What it holds is left over from its last use. */
  acquire(bytes: number): Buffer;
  /** Gives a buffer back that nobody reads any more. Small ones, which aren't of the pool, are left to the collector. */
  release(buffer: Buffer): void;
}

/** A buffer that is larger by more than that is left for others. */
const largestRatio = 4;

/** Sizes are multiples of it, so that what was a little smaller the last time fits again. */
const step = 64 * 1024;

/** @param maxBytes How much is kept while nobody uses it. */
export function createBufferPool(maxBytes: number): BufferPool {
  let spare: Buffer[] = [];
  let spareBytes = 0;

  return {
    acquire(bytes) {
      const found = spare.find(({ length }) => length >= bytes && length <= bytes * largestRatio);
      if (found === undefined) return Buffer.allocUnsafeSlow(Math.ceil(bytes / step) * step).subarray(0, bytes);
      spare = spare.filter((buffer) => buffer !== found);
      spareBytes -= found.length;
      return found.subarray(0, bytes);
    },
    release({ buffer }) {
      const whole = Buffer.from(buffer);
      if (whole.length < step) return;
      if (spare.some((other) => other.buffer === whole.buffer)) throw new Error('a buffer was released twice');
      spare.push(whole);
      spareBytes += whole.length;
      while (spareBytes > maxBytes) spareBytes -= spare.shift()?.length ?? spareBytes;
    },
  };
}

/** The process has one: lanes come and go. */
export const bufferPool: BufferPool = createBufferPool(12 * 1024 * 1024);
