import { ConnectorError } from '../../core/errors.ts';

/**
 * Which records of one partition, under one epoch, are settled; and up to where everything is.
 *
 * A record is entered when it is read and holds one count until its deliveries are registered; each delivery holds
 * one more. At zero it is settled. The watermark is the position behind the longest settled run from the start: it
 * never moves past a record with a count, whatever the order in which records settle. Positions may have gaps
 * (compacted topics, transaction markers, byte offsets of a file); slots are consecutive.
 */
export interface OffsetTracker {
  /** Enters a record that ends at position `next`, with a count of one. Returns its slot. `timestamp`: the record's. */
  begin(next: number, timestamp?: number): number;
  hold(slot: number): void;
  release(slot: number): void;
  /** Everything below `next` was read and holds no further record: it settles with the last one. */
  extend(next: number): void;
  /** Everything below this position is settled. */
  watermark(): number;
  /** Timestamp of the first record from the watermark on that has one: below zero is none. Undefined: no record has. */
  oldest(): number | undefined;
  /** Records entered and not below the watermark. */
  size(): number;
}

const initialCapacity = 1024;

/** A ring of reference counts that grows by doubling; `start` is the position of the first record to come. */
export function createOffsetTracker(start: number): OffsetTracker {
  let capacity = initialCapacity;
  let counts = new Int32Array(capacity);
  let ends = new Float64Array(capacity);
  let times = new Float64Array(capacity);
  let head = 0;
  let tail = 0;
  let settledTo = start;
  let lastNext = start;

  function grow(): void {
    const counts2 = new Int32Array(capacity * 2);
    const ends2 = new Float64Array(capacity * 2);
    const times2 = new Float64Array(capacity * 2);
    for (let slot = head; slot < tail; slot++) {
      const from = slot & (capacity - 1);
      const to = slot & (capacity * 2 - 1);
      counts2[to] = counts[from] ?? 0;
      ends2[to] = ends[from] ?? 0;
      times2[to] = times[from] ?? 0;
    }
    counts = counts2;
    ends = ends2;
    times = times2;
    capacity *= 2;
  }

  function at(slot: number): number {
    if (slot < head || slot >= tail) {
      throw new ConnectorError('TRACKER_SLOT', `record slot ${slot} is not in flight (${head} to ${tail})`);
    }
    return slot & (capacity - 1);
  }

  return {
    begin(next, timestamp = 0) {
      if (next <= lastNext && tail > 0) {
        throw new ConnectorError(
          'TRACKER_ORDER',
          `a record that ends at ${next} came after one that ends at ${lastNext}`,
        );
      }
      if (tail - head === capacity) grow();
      const slot = tail;
      counts[slot & (capacity - 1)] = 1;
      ends[slot & (capacity - 1)] = next;
      times[slot & (capacity - 1)] = timestamp;
      lastNext = next;
      tail += 1;
      return slot;
    },
    hold(slot) {
      const index = at(slot);
      counts[index] = (counts[index] ?? 0) + 1;
    },
    release(slot) {
      const index = at(slot);
      const count = (counts[index] ?? 0) - 1;
      if (count < 0) throw new ConnectorError('TRACKER_UNDERFLOW', `record slot ${slot} was released too often`);
      counts[index] = count;
      if (count > 0 || slot !== head) return;
      while (head < tail && counts[head & (capacity - 1)] === 0) {
        settledTo = ends[head & (capacity - 1)] ?? settledTo;
        head += 1;
      }
    },
    extend(next) {
      if (next <= lastNext) return;
      lastNext = next;
      if (head === tail) settledTo = next;
      else ends[(tail - 1) & (capacity - 1)] = next;
    },
    watermark: () => settledTo,
    oldest() {
      for (let slot = head; slot < tail; slot += 1) {
        const time = times[slot & (capacity - 1)] ?? 0;
        if (time >= 0) return time;
      }
      return undefined;
    },
    size: () => tail - head,
  };
}
