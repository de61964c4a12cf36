import { type Cursor, mismatch, readVarint, skipBytes, takeBytes, takeText, unzigzag } from '../values/cursor.ts';
import { finite, shortestFloat, wholeNumber } from '../values/numbers.ts';

/** How a value is written (Protocol Buffers: encoding, message structure). */
export const wire = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;

export interface Scalar {
  readonly wire: number;
  /** Reads one value, and moves the cursor behind it. */
  read(cursor: Cursor): unknown;
  /** What a field without presence is that isn't written. */
  readonly absent: unknown;
}

/** A length, or an index, which JavaScript can count with. */
export function readCount(cursor: Cursor): number {
  const value = readVarint(cursor);
  if (typeof value === 'number' && value <= 0xffff_ffff) return value;
  throw mismatch('a length is too large');
}

/** Of a number of 64 bits the lower 32, with their sign: how int32 and enums are read. */
export function readInt32(cursor: Cursor): number {
  const value = readVarint(cursor);
  return typeof value === 'number' && value <= 0x7fff_ffff ? value : Number(BigInt.asIntN(32, BigInt(value)));
}

function signed64(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value : BigInt.asIntN(64, value);
}

const varint = (read: (cursor: Cursor) => unknown, absent: unknown = 0): Scalar => ({
  wire: wire.varint,
  read,
  absent,
});
const fixed32 = (read: (bytes: Buffer, at: number) => unknown): Scalar => ({
  wire: wire.fixed32,
  read: (cursor) => read(cursor.bytes, skipBytes(cursor, 4)),
  absent: 0,
});
const fixed64 = (read: (bytes: Buffer, at: number) => unknown): Scalar => ({
  wire: wire.fixed64,
  read: (cursor) => read(cursor.bytes, skipBytes(cursor, 8)),
  absent: 0,
});

/** The scalar types of Protobuf, as plain JSON. */
export const scalars: ReadonlyMap<string, Scalar> = new Map([
  ['int32', varint(readInt32)],
  ['uint32', varint((cursor) => Number(BigInt.asUintN(32, BigInt(readVarint(cursor)))))],
  ['sint32', varint((cursor) => Number(BigInt.asIntN(32, BigInt(unzigzag(readVarint(cursor))))))],
  ['int64', varint((cursor) => wholeNumber(signed64(readVarint(cursor))))],
  ['uint64', varint((cursor) => wholeNumber(readVarint(cursor)))],
  ['sint64', varint((cursor) => wholeNumber(unzigzag(readVarint(cursor))))],
  ['bool', varint((cursor) => Number(readVarint(cursor)) !== 0, false)],
  ['fixed32', fixed32((bytes, at) => bytes.readUInt32LE(at))],
  ['sfixed32', fixed32((bytes, at) => bytes.readInt32LE(at))],
  ['float', fixed32((bytes, at) => shortestFloat(bytes.readFloatLE(at)))],
  ['fixed64', fixed64((bytes, at) => wholeNumber(bytes.readBigUInt64LE(at)))],
  ['sfixed64', fixed64((bytes, at) => wholeNumber(bytes.readBigInt64LE(at)))],
  ['double', fixed64((bytes, at) => finite(bytes.readDoubleLE(at)))],
  ['string', { wire: wire.length, read: (cursor) => takeText(cursor, readCount(cursor)), absent: '' }],
  [
    'bytes',
    { wire: wire.length, read: (cursor) => takeBytes(cursor, readCount(cursor)).toString('base64'), absent: '' },
  ],
]);

/** Skips the value of a field that the schema doesn't have: a newer writer's, perhaps. */
export function skipField(cursor: Cursor, wireType: number): void {
  if (wireType === wire.varint) readVarint(cursor);
  else if (wireType === wire.fixed64) skipBytes(cursor, 8);
  else if (wireType === wire.length) skipBytes(cursor, readCount(cursor));
  else if (wireType === wire.fixed32) skipBytes(cursor, 4);
  else throw mismatch('a field is written in a way that Protobuf does not know');
}
