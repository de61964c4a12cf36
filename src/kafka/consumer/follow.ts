import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { partitionKey, type SourceRecord } from '../../core/record.ts';
import type { StartFrom } from '../../core/source.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from '../client/client.ts';
import { connectorErrorOf } from '../client/errors.ts';
import { recordsOf } from '../client/records.ts';
import { firstPositions, topicOffsets } from './start-position.ts';

export interface FollowSettings {
  readonly topics: readonly string[];
  readonly start: StartFrom;
  /** Nobody else's: nothing is committed for it. */
  readonly groupId: string;
}

const silent = () => undefined;
const leaveWithinMillis = 3_000;

/** Hands over what is written to topics until the signal. Whoever else reads them notices nothing. */
export async function followTopics(
  connection: KafkaConnection,
  { topics, start, groupId }: FollowSettings,
  take: (records: readonly SourceRecord[]) => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const place = { brokers: connection.brokers, groupId, topics };
  const positions = new Map<string, number>();
  await withAdmin(connection, silent, place, async (admin) => {
    for (const topic of topics) {
      const first = await firstPositions(
        admin,
        topic,
        start,
        await topicOffsets(admin, groupId, topic, undefined),
        clock,
      );
      for (const { position, ...where } of first) positions.set(partitionKey(where), position);
    }
  });
  const consumer = createKafkaClient(connection, silent).consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
  });
  const ended = Promise.withResolvers<void>();
  // It may end before anybody waits for that.
  ended.promise.catch(silent);
  const { GROUP_JOIN, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) {
        const offset = positions.get(partitionKey({ topic, partition }));
        if (offset !== undefined) consumer.seek({ topic, partition, offset: String(offset) });
      }
    }
  });
  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) ended.reject(payload.error);
  });
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const from = positions.get(partitionKey(batch)) ?? 0;
        const records = recordsOf(batch).filter(({ offset }) => offset >= from);
        // kafkajs would try again without a word.
        await take(records).catch(ended.reject);
        positions.set(partitionKey(batch), records.at(-1)?.next ?? from);
      },
    });
    if (!signal.aborted) await ended.promise;
  } catch (error) {
    throw error instanceof ConnectorError ? error : connectorErrorOf(error, place);
  } finally {
    await Promise.race([consumer.disconnect().catch(silent), sleep(leaveWithinMillis, undefined, { ref: false })]);
  }
}
