import { bufferPool } from '../../core/buffer-pool.ts';

/** Memory that records in flight share, so that none needs buffers of its own (docs/decisions/0205-speed.md). */
export interface RecordArena {
  readonly bytes: Buffer;
  hasSpace(bytes: number): boolean;
  /** Copies an occupant's bytes, and returns where they begin. */
  add(slot: ArenaSlot, key: Buffer | null, value: Buffer | null): number;
  /** An occupant of so many bytes is gone. */
  leave(bytes: number): void;
  /** Nobody comes any more. */
  close(): void;
}

export interface ArenaSlot {
  /** Takes its bytes out of the room and leaves it, if it is still in there. */
  moveOut(): void;
}

/** Some 150 records. */
const usualBytes = 256 * 1024;

/** A room that is used for less is cleared: a few records that wait for long would keep all of it. */
const leastUse = 1 / 4;

/** Gives the room for the next record, with space for so many bytes. */
export function createRecordArenas(): (bytes: number) => RecordArena {
  let current = createRecordArena(usualBytes);
  return (bytes) => {
    if (current.hasSpace(bytes)) return current;
    const last = current;
    current = createRecordArena(Math.max(usualBytes, bytes));
    last.close();
    return current;
  };
}

function createRecordArena(size: number): RecordArena {
  const bytes = bufferPool.acquire(size);
  let slots: ArenaSlot[] = [];
  let end = 0;
  let used = 0;
  let closed = false;
  let freed = false;

  function tidy(): void {
    if (used > 0 && used < size * leastUse) {
      const last = slots;
      slots = [];
      for (const slot of last) slot.moveOut();
    }
    if (used > 0 || freed) return;
    freed = true;
    bufferPool.release(bytes);
  }

  return {
    bytes,
    hasSpace: (more) => end + more <= size,
    add(slot, key, value) {
      const start = end;
      if (key !== null) end += key.copy(bytes, end);
      if (value !== null) end += value.copy(bytes, end);
      used += end - start;
      slots.push(slot);
      return start;
    },
    leave(left) {
      used -= left;
      if (closed) tidy();
    },
    close() {
      closed = true;
      tidy();
    },
  };
}
