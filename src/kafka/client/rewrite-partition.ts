import type { Admin, KafkaMessage, Message } from 'kafkajs';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { KafkaConnection } from './client.ts';
import { errorNamesOf, protocolTypesOf } from './errors.ts';
import type { KafkaLog } from './logger.ts';
import type { PartitionProducer } from './partition-producer.ts';
import { sizeOfMessage } from './produce-requests.ts';
import { readToEnd } from './read-to-end.ts';

export interface RewriteOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly partition: number;
  /** The first that is copied; what stands before it is deleted with the others. */
  readonly from: number;
  /** With which the partition is read, alone. */
  readonly groupId: string;
  readonly producer: Pick<PartitionProducer, 'sendAll'>;
  /** As it shall be from now on; undefined: it is left out. */
  rewritten(message: KafkaMessage): Message | undefined;
  readonly log: KafkaLog;
}

/** So much is held at once. */
const mostBytes = 900_000;

/**
 * Writes everything of a partition again behind its end, in its order, as it shall be from now on. Resolves with the
 * position up to which the partition may then be deleted: whatever came meanwhile stands behind it. Kafka can't change
 * a record in its place.
 */
export async function rewritePartition(options: RewriteOptions): Promise<number> {
  const { connection, topic, partition, from, groupId, producer, rewritten, log } = options;
  let waiting: Message[] = [];
  let bytes = 0;
  let end = from;
  const flush = async () => {
    await producer.sendAll(topic, partition, waiting);
    [waiting, bytes] = [[], 0];
  };
  for await (const { message } of readToEnd(connection, topic, groupId, log, new Map([[partition, from]]))) {
    // The reader may bring one twice.
    if (Number(message.offset) < end) continue;
    end = Number(message.offset) + 1;
    const copy = rewritten(message);
    if (copy === undefined) continue;
    waiting.push(copy);
    bytes += sizeOfMessage(copy);
    if (bytes >= mostBytes) await flush();
  }
  await flush();
  return end;
}

/**
 * The same message, for another place. Headers without a value, also one of several of a name, become empty: kafkajs
 * sends no others.
 */
export function copyOf({ key, value, headers = {}, timestamp }: KafkaMessage): Message {
  const sent = (value: Buffer | string | null | undefined) => value ?? Buffer.alloc(0);
  const sendable = Object.entries(headers).map(([name, header]) => [
    name,
    Array.isArray(header) ? header.map(sent) : sent(header),
  ]);
  return { key, value, timestamp, headers: Object.fromEntries(sendable) };
}

/** Deletes what stands before the position. Never `-1`, which Kafka takes for everything. */
export async function deleteBefore(admin: Admin, topic: string, partition: number, position: number): Promise<void> {
  // kafkajs looks for the partition's leader in what it knows already.
  await admin.fetchTopicOffsets(topic);
  try {
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(Math.max(0, position)) }] });
  } catch (error) {
    throw new ConnectorError('ERASURE_NOT_DELETED', reasonOf(topic, error), {}, error);
  }
}

function reasonOf(topic: string, error: unknown): string {
  const types = protocolTypesOf(error);
  if (types.has('TOPIC_AUTHORIZATION_FAILED'))
    return `the Kafka user may not delete records of ${topic}: grant Delete on it`;
  if (types.has('POLICY_VIOLATION')) return `${topic} doesn't let records be deleted: add delete to its cleanup.policy`;
  if (errorNamesOf(error).has('KafkaJSServerDoesNotSupportApiKey'))
    return `the broker can't delete records of ${topic}`;
  return `records of ${topic} could not be deleted: ${messageOf(error)}`;
}
