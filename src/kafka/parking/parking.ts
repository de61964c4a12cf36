import type { Admin } from 'kafkajs';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { ParkedRecord, ParkingStore } from '../../core/parked.ts';
import type { TopicPartition } from '../../core/record.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { createTopicByUse } from '../client/create-by-use.ts';
import { prepareDurableTopic } from '../client/durable-topic.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { messageOfParked } from './parked-message.ts';
import { parkingTopic } from '../client/parking-topic-names.ts';
import { createPartitionProducer } from '../client/partition-producer.ts';
import { requestsOf } from '../client/produce-requests.ts';
import { resolveTopics } from '../client/topics.ts';

export interface KafkaParkingConfig extends KafkaConnection {
  readonly groupId: string;
  /** As the source reads them. */
  readonly topics: readonly string[];
  readonly excludedTopics: readonly string[];
  /** Every destination, and whether it parks: one that no longer does may have left something in its topic. */
  readonly destinations: ReadonlyMap<string, boolean>;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
}

export interface KafkaParkingDependencies {
  readonly warn: (code: string, message: string) => void;
  readonly log?: KafkaLog;
}

/**
 * Parking topics beside the source's topics, `TOPIC.parked.DESTINATION`, each with as many partitions as its source
 * topic. `write` resolves when all replicas in sync have the records that it took.
 */
export function createKafkaParking(config: KafkaParkingConfig, dependencies: KafkaParkingDependencies): ParkingStore {
  const log: KafkaLog = dependencies.log ?? (() => undefined);
  const hosts = new Map<
    string,
    { readonly destination: string; readonly topic: string; readonly partitions: number }
  >();
  const producer = createPartitionProducer(config, log);
  let open = false;

  async function prepare(admin: Admin): Promise<void> {
    const topics = await resolveTopics(admin, config.topics, config.excludedTopics);
    const existing = await admin.listTopics();
    for (const topic of topics) {
      const partitions = await partitionsOf(admin, topic);
      for (const [destination, parks] of config.destinations) {
        const parking = parkingTopic(topic, destination);
        const known = existing.includes(parking);
        if (!parks && !known) continue;
        const had = known ? await partitionsOf(admin, parking) : partitions;
        if (parks) await prepareTopic(admin, { topic, parking, partitions });
        if (parks && had < partitions) await addPartitions(admin, parking, partitions);
        hosts.set(parking, { destination, topic, partitions: parks ? Math.max(had, partitions) : had });
      }
    }
  }

  async function prepareTopic(
    admin: Admin,
    { topic, parking, partitions }: { readonly topic: string; readonly parking: string; readonly partitions: number },
  ): Promise<void> {
    const wanted = {
      ...{ topic: parking, partitions, sources: [topic], refusesRetention: true },
      ...{ code: 'PARKING', setting: 'on_blocked', contents: 'parked deliveries' },
      ifTooLarge: "larger ones can't be parked",
      ...(config.replicationFactor !== undefined && { replicationFactor: config.replicationFactor }),
    };
    await prepareDurableTopic(admin, wanted, dependencies.warn, () => createTopicByUse(config, parking, log));
  }

  return {
    async open() {
      if (config.destinations.size === 0) return;
      const cluster = { brokers: config.brokers, topics: config.topics };
      try {
        await producer.connect();
        await withAdmin(config, log, cluster, prepare);
        open = true;
      } catch (error) {
        await producer.disconnect().catch(() => undefined);
        throw connectorErrorOf(error, cluster);
      }
    },
    parkingPartitionOf(destination, { topic, partition }) {
      const parking = parkingTopic(topic, destination);
      const host = hosts.get(parking);
      return host === undefined || partition >= host.partitions ? undefined : { topic: parking, partition };
    },
    hostOf({ topic, partition }) {
      const host = hosts.get(topic);
      return host === undefined ? undefined : { destination: host.destination, topic: host.topic, partition };
    },
    async write({ topic, partition }: TopicPartition, records: readonly ParkedRecord[], isWanted: () => boolean) {
      const messages = records.map((record) => ({ message: messageOfParked(record, config.groupId) }));
      // One request: of several the first might be taken, and be written again with those that were not.
      const [request = []] = requestsOf(messages);
      const sent = request.map(({ message }) => message);
      try {
        return await producer.sendFirst(topic, partition, sent, isWanted);
      } catch (error) {
        throw new ConnectorError('PARKING_UNWRITABLE', `writing to ${topic} failed: ${messageOf(error)}`, {}, error);
      }
    },
    async close() {
      if (open) await producer.disconnect();
      open = false;
    },
  };
}

async function partitionsOf(admin: Admin, topic: string): Promise<number> {
  return (await admin.fetchTopicOffsets(topic)).length;
}

async function addPartitions(admin: Admin, topic: string, count: number): Promise<void> {
  await admin.createPartitions({ topicPartitions: [{ topic, count }] });
}
