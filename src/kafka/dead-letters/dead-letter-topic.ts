import type { Admin } from 'kafkajs';
import { type CheckedTopic, prepareDurableTopic } from '../client/durable-topic.ts';
import { resolveTopics } from '../client/topics.ts';

export interface DeadLetterTopicConfig {
  readonly topic: string;
  /** Names and patterns, as the source reads them. Dead letters must hold their largest records. */
  readonly sourceTopics?: readonly string[];
  /** For the creation. Default: the broker's. */
  readonly partitions?: number;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
}

/**
 * Prepares the topic as `prepareDurableTopic` does. Values that are too large for it are left out of their dead
 * letters.
 */
export async function prepareDeadLetterTopic(
  admin: Admin,
  config: DeadLetterTopicConfig,
  warn: (code: string, message: string) => void,
  createByUse: () => Promise<void>,
): Promise<CheckedTopic> {
  const { topic, sourceTopics = [], partitions, replicationFactor } = config;
  const sources = sourceTopics.length === 0 ? [] : await resolveTopics(admin, sourceTopics, [topic]);
  const wanted = {
    topic,
    sources,
    code: 'DEAD_LETTER',
    setting: 'KAFKA_DEAD_LETTER_TOPIC',
    contents: 'dead letters',
    ifTooLarge: 'larger values are left out of their dead letters',
    ...(partitions !== undefined && { partitions }),
    ...(replicationFactor !== undefined && { replicationFactor }),
  };
  return prepareDurableTopic(admin, wanted, warn, createByUse);
}
