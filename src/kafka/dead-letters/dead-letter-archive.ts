import kafkajs, { type Producer } from 'kafkajs';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { DeadLetterArchive } from '../../core/ports.ts';
import { writtenReplayed } from '../../core/replayed.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from '../client/client.ts';
import { prepareCompactedTopic } from '../client/compacted-topic.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { deadLetterOfMessage } from './dead-letter-message.ts';

export interface KafkaDeadLetterArchiveConfig extends KafkaConnection {
  readonly topic: string;
  /** The connector's group; the archive reads with `.replay` appended to it. */
  readonly groupId: string;
  /** Of `TOPIC.replayed`, when it is created. Default: the broker's. */
  readonly replicationFactor?: number;
}

/**
 * The dead letters of a topic. The keys of those that were replayed are in the compacted topic `TOPIC.replayed`, which
 * is created when the first is written.
 */
export function createKafkaDeadLetterArchive(
  config: KafkaDeadLetterArchiveConfig,
  log: KafkaLog = () => undefined,
): DeadLetterArchive {
  const replayedTopic = `${config.topic}.replayed`;
  const place = { brokers: config.brokers, topics: [config.topic] };
  const topics = () => withAdmin(config, log, place, (admin) => admin.listTopics());
  let producer: Producer | undefined;

  async function* deadLetters() {
    if (!(await topics()).includes(config.topic)) {
      throw new ConnectorError('DEAD_LETTER_TOPIC', `the dead-letter topic ${config.topic} doesn't exist`);
    }
    for await (const { message } of readToEnd(config, config.topic, `${config.groupId}.replay`, log)) {
      const deadLetter = deadLetterOfMessage(message);
      if (deadLetter !== undefined) yield deadLetter;
    }
  }

  async function openProducer(): Promise<Producer> {
    const opened = createKafkaClient(config, log).producer({
      // Deleted meanwhile, it would come back as a topic that forgets.
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await opened.connect();
    const { replicationFactor } = config;
    const replayed = { topic: replayedTopic, ...(replicationFactor !== undefined && { replicationFactor }) };
    await prepareCompactedTopic(config, replayed, log);
    return opened;
  }

  return {
    deadLetters,
    async replayedKeys() {
      const keys = new Set<string>();
      if (!(await topics()).includes(replayedTopic)) return keys;
      for await (const { message } of readToEnd(config, replayedTopic, `${config.groupId}.replay.marks`, log)) {
        // An erasure takes marks back.
        if (message.key !== null && message.value === null) keys.delete(message.key.toString());
        else if (message.key !== null) keys.add(message.key.toString());
      }
      return keys;
    },
    async markReplayed(replayed) {
      try {
        producer ??= await openProducer();
        const at = new Date();
        const messages = replayed.map(({ key, outcome }) => ({
          key,
          value: JSON.stringify(writtenReplayed(outcome, at)),
        }));
        await producer.send({ topic: replayedTopic, acks: -1, messages });
      } catch (error) {
        const { message } = connectorErrorOf(error, place);
        throw new ConnectorError(
          'MARKS_UNWRITABLE',
          `writing to ${replayedTopic} failed: ${messageOf(message)}`,
          {},
          error,
        );
      }
    },
    async close() {
      await producer?.disconnect();
    },
  };
}
