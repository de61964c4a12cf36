/**
 * A number for each of many texts, which are known by 52 bits of a hash: 9 or 16 bytes a slot and no object, so that a
 * million texts take about 20 MB. Two texts are taken for the same one in about a million millions.
 */
export interface FingerprintTable {
  /** 0: none. */
  get(hash: number): number;
  /** Puts what `change` makes of the number. Returns the number before; undefined: the text is new, and the table is full. */
  update(hash: number, change: (before: number) => number): number | undefined;
  /** Puts another number for each. */
  updateAll(change: (before: number) => number): void;
  /** How many texts have each of the numbers 0 to 255. */
  counts(): Uint32Array;
  readonly size: number;
}

/** Texts of all tables together that share it. */
export interface Room {
  left: number;
}

type Numbers = Uint8Array | Float64Array;

const firstSlots = 256;
const fullest = 0.6;

/** @param make Of numbers below 256, `Uint8Array`: 9 bytes a slot in place of 16. */
export function createFingerprintTable(room: Room, make: new (length: number) => Numbers): FingerprintTable {
  let hashes = new Float64Array(firstSlots);
  let numbers = new make(firstSlots);
  let size = 0;

  /** Where the hash is, or would be. */
  function slotOf(hash: number, among: Float64Array): number {
    const mask = among.length - 1;
    let slot = hash & mask;
    while (among[slot] !== hash && among[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  function grow(): void {
    const [before, numbersBefore] = [hashes, numbers];
    hashes = new Float64Array(before.length * 2);
    numbers = new make(before.length * 2);
    for (const [at, hash] of before.entries()) {
      if (hash === 0) continue;
      const slot = slotOf(hash, hashes);
      hashes[slot] = hash;
      numbers[slot] = numbersBefore[at] ?? 0;
    }
  }

  return {
    get(hash) {
      return numbers[slotOf(hash, hashes)] ?? 0;
    },
    update(hash, change) {
      let slot = slotOf(hash, hashes);
      if (hashes[slot] === 0) {
        if (room.left <= 0) return undefined;
        room.left -= 1;
        size += 1;
        if (size > hashes.length * fullest) {
          grow();
          slot = slotOf(hash, hashes);
        }
        hashes[slot] = hash;
      }
      const before = numbers[slot] ?? 0;
      numbers[slot] = change(before);
      return before;
    },
    updateAll(change) {
      for (const [slot, hash] of hashes.entries()) if (hash !== 0) numbers[slot] = change(numbers[slot] ?? 0);
    },
    counts() {
      const counts = new Uint32Array(256);
      for (const [slot, hash] of hashes.entries()) {
        const number = numbers[slot] ?? 0;
        if (hash !== 0) counts[number] = (counts[number] ?? 0) + 1;
      }
      return counts;
    },
    get size() {
      return size;
    },
  };
}

/** Never 0, which is an empty slot. Two FNV-1a hashes with different starts, of which the second gives 20 bits. */
export function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return (high & 0xfffff) * 2 ** 32 + (low >>> 0) + 1;
}
