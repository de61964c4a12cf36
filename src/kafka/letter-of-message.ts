import type { KafkaMessage } from 'kafkajs';
import type { DeadLetter } from '../core/delivery.ts';
import { valueOmittedHeader } from '../core/dead-letter-key.ts';
import type { RecordHeaders } from '../core/record.ts';

const ourPrefix = 'meta-actions.';
const connectPrefix = '__connect.errors.';

/** The letter of a message of a dead-letter topic; undefined when it is none of ours. */
export function letterOfMessage({ key, value, headers = {}, timestamp }: KafkaMessage): DeadLetter | undefined {
  const text = (name: string) => lastOf(headers[ourPrefix + name])?.toString();
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
    if (name.startsWith(ourPrefix)) return name === valueOmittedHeader ? [[name, value]] : [];
    if (!name.startsWith(connectPrefix)) return [[name, value]];
    const before = Array.isArray(value) ? value.slice(0, -1) : [];
    return before.length === 0 ? [] : [[name, before.length === 1 ? before[0] : before]];
  });
  return Object.fromEntries(kept);
}

function lastOf<T>(value: T | T[] | undefined): T | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
