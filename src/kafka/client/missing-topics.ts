import type { Cluster } from 'kafkajs';
import { protocolTypesOf } from './errors.ts';
import { type RawBroker, tellsTopicIds, topicIdsFrom } from './topic-ids.ts';

/** What kafkajs 2.2 keeps of a cluster. */
interface BrokerPool {
  metadata: { topicMetadata: readonly { readonly topic: string }[] } | null;
  metadataExpireAt: number | null;
  findConnectedBroker(): Promise<RawBroker>;
  refreshMetadata(topics: readonly string[]): Promise<void>;
}

/** How soon the cluster is asked again whether a missing topic is back. */
const ASK_AGAIN_MILLIS = 5_000;

/**
 * Lets a client go on with the topics that are there when one of them has been deleted. kafkajs refuses everything that a
 * cluster says about topics if one is unknown: a consumer of several topics would crash and join again all the time, and
 * read none of them. Needs brokers that tell topic ids.
 *
 * @param missing Told of those that aren't there, each time the cluster says so.
 */
export function toleratesMissingTopics(cluster: Cluster, missing: (topics: readonly string[]) => void): void {
  const { brokerPool } = cluster as Cluster & { readonly brokerPool: BrokerPool };
  const refresh = brokerPool.refreshMetadata.bind(brokerPool);
  brokerPool.refreshMetadata = async (topics) => {
    try {
      return await refresh(topics);
    } catch (error) {
      if (!protocolTypesOf(error).has('UNKNOWN_TOPIC_OR_PARTITION')) throw error;
      const broker = await brokerPool.findConnectedBroker();
      if (!tellsTopicIds(broker)) throw error;
      const there = await topicIdsFrom(broker, topics);
      if (there.size > 0) await refresh(topics.filter((topic) => there.has(topic)));
      const { metadata } = brokerPool;
      // None is there, and the client doesn't even know the brokers.
      if (metadata === null) throw error;
      const gone = topics.filter((topic) => !there.has(topic));
      // With no partitions, or kafkajs would ask for them before each fetch.
      const empty = gone.map((topic) => ({ topic, topicErrorCode: 0, partitionMetadata: [] }));
      metadata.topicMetadata = [...metadata.topicMetadata.filter(({ topic }) => there.has(topic)), ...empty];
      brokerPool.metadataExpireAt = Date.now() + ASK_AGAIN_MILLIS;
      missing(gone);
    }
  };
}
