import { createHash } from 'node:crypto';
import type { KafkaMessage, Message } from 'kafkajs';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterOutline } from '../../core/dead-letter-browser.ts';
import { replayCountHeader, valueOmittedHeader } from '../../core/dead-letter-key.ts';
import { erasedHeader } from '../../core/erased-dead-letter.ts';
import { eventOfRecord, type HeaderValue, type RecordHeaders } from '../../core/record.ts';
import { namesWithoutValue, type SendableHeaders, sendableHeaders } from '../client/null-headers.ts';

/** Who writes the dead letters, in Kafka Connect's terms. */
export interface ConnectIdentity {
  readonly connectorName: string;
  readonly taskId: string;
}

/** How much of its record a dead letter keeps. */
export type Keep = 'all' | 'without_value' | 'position_only';

const OUR_PREFIX = 'meta-actions.';
const CONNECT_PREFIX = '__connect.errors.';

/** Names the record's headers that had no value. */
const NULL_HEADERS = `${OUR_PREFIX}null-headers`;

/** Keys of the people in the record. */
const PEOPLE = `${OUR_PREFIX}people`;

type OurHeaders = Readonly<Record<string, string>>;

/** Characters of a header at most, where nothing is kept but the position. The name of a topic has 249. */
const mostOfText = 300;

/** Of these a part would be another one. */
const onlyWhole: ReadonlySet<string> = new Set(['event-id', 'entries'].map((name) => OUR_PREFIX + name));

/**
 * A dead letter as a Kafka message: key, value and headers of the record byte for byte, with headers that say why it is
 * here. A value that is left out is empty, and its SHA-256 and size are noted; a tombstone stays null.
 */
export function messageOfDeadLetter(deadLetter: DeadLetter, writer: ConnectIdentity, keep: Keep): Message {
  const { record } = deadLetter;
  const omitsValue = keep !== 'all' && record.value !== null;
  const bare = keep === 'position_only';
  const own = sendableHeaders(bare ? {} : withoutOurs(record.headers), NULL_HEADERS);
  // An event may make an id, or the name of a member, as long as it likes.
  const fitting = bare ? shortened : (headers: OurHeaders) => headers;
  return {
    key: bare ? null : record.key,
    value: omitsValue ? Buffer.alloc(0) : record.value,
    headers: {
      ...own,
      ...(omitsValue && record.value !== null ? omission(record.value) : {}),
      ...(bare ? { [`${OUR_PREFIX}key-and-headers-omitted`]: 'true' } : {}),
      ...appended(own, fitting(connectHeaders(deadLetter, writer))),
      ...fitting(ourHeaders(deadLetter)),
      // Of a record of which nothing is kept but its position, nobody is to be told either.
      ...(bare || deadLetter.people === undefined ? {} : { [PEOPLE]: deadLetter.people.join(',') }),
    },
  };
}

function shortened(headers: OurHeaders): OurHeaders {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, text]) => text.length <= mostOfText || !onlyWhole.has(name))
      .map(([name, text]) => [name, text.slice(0, mostOfText)]),
  );
}

/** Headers of ours that the record has already are those of an earlier dead letter: new ones take their place. */
function withoutOurs(headers: RecordHeaders | undefined): RecordHeaders {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !name.startsWith(OUR_PREFIX)));
}

function omission(value: Buffer): OurHeaders {
  return {
    [valueOmittedHeader]: 'true',
    [`${OUR_PREFIX}value-bytes`]: String(value.length),
    [`${OUR_PREFIX}value-sha256`]: createHash('sha256').update(value).digest('hex'),
  };
}

/** The headers of Kafka Connect, which tools for its dead letters read. */
function connectHeaders(deadLetter: DeadLetter, writer: ConnectIdentity): OurHeaders {
  const { record, failure } = deadLetter;
  return {
    [`${CONNECT_PREFIX}topic`]: record.topic,
    [`${CONNECT_PREFIX}partition`]: String(record.partition),
    [`${CONNECT_PREFIX}offset`]: String(record.offset),
    [`${CONNECT_PREFIX}connector.name`]: writer.connectorName,
    [`${CONNECT_PREFIX}task.id`]: writer.taskId,
    [`${CONNECT_PREFIX}stage`]: deadLetter.subscription === undefined ? 'VALUE_CONVERTER' : 'TASK_PUT',
    [`${CONNECT_PREFIX}class.name`]: deadLetter.action ?? 'decode',
    [`${CONNECT_PREFIX}exception.class.name`]: failure.code,
    [`${CONNECT_PREFIX}exception.message`]: failure.message,
    [`${CONNECT_PREFIX}exception.stacktrace`]: `${failure.code}: ${failure.message}`,
  };
}

/** A record may come from a dead-letter topic of Connect: its headers stay, ours are the last of their name. */
function appended(own: SendableHeaders, headers: OurHeaders): SendableHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const before = own[name];
      return [name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]];
    }),
  );
}

function ourHeaders(deadLetter: DeadLetter): OurHeaders {
  const { record, failure } = deadLetter;
  const replayCount = numberOf(lastOf(record.headers?.[replayCountHeader])?.toString(), 3);
  const named: Readonly<Record<string, string | number | undefined>> = {
    code: failure.code,
    message: failure.message,
    field: failure.field,
    entries: failure.entries,
    destination: deadLetter.destination,
    subscription: deadLetter.subscription,
    action: deadLetter.action,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    'event-index': record.event?.index,
    'event-of': record.event?.of,
    timestamp: record.timestamp,
    attempts: deadLetter.attempts,
    'event-id': deadLetter.eventId,
    'fbtrace-id': failure.meta?.fbtraceId,
    'http-status': failure.meta?.status,
    at: deadLetter.at,
    // A record that came back by a replay and failed again says how often.
    hops: replayCount === undefined ? 0 : replayCount + 1,
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[OUR_PREFIX + name, String(value)]])),
  );
}

/** What is cheap to know of the dead letter in a message; undefined if we haven't written it. */
export function outlineOfMessage({ headers = {}, value, timestamp }: KafkaMessage): DeadLetterOutline | undefined {
  const text = (name: string) => lastOf(headers[OUR_PREFIX + name])?.toString();
  const code = text('code');
  if (code === undefined) return undefined;
  const at = numberOf(text('at')) ?? Number(timestamp);
  return { code, destination: text('destination'), subscription: text('subscription'), at, value };
}

/** The dead letter that a message of a dead-letter topic holds; undefined if we haven't written it. */
export function deadLetterOfMessage({ key, value, headers = {}, timestamp }: KafkaMessage): DeadLetter | undefined {
  const text = (name: string) => lastOf(headers[OUR_PREFIX + name])?.toString();
  const number = (name: string) => numberOf(text(name));
  const code = text('code');
  const topic = text('topic');
  const partition = number('partition');
  const offset = number('offset');
  if (code === undefined || topic === undefined || partition === undefined || offset === undefined) return undefined;
  const fbtraceId = text('fbtrace-id');
  const status = number('http-status');
  return {
    record: {
      topic,
      partition,
      offset,
      next: offset + 1,
      timestamp: timeOf(text('timestamp')) ?? Number(timestamp),
      key,
      value,
      headers: originalHeaders(headers),
      ...present('event', eventOfRecord(number('event-index'), text('event-of'))),
    },
    failure: {
      code,
      message: text('message') ?? '',
      ...present('field', text('field')),
      ...present('entries', text('entries')),
      ...(status !== undefined && { meta: { status, ...present('fbtraceId', fbtraceId) } }),
    },
    ...present('destination', text('destination')),
    ...present('subscription', text('subscription')),
    ...present('action', text('action')),
    ...present('eventId', text('event-id')),
    ...present('attempts', number('attempts')),
    ...present('replayCount', number('hops')),
    ...present('people', text('people')?.split(',')),
    at: number('at') ?? Number(timestamp),
  };
}

/**
 * The record's own headers: without ours, and without the last value of each of Kafka Connect's, which is ours, too.
 */
function originalHeaders(headers: NonNullable<KafkaMessage['headers']>): RecordHeaders {
  const withoutValue = namesWithoutValue(headers, NULL_HEADERS);
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    if (name.startsWith(OUR_PREFIX)) return name === valueOmittedHeader ? [[name, value]] : [];
    const values = Array.isArray(value) ? value : [value];
    const before = name.startsWith(CONNECT_PREFIX) ? values.slice(0, -1) : values;
    if (before.length === 0) return [];
    return [[name, before.length > 1 ? before : withoutValue.has(name) ? null : before[0]]];
  });
  return Object.fromEntries(kept);
}

function lastOf(value: RecordHeaders[string]): HeaderValue {
  const values: readonly HeaderValue[] = Array.isArray(value) ? value : [value];
  return values.at(-1);
}

function numberOf(text: string | undefined, maxDigits = 16): number | undefined {
  return text !== undefined && /^\d+$/.test(text) && text.length <= maxDigits ? Number(text) : undefined;
}

/** Below zero: the record had none. With that of the letter in its place the event would get a new time, and a new id. */
function timeOf(text: string | undefined): number | undefined {
  const later = numberOf(text?.replace(/^-/, ''));
  return later !== undefined && text?.startsWith('-') === true ? -later : later;
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

/** Headers of ours that say something of the record's content. */
const ofContent: ReadonlySet<string> = new Set(
  ['event-id', 'people', 'value-bytes', 'value-sha256', 'null-headers'].map((name) => OUR_PREFIX + name),
);

/** The message of a letter with its position and its reason, and nothing of its record. A replay leaves it out. */
export function messageWithoutPeople({ headers = {}, timestamp }: KafkaMessage): Message {
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    const isOurs = name.startsWith(OUR_PREFIX) || name.startsWith(CONNECT_PREFIX);
    const last = lastOf(value);
    return isOurs && !ofContent.has(name) && last !== undefined && last !== null ? [[name, last]] : [];
  });
  const notes = {
    [valueOmittedHeader]: 'true',
    [`${OUR_PREFIX}key-and-headers-omitted`]: 'true',
    [erasedHeader]: 'true',
  };
  return { key: null, value: null, timestamp, headers: { ...Object.fromEntries(kept), ...notes } };
}
