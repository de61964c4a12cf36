import kafkajs, { type Producer } from 'kafkajs';
import type { HeardMessage, MembersTopic } from '../../core/members-topic.ts';
import { createKafkaClient, type KafkaConnection } from '../client/client.ts';
import { prepareCompactedTopic } from '../client/compacted-topic.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { createTopicReader } from '../client/topic-reader.ts';

export interface MembersTopicConfig extends KafkaConnection {
  readonly topic: string;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
}

const hourMillis = 60 * 60_000;
/** Members tell of themselves every few seconds, and who is silent for a minute is gone: old messages say nothing. */
const settings = {
  'cleanup.policy': 'compact,delete',
  'retention.ms': String(hourMillis),
  'segment.ms': String(hourMillis / 4),
  'delete.retention.ms': String(hourMillis),
  'max.message.bytes': String(64 * 1024),
};
/** Who writes too much into the topic is not read to the end. */
const mostMessages = 2_000;

/** The topic in which the members of a group tell of themselves. It has one partition. */
export function createKafkaMembersTopic(config: MembersTopicConfig, log: KafkaLog = () => undefined): MembersTopic {
  const { topic, replicationFactor } = config;
  const place = { brokers: config.brokers, topics: [topic] };
  const reader = createTopicReader(config, topic, log);
  let opened: Promise<Producer> | undefined;
  /** What is below was read. */
  let next = 0;

  async function open(): Promise<Producer> {
    const producer = createKafkaClient(config, log, 1).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const wanted = { topic, settings, ...(replicationFactor !== undefined && { replicationFactor }) };
    await prepareCompactedTopic(config, wanted, log);
    return producer;
  }

  return {
    async tell(key, value) {
      try {
        opened ??= open();
        const producer = await opened;
        await producer.send({ topic, acks: -1, messages: [{ key, value, partition: 0 }] });
      } catch (error) {
        // The next time connects anew.
        const failed = opened;
        opened = undefined;
        void failed?.then((producer) => producer.disconnect()).catch(() => undefined);
        throw connectorErrorOf(error, place);
      }
    },
    async heard() {
      const range = (await reader.ranges()).get(0);
      if (range === undefined) return [];
      // Made again, it begins at 0.
      if (next > range.high) next = 0;
      next = Math.max(next, range.low, range.high - mostMessages);
      const heard: HeardMessage[] = [];
      while (next < range.high && heard.length < mostMessages) {
        const messages = await reader.read(0, next);
        const last = messages.at(-1);
        // Nothing but what was compacted away.
        if (last === undefined) break;
        for (const { key, value, timestamp } of messages) {
          if (key !== null) heard.push({ key: key.toString(), value, at: Number(timestamp) });
        }
        next = Number(last.offset) + 1;
      }
      next = Math.max(next, range.high);
      return heard;
    },
    async close() {
      const producer = await opened?.catch(() => undefined);
      await Promise.all([producer?.disconnect().catch(() => undefined), reader.close()]);
    },
  };
}
