/** The newest numbers of a series, as many as it has room for; those before the first are 0. */
export interface Ring {
  push(value: number): void;
  /** The newest `length`, the oldest of them first. */
  last(length: number): readonly number[];
  /** Of the newest `length`. */
  sum(length: number): number;
}

export function createRing(capacity: number): Ring {
  /** Made for the first number that isn't 0: most of what is counted of hundreds of subscriptions never happens. */
  let values: Uint32Array | undefined;
  let next = 0;
  const at = (back: number) => values?.[(next - back + capacity) % capacity] ?? 0;
  return {
    push(value) {
      if (value !== 0) values ??= new Uint32Array(capacity);
      if (values !== undefined) values[next] = value;
      next = (next + 1) % capacity;
    },
    last: (length) => Array.from({ length }, (_, index) => at(length - index)),
    sum(length) {
      let sum = 0;
      for (let back = 1; back <= length; back += 1) sum += at(back);
      return sum;
    },
  };
}
