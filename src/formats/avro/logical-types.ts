import type { JsonObject } from '../../core/json.ts';
import { type Cursor, takeBytes } from '../values/cursor.ts';
import { bigIntOf, decimalText, wholeNumber } from '../values/numbers.ts';
import { isoDate, isoTimestamp, type TimeUnit, timeOfDay } from '../values/times.ts';
import { readInt, readLong, type Reader } from './primitives.ts';

/** Of the number that a type holds; undefined: it is none of these, and stays a number. */
type Meaning = (value: number | bigint) => string | undefined;

const timestamp =
  (unit: TimeUnit, zone: 'Z' | '' = 'Z'): Meaning =>
  (value) =>
    isoTimestamp(value, unit, zone);
const time =
  (unit: TimeUnit): Meaning =>
  (value) =>
    timeOfDay(value, unit);
const date: Meaning = (value) => isoDate(Number(value));

/** Logical types of numbers (Avro 1.12 specification), and what Kafka Connect and Debezium name in `connect.name`. */
const meanings: ReadonlyMap<unknown, Meaning> = new Map([
  ['timestamp-millis', timestamp('millis')],
  ['timestamp-micros', timestamp('micros')],
  ['timestamp-nanos', timestamp('nanos')],
  ['local-timestamp-millis', timestamp('millis', '')],
  ['local-timestamp-micros', timestamp('micros', '')],
  ['local-timestamp-nanos', timestamp('nanos', '')],
  ['date', date],
  ['time-millis', time('millis')],
  ['time-micros', time('micros')],
  ['org.apache.kafka.connect.data.Timestamp', timestamp('millis')],
  ['org.apache.kafka.connect.data.Date', date],
  ['org.apache.kafka.connect.data.Time', time('millis')],
  ['io.debezium.time.Timestamp', timestamp('millis')],
  ['io.debezium.time.MicroTimestamp', timestamp('micros')],
  ['io.debezium.time.NanoTimestamp', timestamp('nanos')],
  ['io.debezium.time.Date', date],
  ['io.debezium.time.Time', time('millis')],
  ['io.debezium.time.MicroTime', time('micros')],
  ['io.debezium.time.NanoTime', time('nanos')],
]);

/** A reader that knows what the schema says of a number, of bytes or of a fixed; undefined: it says nothing known. */
export function logicalReader(schema: JsonObject): Reader | undefined {
  const { type, logicalType, size } = schema;
  if (type === 'int' || type === 'long') {
    const meaning = meanings.get(schema['connect.name']) ?? meanings.get(logicalType);
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
