import kafkajs from 'kafkajs';
import { patchIdleTimers } from '../../src/kafka/client/timer-patch.ts';

const setting = (name: string) => process.env[name] ?? '';

/** Reads the topic of KAFKA_TOPICS from its beginning with the product's client, and commits nothing. */
export async function readTopic(take: (value: Buffer | null) => void, room: () => Promise<void>): Promise<void> {
  patchIdleTimers();
  const client = new kafkajs.Kafka({ brokers: setting('KAFKA_BROKERS').split(','), logLevel: kafkajs.logLevel.ERROR });
  const consumer = client.consumer({ groupId: setting('KAFKA_GROUP_ID'), maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topics: [setting('KAFKA_TOPICS')], fromBeginning: true });
  consumer.on(consumer.events.GROUP_JOIN, () => console.error('ready'));
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) take(value);
      await room();
    },
  });
}
