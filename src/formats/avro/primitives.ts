import {
  type Cursor,
  mismatch,
  nextByte,
  readVarint,
  skipBytes,
  takeBytes,
  takeText,
  unzigzag,
} from '../values/cursor.ts';
import { finite, shortestFloat, wholeNumber } from '../values/numbers.ts';

/** Reads one value of its type, and moves the cursor behind it. */
export type Reader = (cursor: Cursor) => unknown;

/** A signed number of up to 64 bits, exactly. */
export function readLong(cursor: Cursor): number | bigint {
  return unzigzag(readVarint(cursor));
}

/** A number that JavaScript can count with: a length, an index, an int. */
export function readInt(cursor: Cursor): number {
  const value = readLong(cursor);
  if (typeof value === 'number') return value;
  throw mismatch('a length or an index is too large');
}

/** Avro's primitive types (Avro 1.12 specification: binary encoding). */
export const primitives: Readonly<Record<string, Reader>> = {
  null: () => null,
  boolean(cursor) {
    const byte = nextByte(cursor);
    if (byte > 1) throw mismatch('a boolean is neither 0 nor 1');
    return byte === 1;
  },
  int: readInt,
  long: (cursor) => wholeNumber(readLong(cursor)),
  float: (cursor) => shortestFloat(cursor.bytes.readFloatLE(skipBytes(cursor, 4))),
  double: (cursor) => finite(cursor.bytes.readDoubleLE(skipBytes(cursor, 8))),
  bytes: (cursor) => takeBytes(cursor, readInt(cursor)).toString('base64'),
  string: (cursor) => takeText(cursor, readInt(cursor)),
};
