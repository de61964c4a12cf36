import type { Broker, Cluster, KafkaMessage } from 'kafkajs';
import { inTurn } from '../../core/in-turn.ts';
import type { KafkaConnection } from './client.ts';
import { type OpenCluster, openCluster } from './cluster.ts';
import { connectorErrorOf } from './errors.ts';
import type { KafkaLog } from './logger.ts';

export interface OffsetRange {
  readonly low: number;
  readonly high: number;
}

/** Reads pieces of a topic wherever it likes, without joining a group. */
export interface TopicReader {
  /** Of each partition the first offset that is there, and the end. */
  ranges(): Promise<ReadonlyMap<number, OffsetRange>>;
  /** Some of the messages from `offset` on, at least one if there is any; what isn't a message is left out. */
  read(partition: number, offset: number): Promise<readonly KafkaMessage[]>;
  close(): Promise<void>;
}

const maxBytes = 1024 * 1024;
const maxWaitMillis = 1_000;

/** What an answer to a fetch holds. kafkajs leaves its type open. */
interface Fetched {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly messages: readonly (KafkaMessage & { readonly isControlRecord?: boolean })[];
    }[];
  }[];
}

/** What kafkajs 2.2 keeps of a broker: one connection for fetches, and one for all else. */
type PooledBroker = Broker & {
  readonly connectionPool?: { getConnection(index: number): Promise<unknown> };
};

const fetchConnection = 1;

export function createTopicReader(connection: KafkaConnection, topic: string, log: KafkaLog): TopicReader {
  const place = { brokers: connection.brokers, topics: [topic] };
  let opened: Promise<OpenCluster> | undefined;
  const findInTurn = inTurn();

  async function open(): Promise<OpenCluster> {
    const found = await openCluster(connection, log);
    await found.cluster.addTargetTopic(topic);
    return found;
  }

  async function withCluster<T>(work: (cluster: Cluster) => Promise<T>): Promise<T> {
    opened ??= open();
    const used = opened;
    try {
      return await work((await used).cluster);
    } catch (error) {
      // The next one connects anew. Others that failed beside this one may have done so already.
      if (opened === used) opened = undefined;
      await disconnect(used);
      throw connectorErrorOf(error, place);
    }
  }

  /** One after the other: side by side kafkajs 2.2 connects to a broker as often, and later closes one of the connections. */
  function leaderOf(cluster: Cluster, partition: number): Promise<Broker> {
    return findInTurn(() => findLeader(cluster, topic, partition));
  }

  async function close(): Promise<void> {
    const closing = opened;
    opened = undefined;
    await disconnect(closing);
  }

  return {
    ranges: () =>
      withCluster(async (cluster) => {
        await cluster.refreshMetadataIfNecessary();
        const partitions = cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ partition: partitionId }));
        const ends = async (fromBeginning: boolean) => {
          const [found] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
          return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        };
        const low = await ends(true);
        const high = await ends(false);
        return new Map([...high].map(([partition, end]) => [partition, { low: low.get(partition) ?? 0, high: end }]));
      }),
    read: (partition, offset) =>
      withCluster(async (cluster) => {
        const broker = await leaderOf(cluster, partition);
        const answer = (await broker.fetch({
          maxWaitTime: maxWaitMillis,
          minBytes: 1,
          maxBytes,
          topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
        })) as Fetched;
        const messages = answer.responses.flatMap(({ partitions }) => partitions.flatMap((read) => read.messages));
        return messages.filter((message) => message.isControlRecord !== true && Number(message.offset) >= offset);
      }),
    close,
  };
}

async function disconnect(opened: Promise<OpenCluster> | undefined): Promise<void> {
  await opened?.then((found) => found.close()).catch(() => undefined);
}

async function findLeader(cluster: Cluster, topic: string, partition: number): Promise<Broker> {
  const leaders = cluster.findLeaderForPartitions(topic, [partition]);
  const [nodeId] = Object.keys(leaders);
  if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  await (broker as PooledBroker).connectionPool?.getConnection(fetchConnection);
  return broker;
}
