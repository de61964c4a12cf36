import { createHash } from 'node:crypto';
import type { KafkaMessage, Message } from 'kafkajs';
import type { DeadLetter } from '../../core/dead-letter.ts';
import { hopsHeader, valueOmittedHeader } from '../../core/dead-letter-key.ts';
import { eventOfRecord, type RecordHeaders } from '../../core/record.ts';

/** Who writes the letters, as Kafka Connect names it. */
export interface LetterWriter {
  readonly connectorName: string;
  readonly taskId: string;
}

/** How much of a record a letter keeps. */
export type Keep = 'all' | 'without_value' | 'position_only';

const OUR_PREFIX = 'meta-actions.';
const CONNECT_PREFIX = '__connect.errors.';

type Headers = Record<string, Buffer | string | (Buffer | string)[]>;

/**
 * A dead letter as a Kafka message: key, value and headers of the record byte for byte, and beside them why it is here.
 * A value that is left out is empty, and its SHA-256 and size are told; a tombstone stays null.
 */
export function messageOfLetter(letter: DeadLetter, writer: LetterWriter, keep: Keep): Message {
  const { record } = letter;
  const omitsValue = keep !== 'all' && record.value !== null;
  const bare = keep === 'position_only';
  return {
    key: bare ? null : record.key,
    value: omitsValue ? Buffer.alloc(0) : record.value,
    headers: {
      ...sentHeaders(bare ? undefined : record.headers),
      ...(omitsValue && record.value !== null ? omission(record.value) : {}),
      ...(bare ? { [`${OUR_PREFIX}key-and-headers-omitted`]: 'true' } : {}),
      ...appended(connectHeaders(letter, writer), bare ? undefined : record.headers),
      ...ourHeaders(letter),
    },
  };
}

/**
 * The record's own headers. Ours of an earlier letter are left out, since new ones take their place. kafkajs can't send
 * a header without a value: it becomes empty, and its name is noted.
 */
function sentHeaders(headers: RecordHeaders | undefined): Headers {
  const kept: Headers = {};
  const withoutValue: string[] = [];
  for (const [key, value] of Object.entries(headers ?? {})) {
    if (key.startsWith(OUR_PREFIX)) continue;
    const values = Array.isArray(value) ? value : [value];
    if (values.some(isAbsent)) withoutValue.push(key);
    const sent = values.map((one) => (isAbsent(one) ? Buffer.alloc(0) : one));
    Object.defineProperty(kept, key, { value: sent.length === 1 ? sent[0] : sent, enumerable: true });
  }
  if (withoutValue.length > 0) kept[`${OUR_PREFIX}null-headers`] = withoutValue.join(',');
  return kept;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function omission(value: Buffer): Headers {
  return {
    [`${OUR_PREFIX}value-omitted`]: 'true',
    [`${OUR_PREFIX}value-bytes`]: String(value.length),
    [`${OUR_PREFIX}value-sha256`]: createHash('sha256').update(value).digest('hex'),
  };
}

/** The headers of Kafka Connect, which tools for its dead letters read. */
function connectHeaders(letter: DeadLetter, writer: LetterWriter): Record<string, string> {
  const { record, failure } = letter;
  return {
    [`${CONNECT_PREFIX}topic`]: record.topic,
    [`${CONNECT_PREFIX}partition`]: String(record.partition),
    [`${CONNECT_PREFIX}offset`]: String(record.offset),
    [`${CONNECT_PREFIX}connector.name`]: writer.connectorName,
    [`${CONNECT_PREFIX}task.id`]: writer.taskId,
    [`${CONNECT_PREFIX}stage`]: letter.subscription === undefined ? 'VALUE_CONVERTER' : 'TASK_PUT',
    [`${CONNECT_PREFIX}class.name`]: letter.action ?? 'decode',
    [`${CONNECT_PREFIX}exception.class.name`]: failure.code,
    [`${CONNECT_PREFIX}exception.message`]: failure.message,
    [`${CONNECT_PREFIX}exception.stacktrace`]: `${failure.code}: ${failure.message}`,
  };
}

/** A record may come from a dead-letter topic of Connect: its headers stay, ours are the last of their name. */
function appended(headers: Record<string, string>, original: RecordHeaders | undefined): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => {
      const before = sentHeaders(original)[key];
      return [key, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]];
    }),
  );
}

function ourHeaders(letter: DeadLetter): Headers {
  const { record, failure } = letter;
  const hops = numberOf(lastOf(record.headers?.[hopsHeader])?.toString(), 3);
  const named: Readonly<Record<string, string | number | undefined>> = {
    code: failure.code,
    message: failure.message,
    field: failure.field,
    entries: failure.entries,
    destination: letter.destination,
    subscription: letter.subscription,
    action: letter.action,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    'event-index': record.event?.index,
    'event-of': record.event?.of,
    timestamp: record.timestamp,
    attempts: letter.attempts,
    'event-id': letter.eventId,
    'fbtrace-id': failure.meta?.fbtraceId,
    'http-status': failure.meta?.status,
    at: letter.at,
    // A record that came back by a replay and failed again says how often.
    hops: hops === undefined ? 0 : hops + 1,
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[OUR_PREFIX + name, String(value)]])),
  );
}

/** The letter of a message of a dead-letter topic; undefined when it is none of ours. */
export function letterOfMessage({ key, value, headers = {}, timestamp }: KafkaMessage): DeadLetter | undefined {
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
      timestamp: number('timestamp') ?? Number(timestamp),
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
    ...present('hops', number('hops')),
    at: number('at') ?? Number(timestamp),
  };
}

/** The record's own: without ours, and without the last value of Kafka Connect's names, which is ours too. */
function originalHeaders(headers: NonNullable<KafkaMessage['headers']>): RecordHeaders {
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    if (name.startsWith(OUR_PREFIX)) return name === valueOmittedHeader ? [[name, value]] : [];
    if (!name.startsWith(CONNECT_PREFIX)) return [[name, value]];
    const before = Array.isArray(value) ? value.slice(0, -1) : [];
    return before.length === 0 ? [] : [[name, before.length === 1 ? before[0] : before]];
  });
  return Object.fromEntries(kept);
}

function lastOf(value: RecordHeaders[string]): Buffer | string | undefined {
  return (Array.isArray(value) ? value.at(-1) : value) ?? undefined;
}

function numberOf(text: string | undefined, maxDigits = 16): number | undefined {
  return text !== undefined && /^\d+$/.test(text) && text.length <= maxDigits ? Number(text) : undefined;
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
