import type { Admin } from 'kafkajs';
import type { RetainedPartition } from '../../core/source.ts';
import type { TopicPartition } from '../../core/record.ts';
import { topicSettings } from '../client/durable-topic.ts';
import { protocolTypesOf } from '../client/errors.ts';

/**
 * What the broker still has of these partitions, and the age at which it deletes records if this user may ask for it.
 */
export async function retentionOf(
  admin: Admin,
  partitions: readonly TopicPartition[],
): Promise<readonly RetainedPartition[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const found = await Promise.all(topics.map(async (topic) => ofTopic(admin, topic).catch(noneIfMissing)));
  const wanted = (retained: TopicPartition) =>
    partitions.some(({ topic, partition }) => topic === retained.topic && partition === retained.partition);
  return found.flat().filter(wanted);
}

/** One that was deleted says nothing of the others. */
function noneIfMissing(error: unknown): readonly RetainedPartition[] {
  if (!protocolTypesOf(error).has('UNKNOWN_TOPIC_OR_PARTITION')) throw error;
  return [];
}

async function ofTopic(admin: Admin, topic: string): Promise<readonly RetainedPartition[]> {
  const [offsets, settings] = await Promise.all([admin.fetchTopicOffsets(topic), topicSettings(admin, topic)]);
  const millis = Number(settings?.get('retention.ms') ?? -1);
  const deletes = settings?.get('cleanup.policy')?.includes('delete') === true && millis >= 0;
  const age = deletes ? { retentionMillis: millis } : {};
  return offsets.map(({ partition, low }) => ({ topic, partition, earliest: Number(low), ...age }));
}
