import kafkajs from 'kafkajs';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import { connectorErrorOf } from './errors.ts';
import type { KafkaLog } from './logger.ts';

export interface RecordToProduce {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string>>;
}

/**
 * Writes records to a topic, which the cluster creates when it may, and resolves when all replicas in sync have them.
 * Rejects with a `ConnectorError` that names the setting at fault.
 */
export async function produceRecords(
  connection: KafkaConnection,
  topic: string,
  records: readonly RecordToProduce[],
  log: KafkaLog = () => undefined,
): Promise<void> {
  const client = createKafkaClient(connection, log);
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  try {
    await producer.connect();
    const messages = records.map(({ key = null, value, headers }) => ({
      key,
      value,
      ...(headers === undefined ? {} : { headers: { ...headers } }),
    }));
    await producer.send({ topic, acks: -1, messages });
  } catch (error) {
    throw connectorErrorOf(error, { brokers: connection.brokers, topics: [topic] });
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
