import { isUtf8 } from 'node:buffer';
import type { AnalyticsEvent } from '../../core/event.ts';
import { isObject, own } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { isOfRows } from '../../core/record-kind.ts';
import type { HeaderValue, RecordHeaders, SourceRecord } from '../../core/record.ts';
import type { Subscription } from '../../core/subscription.ts';
import type { DecodeOptions } from './decode.ts';
import type { Decoded } from './decoded.ts';

type InRecord =
  | { readonly kind: 'event'; readonly event: AnalyticsEvent }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * The event with the record that it came in, as `context.kafka`, in the place of what its writer may have put there. The
 * key is read as the topic says that it is written; else as text.
 */
export function withRecord(event: AnalyticsEvent, record: SourceRecord, options: DecodeOptions): InRecord {
  const context = own(event, 'context');
  const { topic, partition, offset, timestamp, headers } = record;
  const key = keyOf(record, options);
  if (key?.kind === 'failed') return key;
  const kafka = {
    topic,
    partition,
    offset,
    ...(isTime(timestamp) && { timestamp: new Date(timestamp).toISOString() }),
    ...(key !== undefined && { key: key.value }),
    headers: headers === undefined ? {} : headersOf(headers),
  };
  return { kind: 'event', event: { ...event, context: { ...(isObject(context) && context), kafka } } };
}

/** A producer may write any number. */
function isTime(millis: number): boolean {
  return millis >= 0 && millis <= 8.64e15;
}

function keyOf(record: SourceRecord, options: DecodeOptions) {
  if (record.key === null) return undefined;
  const readKey = options.topics?.(record.topic)?.readKey;
  return readKey === undefined ? { kind: 'value' as const, value: textOf(record.key) } : readKey(record.key, record);
}

function headersOf(headers: RecordHeaders): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(headerOf) : headerOf(value),
    ]),
  );
}

function headerOf(value: HeaderValue | readonly HeaderValue[]): unknown {
  return Buffer.isBuffer(value) ? textOf(value) : (value ?? null);
}

/** Bytes that are no text stay readable as base64. */
function textOf(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'base64');
}

/** Whether a record that holds nothing says that the row of its key is gone. */
export function saysRowIsGone(decoded: Decoded, { topic }: SourceRecord, options: DecodeOptions): boolean {
  const { records } = options.topics?.(topic) ?? options;
  return decoded.kind === 'skipped' && decoded.reason === 'tombstone' && isOfRows(records);
}

/** What the row was is not said. */
export const rowIsGone: Extract<Decoded, { kind: 'event' }> = {
  kind: 'event',
  event: { type: 'track', event: 'deleted', properties: {}, context: { row: { op: 'd' } } },
};

/** Whoever doesn't say how the key becomes a person could only reject it. */
export function removesByKey(subscription: Subscription): boolean {
  return subscription.removesByKey === true;
}
