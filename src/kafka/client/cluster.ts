import kafkajs, { type Cluster } from 'kafkajs';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import type { KafkaLog } from './logger.ts';

export interface OpenCluster {
  readonly cluster: Cluster;
  close(): Promise<void>;
}

/**
 * The way to the brokers themselves. kafkajs reads only in groups, which take seconds to join, and asks only what it knows.
 * It hands its way to the cluster to whoever assigns partitions, when a consumer is made: that consumer never joins.
 */
export async function openCluster(connection: KafkaConnection, log: KafkaLog): Promise<OpenCluster> {
  let cluster: Cluster | undefined;
  const consumer = createKafkaClient(connection, log, 2).consumer({
    groupId: 'unused',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (given) => {
        cluster = given.cluster;
        return kafkajs.PartitionAssigners.roundRobin(given);
      },
    ],
  });
  await consumer.connect();
  if (cluster === undefined) throw new Error('kafkajs names no cluster');
  return { cluster, close: () => consumer.disconnect() };
}
