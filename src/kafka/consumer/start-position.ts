import type { Admin } from 'kafkajs';
import type { Clock } from '../../core/ports.ts';
import type { TopicPartition } from '../../core/record.ts';

/** Where reading starts when the group has no position in a topic at all. */
export type StartFrom =
  | 'earliest'
  | 'latest'
  /** Unix milliseconds: the first record at or after. */
  | { readonly timestamp: number }
  | { readonly agoMillis: number };

/** The age up to which Meta accepts an event: 7 days (using the API, `event_time`). */
export const DEFAULT_START: StartFrom = { agoMillis: 7 * 24 * 60 * 60 * 1_000 };

/** What the broker holds of a partition, and what the group has committed. */
export interface PartitionOffsets extends TopicPartition {
  readonly earliest: number;
  /** Behind the last record. */
  readonly latest: number;
  readonly committed: number | undefined;
  readonly metadata: string | undefined;
}

/** Committed with the first position of a partition, before anybody reads it. */
export const firstPositionMetadata = 'first';

export type StartDecision =
  | { readonly kind: 'read'; readonly position: number }
  /** The committed position isn't there any more: records were deleted (`before`), or the topic is another (`behind`). */
  | { readonly kind: 'out_of_range'; readonly side: 'before' | 'behind' };

/**
 * Where a partition of a topic that the group has read before goes on. One without a commit beside others that have
 * one is new, or its commit is gone: it starts at its earliest, because everything in it is unread as far as we know.
 */
export function decideStart(offsets: PartitionOffsets): StartDecision {
  const { committed, earliest, latest } = offsets;
  if (committed === undefined) return { kind: 'read', position: earliest };
  if (committed < earliest) return { kind: 'out_of_range', side: 'before' };
  if (committed > latest) return { kind: 'out_of_range', side: 'behind' };
  return { kind: 'read', position: committed };
}

/** The range and the commit of every partition of a topic. */
export async function topicOffsets(admin: Admin, groupId: string, topic: string): Promise<readonly PartitionOffsets[]> {
  const [ranges, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const commits = new Map(groups.flatMap(({ partitions }) => partitions.map((one) => [one.partition, one])));
  return ranges.map(({ partition, low, high }) => {
    const commit = commits.get(partition);
    // Negative means none; kafkajs itself commits -2 when it meets an offset out of range.
    const committed = commit !== undefined && Number(commit.offset) >= 0 ? Number(commit.offset) : undefined;
    const metadata = commit?.metadata ?? undefined;
    return { topic, partition, earliest: Number(low), latest: Number(high), committed, metadata };
  });
}

/** The first position of every partition of a topic that the group has never read. */
export async function firstPositions(
  admin: Admin,
  topic: string,
  from: StartFrom,
  offsets: readonly PartitionOffsets[],
  clock: Clock,
): Promise<readonly (TopicPartition & { readonly position: number })[]> {
  if (from === 'earliest' || from === 'latest') {
    return offsets.map((one) => ({ topic, partition: one.partition, position: one[from] }));
  }
  const timestamp = 'timestamp' in from ? from.timestamp : clock.now() - from.agoMillis;
  // Where no record is that young kafkajs answers with the end of the partition.
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp);
  return found.map(({ partition, offset }) => ({ topic, partition, position: Number(offset) }));
}
