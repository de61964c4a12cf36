import type { JsonObject } from '../../core/json.ts';
import { type Cursor, takeBytes } from '../values/cursor.ts';
import { type Meaning, meaningOf } from '../values/meanings.ts';
import { bigIntOf, decimalText, wholeNumber } from '../values/numbers.ts';
import { readInt, readLong, type Reader } from './primitives.ts';

/** A reader that knows what the schema says of a number, of bytes or of a fixed; undefined: it says nothing known. */
export function logicalReader(schema: JsonObject): Reader | undefined {
  const { type, logicalType, size } = schema;
  if (type === 'int' || type === 'long') {
    const meaning = meaningOf(schema['connect.name']) ?? meaningOf(logicalType);
    return meaning && numberReader(meaning);
  }
  const read = bytesReader(type, size);
  if (read === undefined) return undefined;
  if (logicalType === 'decimal') return decimalReader(read, schema['scale'] ?? 0);
  if (logicalType === 'uuid' && size === 16) return (cursor) => uuidText(read(cursor));
  if (logicalType === 'duration' && size === 12) return (cursor) => durationText(read(cursor));
  return undefined;
}

function numberReader(meaning: Meaning): Reader {
  return (cursor) => {
    const value = readLong(cursor);
    return meaning(value) ?? wholeNumber(value);
  };
}

function bytesReader(type: unknown, size: unknown): ((cursor: Cursor) => Buffer) | undefined {
  if (type === 'bytes') return (cursor) => takeBytes(cursor, readInt(cursor));
  if (type === 'fixed' && typeof size === 'number') return (cursor) => takeBytes(cursor, size);
  return undefined;
}

/** A decimal with an invalid scale is bytes, as the specification says of logical types that are not valid. */
function decimalReader(read: (cursor: Cursor) => Buffer, scale: unknown): Reader | undefined {
  if (typeof scale !== 'number' || !Number.isInteger(scale) || Math.abs(scale) > 1000) return undefined;
  return (cursor) => {
    const bytes = read(cursor);
    // Longer ones are no amounts, and reading them takes time that grows with the square of the length.
    return bytes.length > 1024 ? bytes.toString('base64') : decimalText(bigIntOf(bytes), scale);
  };
}

/** Debezium's number of a column whose scale differs from row to row: `{scale, value}`. */
export const variableScaleDecimal: Reader = (cursor) => {
  const scale = readInt(cursor);
  const bytes = takeBytes(cursor, readInt(cursor));
  return Math.abs(scale) > 1000 || bytes.length > 1024 ? bytes.toString('base64') : decimalText(bigIntOf(bytes), scale);
};

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** ISO 8601 of months, days and milliseconds. */
function durationText(bytes: Buffer): string {
  const millis = bytes.readUInt32LE(8);
  return `P${bytes.readUInt32LE(0)}M${bytes.readUInt32LE(4)}DT${millis / 1000}S`;
}
