import { createNameCount } from './name-count.ts';

/** Deeper JSON is refused, so that nothing behind this step can run out of stack. */
export const maxDepth = 1000;
/** Shorter texts can't hold enough to keep the process busy, and are not counted. */
export const countedFrom = 256 * 1024;
/** Members of one object that are read: one more than a field may hold, so that the field is left out as any other is. */
export const maxMembersOfObject = 10_001;
/** Different names of members in a record, of what is read. */
export const maxNames = 30_000;
/** Objects and lists, and what is behind the first member or item of each, in what is read of a record. */
export const maxParts = 2_000_000;

/** `bytes` is what is to be parsed; `cut`: an object in it has lost its members beyond `maxMembersOfObject`. */
export type BoundedJson =
  | { readonly kind: 'bounded'; readonly bytes: Buffer; readonly cut: boolean }
  | { readonly kind: 'too_deep' }
  | { readonly kind: 'too_many' };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openObject = 0x7b;
const openList = 0x5b;
const closeObject = 0x7d;
const closeList = 0x5d;

const tooDeep: BoundedJson = { kind: 'too_deep' };
const tooMany: BoundedJson = { kind: 'too_many' };

/**
 * The text as far as it is read. To parse names that were never seen takes up to a hundred times as long as the same bytes
 * of a list of people, so what there is to parse is counted first, in one look at each byte. Of what is no JSON this says
 * nothing: the parser does.
 */
export function boundedJson(bytes: Buffer): BoundedJson {
  const names = createNameCount(maxNames);
  /** By level: whether it is an object, and the members behind its first. */
  const isObject = new Uint8Array(maxDepth + 1);
  const members = new Uint32Array(maxDepth + 1);
  const kept: Buffer[] = [];
  let keptTo = 0;
  let depth = 0;
  let parts = 0;
  let expectsName = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote) {
      const end = endOfText(bytes, index + 1);
      if (expectsName && names.add(bytes, index + 1, end) > maxNames) return tooMany;
      expectsName = false;
      index = end;
    } else if (byte === comma || byte === openObject || byte === openList) {
      parts += 1;
      if (parts > maxParts) return tooMany;
      if (byte !== comma) {
        depth += 1;
        if (depth > maxDepth) return tooDeep;
        isObject[depth] = byte === openObject ? 1 : 0;
        members[depth] = 0;
      }
      expectsName = isObject[depth] === 1;
      if (byte !== comma || !expectsName) continue;
      const count = (members[depth] ?? 0) + 1;
      members[depth] = count;
      if (count < maxMembersOfObject) continue;
      kept.push(bytes.subarray(keptTo, index));
      index = endOfObject(bytes, index) - 1;
      keptTo = index + 1;
    } else if (byte === closeObject || byte === closeList) {
      if (depth > 0) depth -= 1;
      expectsName = false;
    }
  }
  if (kept.length === 0) return { kind: 'bounded', bytes, cut: false };
  kept.push(bytes.subarray(keptTo));
  return { kind: 'bounded', bytes: Buffer.concat(kept), cut: true };
}

/** Longer texts are left to a search in native code: to look at each byte took three times as long as to parse it. */
const shortText = 64;

/** Where the quote is that ends a text; the length of all when there is none. */
export function endOfText(bytes: Buffer, start: number): number {
  const shortEnd = Math.min(bytes.length, start + shortText);
  let index = start;
  while (index < shortEnd && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1;
  return index < shortEnd ? index : endOfLongText(bytes, index);
}

/** @param start In the text, and not behind a backslash that escapes what is there. */
function endOfLongText(bytes: Buffer, start: number): number {
  for (let from = start; ; ) {
    const found = bytes.indexOf(quote, from);
    if (found === -1) return bytes.length;
    let unescaped = found;
    while (unescaped > from && bytes[unescaped - 1] === backslash) unescaped -= 1;
    if ((found - unescaped) % 2 === 0) return found;
    from = found + 1;
  }
}

/** Where the bracket is that ends the object in which `start` is; the length of the text when there is none. */
function endOfObject(bytes: Buffer, start: number): number {
  let inside = 1;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote) index = endOfText(bytes, index + 1);
    else if (byte === openObject || byte === openList) inside += 1;
    else if (byte === closeObject || byte === closeList) inside -= 1;
    if (inside === 0) return index;
  }
  return bytes.length;
}
