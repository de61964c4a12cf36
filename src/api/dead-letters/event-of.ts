import { readJson } from '../../core/read-json.ts';

/** Longer values are not read for a list, nor searched by path. */
const longestRead = 1024 * 1024;

/** The value of a record as JSON; undefined: it is none. */
export function jsonOf(value: Buffer | null, longest = longestRead): unknown {
  return value === null || value.length > longest ? undefined : readJson(value);
}

/** As deep as a record may be (`maxDepth` of the decoder). */
const deepest = 1_000;
const [quote, backslash, curly, square, curlyEnd, squareEnd] = [0x22, 0x5c, 0x7b, 0x5b, 0x7d, 0x5d];

/** It nests more deeply than whoever walks through it has room for. */
export function isNested(value: Buffer): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at];
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === curly || byte === square) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === curlyEnd || byte === squareEnd) depth -= 1;
  }
  return false;
}
