import { isUtf8 } from 'node:buffer';
import type { DeadLetter } from '../core/dead-letter.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { entriesHeader } from '../core/entry-ranges.ts';
import { replayCountHeader } from '../core/dead-letter-key.ts';
import type { Failure } from '../core/outcome.ts';
import { eventOfRecord, type HeaderValue, type RecordHeaders, type SourceRecord } from '../core/record.ts';

/** How every line begins: distinguishes a file of dead letters from any other file. */
export const lineBeginning = '{"topic":';

/**
 * A dead letter as one line of JSON, with its newline. Bytes that are UTF-8 are written as text, others as base64,
 * which `encoding` (of the value), `key_encoding` or a header's `{"value", "encoding"}` notes. Members that the dead
 * letter doesn't have are absent from the line.
 *
 * ```json
 * {"topic":"events","partition":3,"offset":42,"next":43,"timestamp":1750000000000,"key":"user-1",
 *  "value":"{…}","headers":{"trace":"a1"},
 *  "error":{"code":"EVENT_TOO_OLD","message":"…","field":"event_time","destination":"web-store",
 *           "subscription":"Orders","action":"purchase","event_id":"m-1","attempts":1},
 *  "written_at":1750000001000,"people":["MEt5…"]}
 * ```
 */
export function printDeadLetter(deadLetter: DeadLetter): string {
  const { record, failure } = deadLetter;
  const key = printBytes(record.key);
  const value = printBytes(record.value);
  const line = {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    event_index: record.event?.index,
    event_of: record.event?.of,
    next: record.next,
    timestamp: record.timestamp,
    key: key.value,
    key_encoding: key.encoding,
    value: value.value,
    encoding: value.encoding,
    headers: printHeaders(record.headers),
    error: {
      code: failure.code,
      message: failure.message,
      field: failure.field,
      fix: failure.fix,
      entries: failure.entries,
      destination: deadLetter.destination,
      subscription: deadLetter.subscription,
      action: deadLetter.action,
      event_id: deadLetter.eventId,
      attempts: deadLetter.attempts,
      hops: replayCountOf(record),
      http_status: failure.meta?.status,
      meta_code: failure.meta?.code,
      meta_subcode: failure.meta?.subcode,
      fbtrace_id: failure.meta?.fbtraceId,
    },
    written_at: deadLetter.at,
    people: deadLetter.people,
  };
  return `${JSON.stringify(line)}\n`;
}

interface PrintedBytes {
  readonly value: string | null;
  readonly encoding?: 'base64';
}

function printBytes(bytes: Buffer | null): PrintedBytes {
  if (bytes === null) return { value: null };
  return isUtf8(bytes) ? { value: bytes.toString('utf8') } : { value: bytes.toString('base64'), encoding: 'base64' };
}

/** A replayed record has a header that says how often it was replayed before. */
function replayCountOf({ headers }: SourceRecord): number | undefined {
  const before = headers?.[replayCountHeader];
  return before === undefined || before === null ? undefined : Number(before.toString()) + 1;
}

/** Headers that a replay has added to the record are not the source's. */
const ofReplay: ReadonlySet<string> = new Set([replayCountHeader, entriesHeader]);

function printHeaders(headers: RecordHeaders | undefined): JsonObject | undefined {
  const own = Object.entries(headers ?? {}).filter(([name]) => !ofReplay.has(name));
  if (headers === undefined || (own.length === 0 && Object.hasOwn(headers, replayCountHeader))) return undefined;
  const printed = own.map(([name, value]) => {
    const isSingle = value === undefined || value === null || typeof value === 'string' || Buffer.isBuffer(value);
    return [name, isSingle ? printHeader(value) : value.map(printHeader)];
  });
  return Object.fromEntries(printed);
}

function printHeader(value: HeaderValue): unknown {
  if (value === undefined || value === null) return null;
  const printed = printBytes(typeof value === 'string' ? Buffer.from(value) : value);
  return printed.encoding === undefined ? printed.value : printed;
}

/**
 * The dead letter of a line, with its bytes as they were (headers of text as bytes); undefined if the line holds none.
 */
export function parseDeadLetter(line: string): DeadLetter | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const record = parseRecord(json);
  const error = own(json, 'error');
  const failure = parseFailure(error);
  const at = own(json, 'written_at');
  if (record === undefined || failure === undefined || typeof at !== 'number') return undefined;
  return {
    record,
    failure,
    ...present('destination', text(error, 'destination')),
    ...present('subscription', text(error, 'subscription')),
    ...present('action', text(error, 'action')),
    ...present('eventId', text(error, 'event_id')),
    ...present('attempts', count(error, 'attempts')),
    ...present('replayCount', count(error, 'hops')),
    ...present('people', texts(own(json, 'people'))),
    at,
  };
}

function parseRecord(json: unknown): SourceRecord | undefined {
  const topic = text(json, 'topic');
  const partition = count(json, 'partition');
  const offset = count(json, 'offset');
  const timestamp = count(json, 'timestamp');
  const key = parseBytes(own(json, 'key'), own(json, 'key_encoding'));
  const value = parseBytes(own(json, 'value'), own(json, 'encoding'));
  if (topic === undefined || partition === undefined || offset === undefined || timestamp === undefined) return;
  if (key === undefined || value === undefined) return;
  const headers = own(json, 'headers');
  return {
    topic,
    partition,
    offset,
    next: count(json, 'next') ?? offset + 1,
    timestamp,
    key,
    value,
    headers: isObject(headers) ? parseHeaders(headers) : undefined,
    ...present('event', eventOfRecord(count(json, 'event_index'), text(json, 'event_of'))),
  };
}

function parseBytes(value: unknown, encoding: unknown): Buffer | null | undefined {
  if (value === null) return null;
  return typeof value === 'string' ? Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8') : undefined;
}

function parseHeaders(headers: JsonObject): RecordHeaders {
  const parsed = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(parseHeader) : parseHeader(value),
  ]);
  return Object.fromEntries(parsed);
}

function parseHeader(value: unknown): Buffer | undefined {
  const bytes = isObject(value)
    ? parseBytes(own(value, 'value'), own(value, 'encoding'))
    : parseBytes(value, undefined);
  return bytes ?? undefined;
}

function parseFailure(error: unknown): Failure | undefined {
  const code = text(error, 'code');
  const message = text(error, 'message');
  if (code === undefined || message === undefined) return undefined;
  const status = count(error, 'http_status');
  const meta = status === undefined ? undefined : parseMeta(status, error);
  return {
    code,
    message,
    ...present('field', text(error, 'field')),
    ...present('fix', text(error, 'fix')),
    ...present('entries', text(error, 'entries')),
    ...present('meta', meta),
  };
}

function parseMeta(status: number, error: unknown): NonNullable<Failure['meta']> {
  return {
    status,
    ...present('code', count(error, 'meta_code')),
    ...present('subcode', count(error, 'meta_subcode')),
    ...present('fbtraceId', text(error, 'fbtrace_id')),
  };
}

function text(json: unknown, key: string): string | undefined {
  const value = own(json, key);
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

function count(json: unknown, key: string): number | undefined {
  const value = own(json, key);
  return typeof value === 'number' ? value : undefined;
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
