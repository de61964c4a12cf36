import type { Batch } from 'kafkajs';
import type { TopicPartition } from '../../../src/core/record.ts';

/** A batch as kafkajs gives it, fetched from `fetched`, with records at `offsets`, ending at `last`. */
export function batchOf(
  where: TopicPartition,
  fetched: number,
  offsets: readonly number[],
  last = offsets.at(-1) ?? fetched,
): Batch {
  const made = {
    ...where,
    fetchedOffset: String(fetched),
    highWatermark: String(last + 1),
    messages: offsets.map((offset) => ({
      offset: String(offset),
      key: null,
      value: Buffer.from('v'),
      timestamp: '0',
      headers: {},
    })),
    isEmpty: () => offsets.length === 0,
    firstOffset: () => String(offsets[0] ?? fetched),
    lastOffset: () => String(last),
    offsetLag: () => '0',
    offsetLagLow: () => '0',
  };
  return made as unknown as Batch;
}
