/**
 * Entries by a hash, in memory without objects: a map of texts would have one for each, which the collector must look at
 * again and again while thousands of changes wait.
 */
export interface HashIndex {
  /** The entry with this hash that `isSought` is true for; -1: there is none. Entries are numbered from 0. */
  find(hash: number, isSought: (entry: number) => boolean): number;
  /** A further entry, also where others have the same hash. Returns its number. */
  add(hash: number): number;
}

const firstCapacity = 64;

/** Open addressing: an entry is in the first free cell from that of its hash on. At most half of the cells are taken. */
export function createHashIndex(): HashIndex {
  let capacity = firstCapacity;
  /** Number of the entry, and 1; 0: the cell is free. */
  let cells = new Int32Array(capacity);
  let hashes = new Float64Array(capacity / 2);
  let size = 0;

  function put(entry: number, hash: number): void {
    let cell = cellOf(hash);
    while (cells[cell] !== 0) cell = (cell + 1) & (capacity - 1);
    cells[cell] = entry + 1;
  }

  function cellOf(hash: number): number {
    return (hash >>> 0) & (capacity - 1);
  }

  function grow(): void {
    capacity *= 2;
    cells = new Int32Array(capacity);
    const larger = new Float64Array(capacity / 2);
    larger.set(hashes);
    hashes = larger;
    for (let entry = 0; entry < size; entry += 1) put(entry, hashes[entry] ?? 0);
  }

  return {
    find(hash, isSought) {
      for (let cell = cellOf(hash); ; cell = (cell + 1) & (capacity - 1)) {
        const entry = (cells[cell] ?? 0) - 1;
        if (entry < 0) return -1;
        if (hashes[entry] === hash && isSought(entry)) return entry;
      }
    },
    add(hash) {
      if (size === hashes.length) grow();
      const entry = size;
      hashes[entry] = hash;
      size += 1;
      put(entry, hash);
      return entry;
    },
  };
}
