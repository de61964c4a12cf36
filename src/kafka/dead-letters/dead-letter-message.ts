import { createHash } from 'node:crypto';
import type { Message } from 'kafkajs';
import type { DeadLetter } from '../../core/delivery.ts';
import type { RecordHeaders } from '../../core/record.ts';

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
      ...originalHeaders(bare ? undefined : record.headers),
      ...(omitsValue && record.value !== null ? omission(record.value) : {}),
      ...(bare ? { [`${OUR_PREFIX}key-and-headers-omitted`]: 'true' } : {}),
      ...appended(connectHeaders(letter, writer), bare ? undefined : record.headers),
      ...ourHeaders(letter),
    },
  };
}

/** What a message takes in a batch, at most: its bytes and the lengths before them. */
export function sizeOfMessage(message: Message): number {
  const lengths = 64;
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => Buffer.byteLength(key) + Buffer.byteLength(one) + 10),
  );
  const { key, value } = message;
  return headers.reduce(
    (sum, size) => sum + size,
    lengths + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? ''),
  );
}

/**
 * The record's own headers. Ours of an earlier letter are left out, since new ones take their place. kafkajs can't send
 * a header without a value: it becomes empty, and its name is noted.
 */
function originalHeaders(headers: RecordHeaders | undefined): Headers {
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
      const before = originalHeaders(original)[key];
      return [key, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]];
    }),
  );
}

function ourHeaders(letter: DeadLetter): Headers {
  const { record, failure } = letter;
  const hops = lastOf(record.headers?.[`${OUR_PREFIX}hops`]);
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
    timestamp: record.timestamp,
    attempts: letter.attempts,
    'event-id': letter.eventId,
    'fbtrace-id': failure.meta?.fbtraceId,
    'http-status': failure.meta?.status,
    at: letter.at,
    // A record that came back by a replay and failed again says how often.
    hops: hops === undefined ? 0 : Number(hops) + 1,
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[OUR_PREFIX + name, String(value)]])),
  );
}

function lastOf(value: RecordHeaders[string]): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  const text = last?.toString();
  return text !== undefined && /^\d{1,3}$/.test(text) ? text : undefined;
}
