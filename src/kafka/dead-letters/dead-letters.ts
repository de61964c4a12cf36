import type { Message } from 'kafkajs';
import type { DeadLetter } from '../../core/dead-letter.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { DeadLetterQueue } from '../../core/ports.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { createTopicByUse } from '../client/create-by-use.ts';
import { type Keep, messageOfDeadLetter } from './dead-letter-message.ts';
import { type DeadLetterTopicConfig, prepareDeadLetterTopic } from './dead-letter-topic.ts';
import { connectorErrorOf, isTooLarge } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import {
  createPartitionChoice,
  createPartitionProducer,
  type PartitionProducer,
} from '../client/partition-producer.ts';
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
 * fits. `write` rejects if any of them was not acknowledged; called with the same ones again, it writes those that are
 * missing. One is written twice only if its acknowledgement was lost.
 */
export function createKafkaDeadLetters(
  config: KafkaDeadLetterConfig,
  dependencies: KafkaDeadLetterDependencies,
): DeadLetterQueue {
  const log: KafkaLog = dependencies.log ?? (() => undefined);
  const writer = { connectorName: config.connectorName ?? 'meta-actions', taskId: config.taskId ?? '0' };
  const place = { brokers: config.brokers, topics: [config.topic] };
  const acknowledged = new WeakSet<DeadLetter>();
  let producer: PartitionProducer | undefined;
  let maxMessageBytes = Number.POSITIVE_INFINITY;
  let partitions = 1;

  async function open(): Promise<void> {
    const opened = createPartitionProducer(config, log);
    const createByUse = () => createTopicByUse(config, config.topic, log);
    try {
      const checked = await withAdmin(config, log, place, (admin) =>
        prepareDeadLetterTopic(admin, config, dependencies.warn, createByUse),
      );
      partitions = checked.partitions;
      maxMessageBytes = checked.maxMessageBytes ?? Number.POSITIVE_INFINITY;
      await opened.connect();
      producer = opened;
    } catch (error) {
      await opened.disconnect().catch(() => undefined);
      throw connectorErrorOf(error, place);
    }
  }

  async function send(partition: number, messages: readonly Message[]): Promise<void> {
    if (producer === undefined) throw new ConnectorError('DEAD_LETTERS_CLOSED', 'the dead-letter topic is not open');
    await producer.send(config.topic, partition, messages);
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

  async function sendGroup(partition: number, group: readonly Fitted[]): Promise<void> {
    try {
      await send(
        partition,
        group.map(({ message }) => message),
      );
      for (const { deadLetter } of group) acknowledged.add(deadLetter);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      for (const { deadLetter } of group) await sendSmaller(partition, deadLetter);
    }
  }

  /** Sends one dead letter alone after the broker has refused its size: with less of the record each time. */
  async function sendSmaller(partition: number, deadLetter: DeadLetter): Promise<void> {
    let bytes = 0;
    for (const keep of KEEPS) {
      const message = messageOfDeadLetter(deadLetter, writer, keep);
      bytes = sizeOfMessage(message);
      try {
        await send(partition, [message]);
        acknowledged.add(deadLetter);
        return;
      } catch (error) {
        if (!isTooLarge(error)) throw error;
      }
    }
    throw new ConnectorError(
      'DEAD_LETTER_TOPIC',
      `not even a position and a reason, ${bytes} bytes, are taken: raise max.message.bytes of the topic, or segment.bytes`,
    );
  }

  async function writeInto(partition: number, deadLetters: readonly DeadLetter[]): Promise<void> {
    const fitted = deadLetters.map((deadLetter) => ({ deadLetter, message: fitting(deadLetter) }));
    for (const group of requestsOf(fitted)) await sendGroup(partition, group);
  }

  async function write(deadLetters: readonly DeadLetter[]): Promise<void> {
    const missing = deadLetters.filter((deadLetter) => !acknowledged.has(deadLetter));
    const partitionOf = createPartitionChoice(producer?.partitionsOf(config.topic) ?? partitions);
    const byPartition = Map.groupBy(missing, ({ record }) => partitionOf(record.key));
    const writes = [...byPartition].map(([partition, some]) => writeInto(partition, some));
    const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return;
    const message = `writing to the dead-letter topic ${config.topic} failed: ${messageOf(failed.reason)}`;
    throw new ConnectorError('DEAD_LETTERS_UNWRITABLE', message, {}, failed.reason);
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
