import kafkajs, { type Message } from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import { isTooLarge } from './errors.ts';
import type { KafkaLog } from './logger.ts';
import { requestsOf } from './produce-requests.ts';

/**
 * Writes to one partition at a time. kafkajs takes the answers of a broker for one: if a partition of a request is
 * refused, all of its messages are sent again, also those that another partition has taken. And if the refused partition
 * has moved to a broker whose answer it has already, kafkajs sends nothing and reports success. A request for a single
 * partition is either taken or not.
 */
export interface PartitionProducer {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /**
   * Resolves with the offset behind the last message when all replicas in sync have them. Rejects if they may not have
   * been written; they are then there once, or not at all, or more than once if an acknowledgement was lost. A topic
   * that was deleted isn't made anew.
   *
   * @param isWanted Asked right before each attempt; once it says no, none is made any more.
   */
  send(topic: string, partition: number, messages: readonly Message[], isWanted?: () => boolean): Promise<number>;
  /** As `send`; if all together are too large for the topic, the first so many of them. */
  sendFirst(
    topic: string,
    partition: number,
    messages: readonly Message[],
    isWanted: () => boolean,
  ): Promise<{ readonly count: number; readonly end: number }>;
  /** All of them in their order, in as many requests as it takes. If it rejects, some may have been written. */
  sendAll(topic: string, partition: number, messages: readonly Message[]): Promise<void>;
  /** How many partitions the topic had when something was last sent to it. */
  partitionsOf(topic: string): number | undefined;
}

/** A message with what kafkajs gives back to the partitioner, which it asks anew for each attempt. */
type PlacedMessage = Message & { readonly partition: number; readonly isWanted: () => boolean };

export function createPartitionProducer(connection: KafkaConnection, log: KafkaLog): PartitionProducer {
  const counts = new Map<string, number>();
  const producer = createKafkaClient(connection, log).producer({
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ topic, partitionMetadata, message }) => {
        counts.set(topic, partitionMetadata.length);
        const { partition, isWanted } = message as PlacedMessage;
        if (!isWanted())
          throw new ConnectorError('KAFKA_FAILED', `what was to be written to ${topic} is not wanted any more`);
        return partition;
      },
  });

  const send: PartitionProducer['send'] = async (topic, partition, messages, isWanted = () => true) => {
    const placed: PlacedMessage[] = messages.map((message) => ({ ...message, partition, isWanted }));
    const [answer] = await producer.send({ topic, acks: -1, messages: placed });
    // kafkajs leaves out a partition that the topic doesn't have, and reports success.
    if (answer === undefined) {
      throw new ConnectorError('KAFKA_FAILED', `${topic} has no partition ${partition} any more`);
    }
    return Number(answer.baseOffset) + messages.length;
  };

  const sendFirst: PartitionProducer['sendFirst'] = async (topic, partition, messages, isWanted) => {
    for (let count = messages.length; ; count = Math.ceil(count / 2)) {
      try {
        return { count, end: await send(topic, partition, messages.slice(0, count), isWanted) };
      } catch (error) {
        if (count === 1 || !isTooLarge(error)) throw error;
      }
    }
  };

  return {
    connect: () => producer.connect(),
    disconnect: () => producer.disconnect(),
    send,
    sendFirst,
    async sendAll(topic, partition, messages) {
      for (const request of requestsOf(messages.map((message) => ({ message })))) {
        for (let left = request.map(({ message }) => message); left.length > 0; ) {
          const { count } = await sendFirst(topic, partition, left, () => true);
          left = left.slice(count);
        }
      }
    },
    partitionsOf: (topic) => counts.get(topic),
  };
}

/**
 * Chooses the partitions of keys as Kafka's clients do, and one partition for all that have no key, so that those make
 * one request.
 */
export function createPartitionChoice(partitions: number): (key: Buffer | null) => number {
  const choose = kafkajs.Partitioners.DefaultPartitioner();
  const place = { partitionErrorCode: 0, leader: 0, replicas: [], isr: [] };
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, ...place }));
  const of = (key: Buffer | null) => choose({ topic: '', partitionMetadata, message: { key, value: null } });
  const unkeyed = of(null);
  return (key) => (key === null ? unkeyed : of(key));
}
