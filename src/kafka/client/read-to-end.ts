import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from './client.ts';
import { connectorErrorOf } from './errors.ts';
import type { KafkaLog } from './logger.ts';

/** Messages that wait to be taken, at most. */
const maxWaiting = 1_000;
/** Then reading goes on. */
const resumedAt = 500;
/** How long a wait lasts at most, since what ends it may come without a sign: the end of a partition, a failure. */
const waitMillis = 50;
const leaveWithinMillis = 3_000;

/** A message, and where it stands. */
export interface ReadMessage {
  readonly partition: number;
  readonly message: KafkaMessage;
}

/**
 * Every message that the topic holds now, in order within a partition. Reads with a group of its own that commits
 * nothing; only one process at a time may read with the same group.
 *
 * @param from Only these partitions, each from this offset on; a message may then come twice.
 */
export async function* readToEnd(
  connection: KafkaConnection,
  topic: string,
  groupId: string,
  log: KafkaLog = () => undefined,
  from?: ReadonlyMap<number, number>,
): AsyncGenerator<ReadMessage> {
  const place = { brokers: connection.brokers, groupId, topics: [topic] };
  const ranges = await withAdmin(connection, log, place, (admin) => admin.fetchTopicOffsets(topic));
  const wanted = ranges.filter(({ partition, low, high }) => {
    const start = Math.max(Number(low), from?.get(partition) ?? 0);
    return start < Number(high) && (from === undefined || from.has(partition));
  });
  const ends = new Map(wanted.map(({ partition, high }) => [partition, Number(high)]));
  if (ends.size === 0) return;
  const consumer = createKafkaClient(connection, log).consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  const waiting: ReadMessage[] = [];
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const untilChange = () => Promise.race([changed.promise, sleep(waitMillis)]);
  let failure: unknown;
  const { GROUP_JOIN, CRASH, START_BATCH_PROCESS } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    if ((payload.memberAssignment[topic] ?? []).length < ranges.length) failure = alreadyRunning(groupId);
    for (const { partition, low } of from === undefined ? [] : ranges) {
      const start = from?.get(partition);
      if (start === undefined) consumer.pause([{ topic, partitions: [partition] }]);
      else consumer.seek({ topic, partition, offset: String(Math.max(start, Number(low))) });
    }
  });
  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) failure = payload.error;
  });
  const reached = (partition: number, lastOffset: string) => {
    if (Number(lastOffset) + 1 >= (ends.get(partition) ?? 0)) ends.delete(partition);
  };
  consumer.on(START_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0) reached(payload.partition, payload.lastOffset);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat, isRunning }) => {
        const end = ends.get(batch.partition) ?? 0;
        const start = from?.get(batch.partition) ?? 0;
        for (const message of batch.messages) {
          while (waiting.length >= maxWaiting && isRunning()) {
            await untilChange();
            await heartbeat();
          }
          const offset = Number(message.offset);
          if (offset < start || offset >= end) continue;
          waiting.push({ partition: batch.partition, message });
          if (waiting.length === 1) change();
        }
        reached(batch.partition, batch.lastOffset());
      },
    });
    for (;;) {
      if (failure !== undefined) throw failure;
      const message = waiting.shift();
      if (message !== undefined) {
        if (waiting.length === resumedAt) change();
        yield message;
      } else if (ends.size === 0) return;
      else await untilChange();
    }
  } catch (error) {
    throw error instanceof ConnectorError ? error : connectorErrorOf(error, place);
  } finally {
    waiting.length = 0;
    await Promise.race([
      consumer.disconnect().catch(() => undefined),
      sleep(leaveWithinMillis, undefined, { ref: false }),
    ]);
  }
}

function alreadyRunning(groupId: string): ConnectorError {
  return new ConnectorError(
    'REPLAY_RUNNING',
    `another process reads with the group ${groupId}: let that replay end first, or wait until the group has given up a replay that was killed (10 s)`,
  );
}
