/** Counts names of members, by their hashes. */
export interface NameCount {
  /** Adds the name between the two places of the text. Returns how many different ones there are now. */
  add(text: Buffer, start: number, end: number): number;
}

/** @param most Beyond this many the count need not go on. */
export function createNameCount(most: number): NameCount {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(most * 2)));
  const mask = slots.length - 1;
  let count = 0;
  return {
    add(text, start, end) {
      const hash = hashOf(text, start, end);
      let slot = hash & mask;
      while (slots[slot] !== 0 && slots[slot] !== hash) slot = (slot + 1) & mask;
      if (slots[slot] === hash || count > most) return count;
      slots[slot] = hash;
      count += 1;
      return count;
    },
  };
}

/** FNV-1a; never 0, which is an empty slot. */
function hashOf(text: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ (text[index] ?? 0), 0x01000193);
  return hash >>> 0 || 1;
}
