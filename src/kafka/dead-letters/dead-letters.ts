import kafkajs, { type Message, type Producer } from 'kafkajs';
import type { DeadLetter } from '../../core/dead-letter.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { DeadLetterQueue } from '../../core/ports.ts';
import { createKafkaClient, type KafkaConnection, withAdmin } from '../client/client.ts';
import { type Keep, messageOfDeadLetter } from './dead-letter-message.ts';
import { type DeadLetterTopicConfig, prepareDeadLetterTopic } from './dead-letter-topic.ts';
import { connectorErrorOf, protocolTypesOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { requestsOf, sizeOfMessage } from '../client/produce-requests.ts';

export interface KafkaDeadLetterConfig extends KafkaConnection, DeadLetterTopicConfig {
  /** For Kafka Connect's headers. Default `meta-actions`. */
  readonly connectorName?: string;
  /** For Kafka Connect's headers. Default `0`. */
  readonly taskId?: string;
}

export interface KafkaDeadLetterDependencies {
  readonly warn: (code: string, message: string) => void;
  readonly log?: KafkaLog;
}

/** What a batch adds to its messages. */
const BATCH_OVERHEAD_BYTES = 256;

/** From all of a record to only its position: the first that fits is written. */
const KEEPS: readonly Keep[] = ['all', 'without_value', 'position_only'];

/**
 * Dead letters in a Kafka topic, acknowledged by all replicas in sync. One that is too large for the topic keeps what
 * fits. `write` rejects if any of them was not acknowledged; those that were may then be written again.
 */
export function createKafkaDeadLetters(
  config: KafkaDeadLetterConfig,
  dependencies: KafkaDeadLetterDependencies,
): DeadLetterQueue {
  const log: KafkaLog = dependencies.log ?? (() => undefined);
  const writer = { connectorName: config.connectorName ?? 'meta-actions', taskId: config.taskId ?? '0' };
  const place = { brokers: config.brokers, topics: [config.topic] };
  let producer: Producer | undefined;
  let maxMessageBytes = Number.POSITIVE_INFINITY;

  async function open(): Promise<void> {
    const opened = createKafkaClient(config, log).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    const createByUse = async () => {
      await opened.connect();
      await opened.send({ topic: config.topic, messages: [] });
    };
    try {
      const checked = await withAdmin(config, log, place, (admin) =>
        prepareDeadLetterTopic(admin, config, dependencies.warn, createByUse),
      );
      maxMessageBytes = checked.maxMessageBytes ?? Number.POSITIVE_INFINITY;
      await opened.connect();
      producer = opened;
    } catch (error) {
      await opened.disconnect().catch(() => undefined);
      throw connectorErrorOf(error, place);
    }
  }

  async function send(messages: readonly Message[]): Promise<void> {
    if (producer === undefined) throw new ConnectorError('DEAD_LETTERS_CLOSED', 'the dead-letter topic is not open');
    await producer.send({ topic: config.topic, acks: -1, messages: [...messages] });
  }

  /** The dead letter with as much of its record as may fit. */
  function fitting(deadLetter: DeadLetter): Message {
    const limit = maxMessageBytes - BATCH_OVERHEAD_BYTES;
    const variants = KEEPS.map((keep) => () => messageOfDeadLetter(deadLetter, writer, keep));
    for (const variant of variants) {
      const message = variant();
      if (sizeOfMessage(message) <= limit) return message;
    }
    return messageOfDeadLetter(deadLetter, writer, 'position_only');
  }

  async function sendGroup(group: readonly Fitted[]): Promise<void> {
    try {
      await send(group.map(({ message }) => message));
    } catch (error) {
      const types = protocolTypesOf(error);
      if (!types.has('MESSAGE_TOO_LARGE') && !types.has('RECORD_LIST_TOO_LARGE')) throw error;
      for (const { deadLetter } of group) await sendSmaller(deadLetter);
    }
  }

  /** Sends one dead letter alone after the broker has refused its size: with less of the record each time. */
  async function sendSmaller(deadLetter: DeadLetter): Promise<void> {
    let refusal: unknown;
    for (const keep of KEEPS) {
      try {
        return await send([messageOfDeadLetter(deadLetter, writer, keep)]);
      } catch (error) {
        refusal = error;
        if (!protocolTypesOf(error).has('MESSAGE_TOO_LARGE')) break;
      }
    }
    throw refusal;
  }

  async function write(deadLetters: readonly DeadLetter[]): Promise<void> {
    try {
      const fitted = deadLetters.map((deadLetter) => ({ deadLetter, message: fitting(deadLetter) }));
      for (const group of requestsOf(fitted)) await sendGroup(group);
    } catch (error) {
      const message = `writing to the dead-letter topic ${config.topic} failed: ${messageOf(error)}`;
      throw new ConnectorError('DEAD_LETTERS_UNWRITABLE', message, {}, error);
    }
  }

  return {
    open,
    write,
    close: async () => {
      const open = producer;
      producer = undefined;
      await open?.disconnect();
    },
  };
}

interface Fitted {
  readonly deadLetter: DeadLetter;
  readonly message: Message;
}
