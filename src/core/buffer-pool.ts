/**
 * Large buffers that are used again. What lies outside of V8's heap counts, too, when V8 decides whether to collect all
 * of it: megabytes that were new for each batch had it do so several times a second (docs/decisions/0205-speed.md).
 */
export interface SpareRooms {
  /** A buffer of so many bytes, which hold anything. */
  take(bytes: number): Buffer;
  /** What was taken: nobody reads it any more. */
  giveBack(room: Buffer): void;
}

/** A room that is larger by more than that is left for others. */
const largestRatio = 4;

/** Sizes are multiples of it, so that what was a little smaller the last time fits again. */
const step = 64 * 1024;

/** @param maxBytes Kept while nobody uses them. */
export function spareRooms(maxBytes: number): SpareRooms {
  let spare: Buffer[] = [];
  let spareBytes = 0;

  return {
    take(bytes) {
      const found = spare.find(({ length }) => length >= bytes && length <= bytes * largestRatio);
      if (found === undefined) return Buffer.allocUnsafeSlow(Math.ceil(bytes / step) * step).subarray(0, bytes);
      spare = spare.filter((room) => room !== found);
      spareBytes -= found.length;
      return found.subarray(0, bytes);
    },
    giveBack({ buffer }) {
      const room = Buffer.from(buffer);
      if (spare.some((other) => other.buffer === room.buffer)) throw new Error('a room was given back twice');
      spare.push(room);
      spareBytes += room.length;
      while (spareBytes > maxBytes) spareBytes -= spare.shift()?.length ?? spareBytes;
    },
  };
}

/** Those of the process: lanes come and go. */
export const rooms: SpareRooms = spareRooms(12 * 1024 * 1024);
