import kafkajs, { type Admin } from 'kafkajs';
import { deadLetterKey } from '../../core/dead-letter-key.ts';
import type { ErasedDeadLetters, DeadLetterSearch } from '../../core/erased-dead-letter.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from '../client/client.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { createPartitionProducer } from '../client/partition-producer.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { copyOf, deleteBefore, rewritePartition } from '../client/rewrite-partition.ts';
import { deadLetterOfMessage, messageWithoutPeople } from './dead-letter-message.ts';

export interface EraseDeadLettersConfig extends KafkaConnection {
  readonly topic: string;
  /** The connector's group; with `.erase` behind it the topic is read. */
  readonly groupId: string;
}

/** Letters that come while the topic is rewritten are looked at too; a connector that writes ever more of them must stop first. */
const mostRounds = 3;

/**
 * Empties the letters of a topic that concern those who are looked for. A partition with such letters is written again behind its
 * end, in its order, with them emptied; when all of it is acknowledged, what stood before is deleted. Their marks in
 * `TOPIC.replayed`, which is compacted, get tombstones.
 *
 * Rejects with a `ConnectorError` that says what was done and what wasn't. It may be called again.
 */
export async function eraseFromTopic(
  config: EraseDeadLettersConfig,
  search: DeadLetterSearch,
  log: KafkaLog = () => undefined,
): Promise<ErasedDeadLetters> {
  const { topic, brokers } = config;
  const place = { brokers, topics: [topic] };
  const onAdmin = <T>(work: (admin: Admin) => Promise<T>) => withAdmin(config, log, place, work);
  const groupId = `${config.groupId}.erase`;
  const topics = await onAdmin((admin) => admin.listTopics());
  if (!topics.includes(topic)) {
    throw new ConnectorError('DEAD_LETTER_TOPIC', `the dead-letter topic ${topic} doesn't exist`);
  }
  const replayedTopic = topics.includes(`${topic}.replayed`) ? `${topic}.replayed` : undefined;
  const letters = createPartitionProducer(config, log);
  const replayedKeysWriter = createKafkaClient(config, log).producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  let total: ErasedDeadLetters = { read: 0, erased: 0, replayedKeys: 0 };
  try {
    await letters.connect();
    await replayedKeysWriter.connect();
    for (let round = 1; ; round += 1) {
      const found = await find();
      if (round === 1) total = { ...total, read: found.read };
      if (found.partitions.size === 0) return total;
      if (round > mostRounds) throw stillComing(topic, found.keys.length);
      // Before anything is copied: a broker that can't delete would leave everything twice.
      for (const [partition, { low }] of found.partitions) {
        await onAdmin((admin) => deleteBefore(admin, topic, partition, low));
      }
      const replayedKeys = await forgetReplayedKeys(replayedTopic, found.keys);
      total = { ...total, replayedKeys: total.replayedKeys + replayedKeys };
      for (const [partition, { low }] of found.partitions) {
        const emptied = await rewrite(partition, low, total.erased);
        total = { ...total, erased: total.erased + emptied };
      }
    }
  } catch (error) {
    const known = error instanceof ConnectorError ? error : connectorErrorOf(error, place);
    const saysSo = known.code === 'ERASURE_INCOMPLETE';
    throw saysSo || total.erased + total.replayedKeys === 0 ? known : brokenOff(topic, total, known);
  } finally {
    await letters.disconnect().catch(() => undefined);
    await replayedKeysWriter.disconnect().catch(() => undefined);
  }

  async function find() {
    const ranges = await onAdmin((admin) => admin.fetchTopicOffsets(topic));
    const lows = new Map(ranges.map(({ partition, low }) => [partition, Number(low)]));
    const partitions = new Map<number, { readonly low: number }>();
    const keys: string[] = [];
    let read = 0;
    for await (const { partition, message } of readToEnd(config, topic, groupId, log)) {
      const letter = deadLetterOfMessage(message);
      if (letter === undefined) continue;
      read += 1;
      await search.prepare(letter);
      if (!search.concerns(letter)) continue;
      partitions.set(partition, { low: lows.get(partition) ?? 0 });
      keys.push(deadLetterKey(letter));
    }
    return { read, partitions, keys };
  }

  async function forgetReplayedKeys(replayed: string | undefined, keys: readonly string[]): Promise<number> {
    if (replayed === undefined || keys.length === 0) return 0;
    const marked = new Set<string>();
    for await (const { message } of readToEnd(config, replayed, `${groupId}.marks`, log)) {
      const key = message.key?.toString();
      if (key !== undefined && message.value !== null) marked.add(key);
      else if (key !== undefined) marked.delete(key);
    }
    const gone = keys.filter((key) => marked.has(key));
    if (gone.length === 0) return 0;
    try {
      await replayedKeysWriter.send({ topic: replayed, acks: -1, messages: gone.map((key) => ({ key, value: null })) });
    } catch (error) {
      throw brokenOff(topic, total, error);
    }
    return gone.length;
  }

  /** Tells how many were emptied: those that came since the search, too. */
  async function rewrite(partition: number, low: number, before: number): Promise<number> {
    const seen = new Set<string>();
    let emptied = 0;
    let copied = false;
    try {
      const end = await rewritePartition({
        ...{ connection: config, topic, partition, from: low, groupId, producer: letters, log },
        rewritten(message) {
          const letter = deadLetterOfMessage(message);
          if (letter === undefined) return copyOf(message);
          const concerned = search.concerns(letter);
          // What an erasure before this one has copied and not deleted is there twice: once is enough.
          const { record } = letter;
          const key = `${deadLetterKey(concerned ? { ...letter, record: { ...record, value: null } } : letter)} ${letter.at}`;
          if (seen.has(key)) return undefined;
          seen.add(key);
          if (!concerned) return copyOf(message);
          emptied += 1;
          return messageWithoutPeople(message);
        },
      });
      copied = true;
      await onAdmin((admin) => deleteBefore(admin, topic, partition, end));
      return emptied;
    } catch (error) {
      throw halfDone(config.topic, partition, { copied, erased: before }, error);
    }
  }
}

function halfDone(
  topic: string,
  partition: number,
  { copied, erased }: { readonly copied: boolean; readonly erased: number },
  error: unknown,
): ConnectorError {
  const done = `${erased} letters of other partitions are emptied`;
  const here = copied
    ? 'its letters are there twice, the old ones unchanged'
    : 'none of its letters is emptied, some may be there twice';
  return new ConnectorError(
    'ERASURE_INCOMPLETE',
    `the erasure in ${topic} ended at partition ${partition}: ${here}; ${done}. Run it again. Reason: ${messageOf(error)}`,
    {},
    error,
  );
}

/** Between two partitions, or over the marks of replays. */
function brokenOff(topic: string, { erased }: ErasedDeadLetters, error: unknown): ConnectorError {
  return new ConnectorError(
    'ERASURE_INCOMPLETE',
    `the erasure in ${topic} broke off: ${erased} letters are emptied; of others the mark that they were replayed may be gone, so don't replay before it is done. Run it again. Reason: ${messageOf(error)}`,
    {},
    error,
  );
}

function stillComing(topic: string, count: number): ConnectorError {
  return new ConnectorError(
    'ERASURE_INCOMPLETE',
    `new letters of these people keep coming into ${topic}, ${count} at the last look: stop what sends their events, and run the erasure again`,
  );
}
