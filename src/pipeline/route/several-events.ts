import { maxMembersOfObject } from '../../core/bounded-json.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { valueHash } from '../../core/value-hash.ts';
import { type Decoded, undecodable } from './decoded.ts';

type SeveralEvents = Extract<Decoded, { kind: 'several' }>;

/** A record with more events becomes one dead letter. */
export const maxEventsOfRecord = 10_000;

/**
 * A list of messages, or a batch as the libraries of Segment and RudderStack send it: `{"batch": [call, …]}`. Undefined for
 * one message. What stands beside `batch` holds for each call that doesn't say otherwise (Segment: HTTP API, batch).
 *
 * @param wrap The envelope around a call that was taken out of it.
 */
export function severalIn(message: unknown, wrap: (call: unknown) => unknown): Decoded | undefined {
  if (Array.isArray(message)) return several(message, wrap);
  if (!isObject(message)) return undefined;
  const { batch } = message;
  if (!Array.isArray(batch) || typeof own(message, 'type') === 'string') return undefined;
  return several(batch, (call) => wrap(isObject(call) ? withShared(call, message) : call));
}

/** The list that a path leads to, whose items are messages of their own. */
export function unpacked(message: unknown, path: readonly string[], wrap: (item: unknown) => unknown): Decoded {
  const list = path.reduce(own, message);
  if (Array.isArray(list)) return several(list, wrap);
  if (list === null) return several([], wrap);
  return undecodable('UNPACK_MISSING', `the record has no list "${path.join('.')}" (unpack in sources.json)`);
}

function several(items: readonly unknown[], messageOf: (item: unknown) => unknown): Decoded {
  if (items.length === 0) return { kind: 'skipped', reason: 'no_event' };
  if (items.length <= maxEventsOfRecord) return { kind: 'several', messages: items.map(messageOf) };
  return undecodable(
    'TOO_MANY_EVENTS',
    `the record holds ${items.length} events, and at most ${maxEventsOfRecord} are read of one`,
  );
}

/** Merged into each call. */
const merged = ['context', 'integrations'] as const;

function withShared(call: JsonObject, batch: JsonObject): JsonObject {
  const shared: Record<string, unknown> = {};
  for (const name of merged) {
    const ofBatch = own(batch, name);
    if (!isObject(ofBatch)) continue;
    const ofCall = own(call, name);
    if (ofCall === undefined || isObject(ofCall)) shared[name] = { ...ofBatch, ...ofCall };
  }
  const sentAt = own(batch, 'sentAt');
  if (sentAt !== undefined && own(call, 'sentAt') === undefined) shared['sentAt'] = sentAt;
  return Object.keys(shared).length === 0 ? call : { ...call, ...shared };
}

/** A record's events one after another, as records: the record itself, unless it holds several. */
export function* recordsIn(
  record: SourceRecord,
  decodeWhole: (record: SourceRecord) => Decoded,
): Generator<SourceRecord> {
  const decoded = decodeWhole(record);
  if (decoded.kind !== 'several') {
    yield record;
    return;
  }
  const recordAt = eventRecords(record, decoded);
  for (let index = 0; index < decoded.messages.length; index++) yield recordAt(index);
}

/**
 * Events of a record that holds several: each as a record of its own at the same position, whose value is that event
 * alone. So a dead letter holds what failed and nothing else, and is replayed like any other.
 */
export function eventRecords(
  record: SourceRecord,
  { messages, cut }: Omit<SeveralEvents, 'kind'>,
): (index: number) => SourceRecord {
  const of = valueHash(record.value);
  return (index) => {
    const message = messages[index];
    const event = { index, of, ...(cut === true && isCut(message) && { cut }) };
    return { ...record, value: Buffer.from(JSON.stringify(message)), event };
  };
}

/** Whether an object in it has as many members as are read. */
function isCut(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isCut);
  if (!isObject(value)) return false;
  const members = Object.values(value);
  return members.length >= maxMembersOfObject || members.some(isCut);
}
