import kafkajs from 'kafkajs';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import type { KafkaLog } from './logger.ts';

/**
 * Makes a topic where the cluster creates those that it is asked about, and nothing else does. Whoever writes afterwards
 * must not ask in this way: a topic that was deleted would come back with the brokers' defaults, by which what is in it
 * is deleted after a week.
 */
export async function createTopicByUse(connection: KafkaConnection, topic: string, log: KafkaLog): Promise<void> {
  const producer = createKafkaClient(connection, log).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  try {
    await producer.connect();
    await producer.send({ topic, messages: [] });
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
