import kafkajs, { type Producer } from 'kafkajs';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { LetterArchive } from '../../core/ports.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from '../client/client.ts';
import { connectorErrorOf, errorNamesOf } from '../client/errors.ts';
import { letterOfMessage } from './dead-letter-message.ts';
import type { KafkaLog } from '../client/logger.ts';
import { readToEnd } from '../client/read-to-end.ts';

export interface KafkaLetterArchiveConfig extends KafkaConnection {
  readonly topic: string;
  /** The connector's; the archive reads with `.replay` behind it. */
  readonly groupId: string;
  /** Of the topic of marks, when it is created. Default: the broker's. */
  readonly replicationFactor?: number;
}

/**
 * The letters of a dead-letter topic, and their marks in the compacted topic `TOPIC.replayed`, which is created when
 * the first mark is written.
 */
export function kafkaLetterArchive(config: KafkaLetterArchiveConfig, log: KafkaLog = () => undefined): LetterArchive {
  const marksTopic = `${config.topic}.replayed`;
  const place = { brokers: config.brokers, topics: [config.topic] };
  const topics = () => withAdmin(config, log, place, (admin) => admin.listTopics());
  let producer: Producer | undefined;

  async function* letters() {
    if (!(await topics()).includes(config.topic)) {
      throw new ConnectorError('DEAD_LETTER_TOPIC', `the dead-letter topic ${config.topic} doesn't exist`);
    }
    for await (const { message } of readToEnd(config, config.topic, `${config.groupId}.replay`, log)) {
      const letter = letterOfMessage(message);
      if (letter !== undefined) yield letter;
    }
  }

  async function openProducer(): Promise<Producer> {
    const opened = createKafkaClient(config, log).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await opened.connect();
    if (!(await topics()).includes(marksTopic)) await createMarksTopic(opened);
    return opened;
  }

  async function createMarksTopic(opened: Producer): Promise<void> {
    const { replicationFactor } = config;
    try {
      await withAdmin(config, log, place, (admin) =>
        admin.createTopics({
          waitForLeaders: false,
          topics: [
            {
              topic: marksTopic,
              numPartitions: 1,
              ...(replicationFactor !== undefined && { replicationFactor }),
              configEntries: [{ name: 'cleanup.policy', value: 'compact' }],
            },
          ],
        }),
      );
    } catch (error) {
      const names = errorNamesOf(error instanceof ConnectorError ? error.cause : error);
      if (!names.has('KafkaJSBrokerNotFound') && !names.has('KafkaJSServerDoesNotSupportApiKey')) throw error;
      // A cluster without a controller, such as the embedded one, creates a topic when it is asked about it.
      await opened.send({ topic: marksTopic, messages: [] });
    }
  }

  return {
    letters,
    async marks() {
      const keys = new Set<string>();
      if (!(await topics()).includes(marksTopic)) return keys;
      for await (const { message } of readToEnd(config, marksTopic, `${config.groupId}.replay.marks`, log)) {
        if (message.key !== null) keys.add(message.key.toString());
      }
      return keys;
    },
    async mark(keys) {
      try {
        producer ??= await openProducer();
        const value = JSON.stringify({ at: new Date().toISOString() });
        await producer.send({ topic: marksTopic, acks: -1, messages: keys.map((key) => ({ key, value })) });
      } catch (error) {
        const { message } = connectorErrorOf(error, place);
        throw new ConnectorError(
          'MARKS_UNWRITABLE',
          `writing to ${marksTopic} failed: ${messageOf(message)}`,
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
