import { isoDate, isoTimestamp, type TimeUnit, timeOfDay } from './times.ts';

/** Of the number that a type holds; undefined: it is none of these, and stays a number. */
export type Meaning = (value: number | bigint) => string | undefined;

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

/** @param name Of a logical type, or of a type of Kafka Connect or Debezium. */
export function meaningOf(name: unknown): Meaning | undefined {
  return meanings.get(name);
}
