import type { FetchOffsetsPartition } from 'kafkajs';
import { testClient } from '../support/kafka-broker.ts';

/** Commits as a member does that has not heard yet that the topic of its positions is gone. The group is named like it. */
export async function commitLate(
  brokers: readonly string[],
  topic: string,
  positions: readonly { readonly partitions: readonly FetchOffsetsPartition[] }[],
): Promise<void> {
  const consumer = testClient(brokers).consumer({ groupId: topic });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
  await joined;
  await consumer.commitOffsets(positions.flatMap(({ partitions }) => partitions).map((said) => ({ topic, ...said })));
  await consumer.disconnect();
}
