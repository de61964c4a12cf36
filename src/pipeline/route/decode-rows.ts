import type { AnalyticsEvent } from '../../core/event.ts';
import { parseExactly } from '../../core/exact-json.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import { problemOfRecord, rowProblemText } from '../../core/malformed-row.ts';
import { columnNamed, type PersonColumns, personOf } from '../../core/person-columns.ts';
import { type RowChange, rowChangeOf } from '../../core/row-change.ts';
import { type Decoded, tombstone, undecodable } from './decoded.ts';
import { jsonInText } from './json-in-text.ts';

/** What is known of a change besides its columns; of the event it is `context.row`. */
interface RowContext {
  readonly op?: unknown;
  readonly table?: unknown;
  /** The columns before an update, as far as the database reports them. */
  readonly before?: JsonObject;
  /** Of a row by itself: who it is of, by our names of the columns, in whichever language they are named. */
  readonly person?: PersonColumns;
}

/**
 * The change of a row as an event, in the shape of reverse ETL: a track call named `new`, `updated` or `deleted`, whose
 * properties are the row's columns; of a deleted row those that it had. It has no messageId: its position makes one.
 *
 * @param message Debezium's envelope: `{before, after, op, source, ts_ms}` (Debezium: data change events).
 */
export function changeEventOf(message: unknown): Decoded {
  const change = unwrapped(message);
  if (change === null) return tombstone;
  const op = own(change, 'op');
  // A message that the application wrote into the write-ahead log.
  if (op === 'm') return { kind: 'skipped', reason: 'no_row' };
  if (op === 't') return undecodable('TABLE_TRUNCATED', 'a table was emptied, which does not say who was in it');
  const event = rowChangeOf(op);
  if (event === undefined) return notARow('has no "op" that is c, r, u or d');
  const before = rowOf(own(change, 'before'));
  const row = event === 'deleted' ? before : rowOf(own(change, 'after'));
  if (row === undefined) {
    const member = event === 'deleted' ? 'before' : 'after';
    return undecodable('ROW_MISSING', `the change has no "${member}", so it does not say whose row it was`);
  }
  const source = own(change, 'source');
  const old = event === 'updated' && before !== undefined ? { before } : {};
  return eventOf(event, row, { op, table: own(source, 'table') ?? own(source, 'collection'), ...old }, [
    own(source, 'ts_ms'),
    own(change, 'ts_ms'),
  ]);
}

/**
 * A row by itself, as a new one unless it says otherwise by the members that Debezium's transformation
 * ExtractNewRecordState adds: `__deleted`, `__op`, `__table`, `__ts_ms`, `__source_ts_ms`.
 */
export function rowEventOf(message: unknown): Decoded {
  const row = unwrapped(message);
  if (row === null) return tombstone;
  if (!isObject(row)) return notARow('is JSON but not an object');
  const problem = problemOfRecord(row);
  if (problem !== undefined) return undecodable('ROW_MALFORMED', `line ${problem.line}: ${rowProblemText(problem)}`);
  const op = own(row, '__op');
  const event = String(own(row, '__deleted')) === 'true' ? 'deleted' : (rowChangeOf(op) ?? 'new');
  const columns = Object.fromEntries(Object.entries(available(row)).filter(([name]) => !name.startsWith('__')));
  if (Object.keys(columns).length === 0) return undecodable('ROW_MISSING', 'the row has no columns');
  const times = [own(row, '__source_ts_ms'), own(row, '__ts_ms')];
  const person = personOf(Object.entries(columns).map(([name, value]) => [columnNamed(name), value]));
  return eventOf(event, columns, { op, table: own(row, '__table'), person }, times);
}

/**
 * Kafka Connect's JSON converter writes `{schema, payload}` unless its schemas are switched off; the schema is null where
 * there is none. A row may have columns of these names.
 */
function unwrapped(message: unknown): unknown {
  if (!isObject(message) || !Object.hasOwn(message, 'payload')) return message;
  const schema = own(message, 'schema');
  return schema === null || isObject(schema) ? own(message, 'payload') : message;
}

/** A document is JSON as text (Debezium connector for MongoDB: data change events). */
function rowOf(value: unknown): JsonObject | undefined {
  const row = typeof value === 'string' ? jsonInText(Buffer.from(value), parseExactly) : value;
  return isObject(row) ? available(row) : undefined;
}

/** What Debezium writes for a column that is too large to be in the log when it didn't change (Debezium: toasted values). */
const unavailable = '__debezium_unavailable_value';

/** The row without columns that it doesn't tell: their value is not that text. */
function available(row: JsonObject): JsonObject {
  const entries = Object.entries(row);
  const present = entries.filter(([, value]) => !isUnavailable(value));
  return present.length === entries.length ? row : Object.fromEntries(present);
}

/** The same in a column of bytes. */
const unavailableBytes = Buffer.from(unavailable).toString('base64');
/** The same in a column of lists of numbers. */
const unavailableNumbers = [...Buffer.from(unavailable)];

/** Of a list it is the only item, of a map the only member. */
function isUnavailable(value: unknown): boolean {
  if (value === unavailable || value === unavailableBytes) return true;
  if (!Array.isArray(value)) return own(value, unavailable) === unavailable;
  if (value.length === 1) return value[0] === unavailable || value[0] === unavailableBytes;
  return value.length === unavailableNumbers.length && value.every((each, at) => each === unavailableNumbers[at]);
}

/** @param times Unix milliseconds; the first that is one counts. */
function eventOf(name: RowChange, properties: JsonObject, row: RowContext, times: readonly unknown[]): Decoded {
  const millis = times.find((time) => typeof time === 'number' && time > 0 && time <= latestMillis);
  const event: AnalyticsEvent = {
    type: 'track',
    event: name,
    ...(typeof millis === 'number' && { timestamp: new Date(millis).toISOString() }),
    properties,
    context: { row },
  };
  return { kind: 'event', event };
}

/** Of a JavaScript date. */
const latestMillis = 8.64e15;

function notARow(what: string): Decoded {
  return undecodable('NOT_A_ROW', `the record ${what} (setting RECORDS)`);
}
