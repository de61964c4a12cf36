import { isUtf8 } from 'node:buffer';
import {
  boundedJson,
  countedFrom,
  endOfText,
  maxDepth,
  maxMembersOfObject,
  maxNames,
  maxParts,
} from '../../core/bounded-json.ts';
import { type AnalyticsEvent, eventTypes } from '../../core/event.ts';
import { parseExactly } from '../../core/exact-json.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { RecordHeaders, SourceRecord } from '../../core/record.ts';
import { isOfRows, type RecordKind } from '../../core/record-kind.ts';
import type { ReadRecordKey, ReadRecordValue } from '../../core/value-reading.ts';
import { cloudEventOf, isInHeaders } from './decode-cloudevents.ts';
import { changeEventOf, rowEventOf } from './decode-rows.ts';
import { audienceListCallOf, recordCallOf } from './decode-rudderstack.ts';
import { type Decoded, tombstone, undecodable } from './decoded.ts';
import { severalIn, unpacked } from './several-events.ts';

export interface DecodeOptions extends TopicDecoding {
  /** Longer records are set aside unread. */
  readonly maxRecordBytes: number;
  /** Topics that are read in a way of their own. */
  readonly topics?: (topic: string) => TopicDecoding | undefined;
  /** What Kafka Connect's JSON converter wrote with its schema: the payload, by what the schema says of it. */
  readonly connectPayload?: (schema: unknown, payload: unknown) => unknown;
}

/** How the records of a topic become events. */
export interface TopicDecoding {
  /** Keys from the message to the event inside it: `['payload', 'after']`. Empty: the message is the event. */
  readonly envelope: readonly string[];
  /** Keys from there to a list of events; each of it is one. */
  readonly unpack?: readonly string[];
  /** What a record is; default: a call of the Segment spec. */
  readonly records?: RecordKind;
  /** Of a topic that holds no plain JSON. */
  readonly read?: ReadRecordValue;
  /** Of a topic whose keys are no plain text. */
  readonly readKey?: ReadRecordKey;
}

type EventOptions = TopicDecoding & Pick<DecodeOptions, 'connectPayload'>;

const knownTypes: ReadonlySet<unknown> = new Set(eventTypes);

/** A record of which only this much is needed to find its events. */
type DecodableRecord = Pick<SourceRecord, 'topic' | 'value' | 'headers' | 'event'>;

/** What a record holds, read as its topic is to be read. */
export function decodeRecord(record: DecodableRecord, options: DecodeOptions): Decoded {
  const topic = options.topics?.(record.topic);
  const { value, headers } = record;
  if (topic === undefined) return decode(value, options, headers);
  // One of several events of a record is JSON, whatever the record was.
  const isOneOfSeveral = record.event !== undefined;
  const { unpack, ...rest } = { ...options, ...topic };
  const decoding = unpack === undefined || isOneOfSeveral ? rest : { ...rest, unpack };
  if (value === null || topic.read === undefined || isOneOfSeveral || value.length > options.maxRecordBytes) {
    return decode(value, decoding, headers);
  }
  const read = topic.read(value, record);
  if (read.kind === 'json') return decode(read.bytes, decoding, headers);
  return read.kind === 'value'
    ? eventOf(read.value, decoding, headers)
    : { kind: 'undecodable', failure: read.failure };
}

/** Bytes to event. Every record that isn't one gets a code of its own; the bytes stay as they are in its dead letter. */
export function decode(value: Buffer | null, options: DecodeOptions, headers?: RecordHeaders): Decoded {
  if (value === null || value.length === 0) {
    if (isCloudEventInHeaders(options, headers)) return cloudEventOf(undefined, headers);
    if (value === null) return tombstone;
  }
  if (value.length > options.maxRecordBytes) {
    return undecodable(
      'RECORD_TOO_LARGE',
      `the record has ${value.length} bytes, the limit is ${options.maxRecordBytes} (MAX_RECORD_BYTES)`,
    );
  }
  const bytes = withoutMark(withoutRegistryFraming(value));
  if (bytes === undefined) {
    return undecodable('NOT_JSON', 'the record is framed for a schema registry and holds Avro or Protobuf, not JSON');
  }
  if (!isUtf8(bytes)) return undecodable('INVALID_UTF8', 'the record is not valid UTF-8');
  if (bytes.length >= countedFrom) return decodeCounted(bytes, options, headers);
  // A text of n bytes can't nest deeper than n / 2, so most events need no check.
  if (bytes.length >= 2 * maxDepth && deeperThan(bytes, maxDepth)) return tooDeep;
  return decodeJson(bytes, options, headers);
}

const tooDeep = undecodable('TOO_DEEP', `the record nests deeper than ${maxDepth} levels`);
const tooMany = undecodable(
  'TOO_MANY_MEMBERS',
  `the record has more than ${maxNames} different names of members, or more than ${maxParts} parts`,
);

const tooWide = undecodable(
  'TOO_MANY_MEMBERS',
  `the record is no event by the first ${maxMembersOfObject} members of each of its objects; no more are read`,
);

function decodeCounted(bytes: Buffer, options: EventOptions, headers: RecordHeaders | undefined): Decoded {
  const bounded = boundedJson(bytes);
  if (bounded.kind === 'too_deep') return tooDeep;
  if (bounded.kind === 'too_many') return tooMany;
  const decoded = decodeJson(bounded.bytes, options, headers);
  if (!bounded.cut) return decoded;
  if (decoded.kind === 'event' || decoded.kind === 'several') return { ...decoded, cut: true };
  // What makes an event of it may be among the members that were not read.
  return decoded.kind === 'undecodable' && decoded.failure.code !== 'NOT_JSON' ? tooWide : decoded;
}

function decodeJson(bytes: Buffer, options: EventOptions, headers: RecordHeaders | undefined): Decoded {
  let message: unknown;
  try {
    const text = bytes.toString('utf8');
    message = isOfConnect(options) ? parseExactly(text) : JSON.parse(text);
  } catch {
    return undecodable('NOT_JSON', 'the record is not JSON');
  }
  return eventOf(message, options, headers);
}

/** The event in a parsed message. */
function eventOf(message: unknown, options: EventOptions, headers?: RecordHeaders): Decoded {
  const { envelope, records, unpack } = options;
  const isData = isCloudEventInHeaders(options, headers);
  // Each of a list of messages has an envelope of its own.
  if (Array.isArray(message) && !isData) return severalIn(message, (item) => item) ?? notAnObject;
  let inner = withPayload(message, options);
  for (const key of envelope) {
    const next = own(inner, key);
    if (next === null) return tombstone;
    if (next === undefined) {
      return undecodable('ENVELOPE_MISSING', `the record has no member "${envelope.join('.')}" (setting ENVELOPE)`);
    }
    inner = next;
  }
  if (unpack !== undefined) return unpacked(inner, unpack, (item) => enveloped(item, envelope));
  if (Array.isArray(inner) && !isData) return severalIn(inner, (item) => enveloped(item, envelope)) ?? notAnObject;
  if (records === 'debezium') return changeEventOf(inner);
  if (records === 'rows') return rowEventOf(inner);
  if (records === 'cloudevents') return cloudEventOf(inner, headers);
  if (!isObject(inner)) return notAnObject;
  const type = own(inner, 'type');
  if (knownTypes.has(type)) return { kind: 'event', event: inner as AnalyticsEvent };
  return otherCallOf(inner, type, envelope);
}

function isCloudEventInHeaders({ records }: TopicDecoding, headers: RecordHeaders | undefined): boolean {
  return records === 'cloudevents' && isInHeaders(headers);
}

const notAnObject = undecodable('NOT_AN_EVENT', 'the record is JSON but not an object');

/** A call whose type is written in another way, or is not of the Segment spec; or a batch of calls. */
function otherCallOf(call: JsonObject, type: unknown, envelope: readonly string[]): Decoded {
  const several = severalIn(call, (item) => enveloped(item, envelope));
  if (several !== undefined) return several;
  if (type === undefined) return undecodable('NOT_AN_EVENT', 'the record is a JSON object without "type"');
  const known = typeof type === 'string' ? type.trim().toLowerCase() : '';
  if (knownTypes.has(known)) return { kind: 'event', event: { ...call, type: known } as AnalyticsEvent };
  if (known === 'record') return recordCallOf(call);
  if (known === 'audiencelist') return audienceListCallOf(call);
  return undecodable('UNKNOWN_TYPE', `the record's "type" is none of ${eventTypes.join(', ')}, record, audiencelist`);
}

function isOfConnect({ envelope, records }: TopicDecoding): boolean {
  return isOfRows(records) || envelope[0] === 'payload';
}

/** Only where a message of Connect's is expected: of any other, members of these names are the event's own. */
function withPayload(message: unknown, options: EventOptions): unknown {
  const { connectPayload } = options;
  if (connectPayload === undefined || !isOfConnect(options)) return message;
  const schema = own(message, 'schema');
  if (!isObject(message) || !isObject(schema) || message['payload'] === undefined) return message;
  return { ...message, payload: connectPayload(schema, message['payload']) };
}

/** A message that holds the item where the setting says that events are. */
function enveloped(item: unknown, envelope: readonly string[]): unknown {
  return envelope.reduceRight((inner, key) => ({ [key]: inner }), item);
}

/** Some writers begin their text with a byte order mark, which is no JSON. */
function withoutMark(bytes: Buffer | undefined): Buffer | undefined {
  const isMarked = bytes?.[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? bytes.subarray(3) : bytes;
}

/**
 * The payload behind the five bytes (0, then the schema's id) that registry serializers put in front; undefined when
 * what follows can't be a JSON object or list.
 */
function withoutRegistryFraming(value: Buffer): Buffer | undefined {
  if (value[0] !== 0) return value;
  if (value.length < 6) return undefined;
  const payload = value.subarray(5);
  return payload[0] === 0x7b || payload[0] === 0x5b ? payload : undefined;
}

function deeperThan(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === 0x22) {
      index = endOfText(bytes, index + 1);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}
