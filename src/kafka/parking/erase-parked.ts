import type { Admin, KafkaMessage } from 'kafkajs';
import type { DeadLetterSearch, ErasedParked } from '../../core/erased-dead-letter.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { hostTopic } from '../client/parking-topic-names.ts';
import { createPartitionProducer, type PartitionProducer } from '../client/partition-producer.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { copyOf, deleteBefore, rewritePartition } from '../client/rewrite-partition.ts';
import { resolveTopics } from '../client/topics.ts';
import { parkedBy } from './parked-message.ts';

export interface EraseParkedConfig extends KafkaConnection {
  /** With `.erase` behind it the topics are read. */
  readonly groupId: string;
  /** As the source reads them. */
  readonly topics: readonly string[];
  readonly excludedTopics: readonly string[];
}

type OnAdmin = <T>(work: (admin: Admin) => Promise<T>) => Promise<T>;

/** The parking topics beside the topics that are read. */
export async function parkingTopicsOf(
  config: EraseParkedConfig,
  log: KafkaLog = () => undefined,
): Promise<readonly string[]> {
  return withAdmin(config, log, { brokers: config.brokers, topics: config.topics }, async (admin) => {
    const hosts = await resolveTopics(admin, config.topics, config.excludedTopics);
    return (await admin.listTopics()).filter((topic) => hosts.includes(hostTopic(topic) ?? '')).sort();
  });
}

/** What a partition holds of the people, and who reads it. */
interface Found {
  readonly low: number;
  readonly records: number;
  readonly groups: ReadonlySet<string>;
}

/**
 * Takes the records of people out of a parking topic, so that they are never delivered. A partition with such records is
 * written again behind its end, in its order, without them and without what was delivered already; the groups that read it
 * are moved there, and what stood before is deleted. The connectors of these groups must be stopped.
 *
 * Rejects with a `ConnectorError` that says what was done and what wasn't. It may be called again.
 */
export async function eraseParked(
  config: EraseParkedConfig,
  topic: string,
  search: DeadLetterSearch,
  log: KafkaLog = () => undefined,
): Promise<ErasedParked> {
  const cluster = { brokers: config.brokers, topics: [topic] };
  const onAdmin: OnAdmin = (work) => withAdmin(config, log, cluster, work);
  const groupId = `${config.groupId}.erase`;
  const producer = createPartitionProducer(config, log);
  let removed = 0;
  try {
    const { read, partitions } = await find();
    if (partitions.size === 0) return { read, removed };
    await refuseWhileRead(onAdmin, topic, new Set([...partitions.values()].flatMap(({ groups }) => [...groups])));
    await producer.connect();
    for (const [partition, found] of partitions) {
      await onAdmin((admin) => deleteBefore(admin, topic, partition, found.low));
      await rewrite(partition, found, producer);
      removed += found.records;
    }
    return { read, removed };
  } catch (error) {
    throw error instanceof ConnectorError ? error : connectorErrorOf(error, cluster);
  } finally {
    await producer.disconnect().catch(() => undefined);
  }

  async function find() {
    const ranges = await onAdmin((admin) => admin.fetchTopicOffsets(topic));
    const lows = new Map(ranges.map(({ partition, low }) => [partition, Number(low)]));
    const all = new Map<number, { low: number; records: number; groups: Set<string> }>();
    let read = 0;
    for await (const { partition, message } of readToEnd(config, topic, groupId, log)) {
      const parked = parkedBy(recordOf(topic, partition, message));
      if (parked === undefined) continue;
      read += 1;
      const found = all.get(partition) ?? { low: lows.get(partition) ?? 0, records: 0, groups: new Set<string>() };
      all.set(partition, found);
      found.groups.add(parked.group);
      await search.prepare(parked);
      if (search.concerns(parked)) found.records += 1;
    }
    const partitions: ReadonlyMap<number, Found> = new Map([...all].filter(([, { records }]) => records > 0));
    return { read, partitions };
  }

  async function rewrite(partition: number, { low, groups }: Found, sender: PartitionProducer): Promise<void> {
    let step = 'nothing of it is gone, and some of what waits may be there twice';
    try {
      const committed = await positionsOf(onAdmin, topic, partition, groups);
      const end = await rewritePartition({
        ...{ connection: config, topic, partition, from: low, groupId, producer: sender, log },
        rewritten(message) {
          const parked = parkedBy(recordOf(topic, partition, message));
          if (parked === undefined) return copyOf(message);
          const isDelivered = Number(message.offset) < (committed.get(parked.group) ?? 0);
          return isDelivered || search.concerns(parked) ? undefined : copyOf(message);
        },
      });
      step = 'what waits is there twice, and would be delivered twice';
      for (const group of groups) {
        const partitions = [{ partition, offset: String(end) }];
        await onAdmin((admin) => admin.setOffsets({ groupId: group, topic, partitions }));
      }
      step = 'nobody reads the old records any more, and they are not deleted';
      await onAdmin((admin) => deleteBefore(admin, topic, partition, end));
    } catch (error) {
      throw new ConnectorError(
        'ERASURE_INCOMPLETE',
        `the erasure in ${topic} ended at partition ${partition}: ${step}. Run it again before you start the connector. Reason: ${messageOf(error)}`,
        {},
        error,
      );
    }
  }
}

function recordOf(
  topic: string,
  partition: number,
  { key, value, headers, offset, timestamp }: KafkaMessage,
): SourceRecord {
  const at = Number(offset);
  return { topic, partition, offset: at, next: at + 1, timestamp: Number(timestamp), key, value, headers };
}

async function positionsOf(
  onAdmin: OnAdmin,
  topic: string,
  partition: number,
  groups: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const groupId of groups) {
    const [answer] = await onAdmin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    const offset = Number(answer?.partitions.find((answered) => answered.partition === partition)?.offset ?? -1);
    found.set(groupId, Math.max(0, offset));
  }
  return found;
}

async function refuseWhileRead(onAdmin: OnAdmin, topic: string, groups: ReadonlySet<string>): Promise<void> {
  const described = await onAdmin((admin) => admin.describeGroups([...groups]));
  const [running] = described.groups.filter(({ members }) => members.length > 0);
  if (running === undefined) return;
  throw new ConnectorError(
    'ERASURE_GROUP_RUNNING',
    `records of these people are parked in ${topic}, and the group ${running.groupId} reads it: stop its connectors, and run the erasure again; nothing of it was changed`,
  );
}
