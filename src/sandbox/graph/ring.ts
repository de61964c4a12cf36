/** The newest `capacity` items, in the order they came. */
export interface Ring<T> {
  /** Returns the item that was pushed out. */
  push(item: T): T | undefined;
  /** Oldest first. */
  items(): Generator<T, void, undefined>;
  size(): number;
  clear(): void;
}

export function createRing<T>(capacity: number): Ring<T> {
  let slots: T[] = [];
  let oldest = 0;

  function* items(): Generator<T, void, undefined> {
    const snapshot = [...slots.slice(oldest), ...slots.slice(0, oldest)];
    yield* snapshot;
  }

  return {
    push(item) {
      if (slots.length < capacity) {
        slots.push(item);
        return undefined;
      }
      const displaced = slots[oldest];
      slots[oldest] = item;
      oldest = (oldest + 1) % capacity;
      return displaced;
    },
    items,
    size: () => slots.length,
    clear() {
      slots = [];
      oldest = 0;
    },
  };
}
