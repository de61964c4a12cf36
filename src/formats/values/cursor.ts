import { isUtf8 } from 'node:buffer';
import { maxParts } from '../../core/bounded-json.ts';
import { ConnectorError } from '../../core/errors.ts';

/** A place in the bytes of a value, and how much of its limits is used. Moves on as the value is read. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
  /** Items of lists and maps that may still come. Only items without a byte of their own ever use it up. */
  items: number;
  /** Objects and lists that may still come, and members that aren't written: a byte or two can stand for many of them. */
  parts: number;
  depth: number;
}

/** Deeper values are refused, as JSON is. */
const maxDepth = 1000;
/** Items without a byte of their own (null, an empty record) that a value may hold. */
const emptyItems = 65_536;

export function cursorOf(bytes: Buffer, at: number): Cursor {
  return { bytes, at, items: bytes.length + emptyItems, parts: maxParts, depth: 0 };
}

/** The value doesn't fit its schema. Caught where a value's reading began. */
export function mismatch(what: string): ConnectorError {
  return new ConnectorError('SCHEMA_MISMATCH', what);
}

/** @param parts What begins here, with its members that aren't written. */
export function enter(cursor: Cursor, parts = 1): void {
  cursor.depth += 1;
  if (cursor.depth > maxDepth) throw new ConnectorError('TOO_DEEP', `the value nests deeper than ${maxDepth} levels`);
  cursor.parts -= parts;
  if (cursor.parts < 0) throw new ConnectorError('TOO_MANY_MEMBERS', `the value has more than ${maxParts} parts`);
}

export function leave(cursor: Cursor): void {
  cursor.depth -= 1;
}

/** Counts items before they are read, so that a count of billions costs nothing. */
export function countItems(cursor: Cursor, count: number): void {
  cursor.items -= count;
  if (cursor.items < 0)
    throw new ConnectorError('TOO_MANY_ITEMS', 'the value claims more items than its bytes can hold');
}

export function nextByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw mismatch('the value ends too early');
  cursor.at += 1;
  return byte;
}

/** Where the next `length` bytes begin; the cursor stands behind them then. */
export function skipBytes(cursor: Cursor, length: number): number {
  const start = cursor.at;
  if (!(length >= 0 && start + length <= cursor.bytes.length)) throw mismatch('the value ends too early');
  cursor.at = start + length;
  return start;
}

export function takeBytes(cursor: Cursor, length: number): Buffer {
  const start = skipBytes(cursor, length);
  return cursor.bytes.subarray(start, cursor.at);
}

export function takeText(cursor: Cursor, length: number): string {
  const start = skipBytes(cursor, length);
  const text = cursor.bytes.toString('utf8', start, cursor.at);
  // What isn't UTF-8 is read as this character; it may also really be there.
  if (text.includes('\uFFFD') && !isUtf8(cursor.bytes.subarray(start, cursor.at)))
    throw mismatch('a text is not valid UTF-8');
  return text;
}

/** An unsigned number of up to 64 bits, seven bits a byte, as Avro and Protobuf write it. */
export function readVarint(cursor: Cursor): number | bigint {
  let byte = nextByte(cursor);
  let value = byte & 0x7f;
  let bits = 7;
  while (byte >= 0x80) {
    if (bits > 42) return restOfVarint(cursor, BigInt(value), BigInt(bits));
    byte = nextByte(cursor);
    value += (byte & 0x7f) * 2 ** bits;
    bits += 7;
  }
  return value;
}

function restOfVarint(cursor: Cursor, low: bigint, from: bigint): bigint {
  let value = low;
  for (let bits = from; bits < 70n; bits += 7n) {
    const byte = nextByte(cursor);
    value |= BigInt(byte & 0x7f) << bits;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw mismatch('a number has more than 64 bits');
}

/** Avro's and Protobuf's way to write a signed number as an unsigned one: 0, -1, 1, -2 … */
export function unzigzag(value: number | bigint): number | bigint {
  if (typeof value === 'bigint') return (value >> 1n) ^ -(value & 1n);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
