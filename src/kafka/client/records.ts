import type { Batch, KafkaMessage } from 'kafkajs';
import type { RecordHeaders, SourceRecord, TopicPartition } from '../../core/record.ts';

/**
 * The records of a batch. `next` of the last one lies behind everything that kafkajs took out of the batch: markers of
 * transactions, and records of those that were aborted.
 */
export function recordsOf(batch: Batch): readonly SourceRecord[] {
  const behind = Number(batch.lastOffset()) + 1;
  return batch.messages.map((message, index) => {
    const next = index === batch.messages.length - 1 ? behind : Number(message.offset) + 1;
    return recordOf(batch, message, next);
  });
}

/** @param next The position behind the record. */
export function recordOf({ topic, partition }: TopicPartition, message: KafkaMessage, next: number): SourceRecord {
  const { key, value, timestamp } = message;
  const headers = headersOf(message.headers);
  return { topic, partition, offset: Number(message.offset), next, timestamp: Number(timestamp), key, value, headers };
}

/**
 * kafkajs gathers headers in an object that inherits: one named `constructor` or `__proto__` comes with a function or
 * an object that nobody sent. Only bytes are kept.
 */
function headersOf(headers: KafkaMessage['headers']): RecordHeaders | undefined {
  if (headers === undefined) return undefined;
  const entries = Object.entries(headers);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (!Array.isArray(value)) return [key, value];
      const sent = value.filter((each) => Buffer.isBuffer(each) || typeof each === 'string' || each === null);
      return [key, sent.length === 1 ? sent[0] : sent];
    }),
  );
}
