import type { Admin } from 'kafkajs';
import type { Clock } from '../../core/ports.ts';
import type { TopicPartition } from '../../core/record.ts';
import type { StartFrom } from '../../core/source.ts';
import { parseCommitText } from './topic-logs.ts';

/** The age up to which Meta accepts an event: 7 days (using the API, `event_time`). */
export const DEFAULT_START: StartFrom = { agoMillis: 7 * 24 * 60 * 60 * 1_000 };

/** What the broker holds of a partition, and what the group has committed. */
export interface PartitionOffsets extends TopicPartition {
  readonly earliest: number;
  /** Behind the last record. */
  readonly latest: number;
  readonly committed: number | undefined;
  readonly metadata: string | undefined;
  /** The log that the topic is now, and the one that the commit is of; undefined: the brokers, or the commit, don't tell. */
  readonly log: string | undefined;
  readonly committedLog: string | undefined;
}

/** The metadata of the first position, which is committed before anybody reads the partition. */
export const firstPositionMetadata = 'first';

export type StartDecision =
  | { readonly kind: 'read'; readonly position: number }
  /** The commit is of a log that was deleted: nothing of the new one was read. */
  | { readonly kind: 'another_log' }
  /** The committed position no longer exists: records were deleted (`before`), or the topic was created anew (`behind`). */
  | { readonly kind: 'out_of_range'; readonly side: 'before' | 'behind' };

/**
 * Where reading continues in a topic that the group has read before. A partition without a commit, while others have
 * one, is new or its commit has expired: it starts at its earliest offset, because as far as we know none of it was
 * read.
 */
export function decideStart(offsets: PartitionOffsets): StartDecision {
  const { committed, earliest, latest, log, committedLog } = offsets;
  if (committed === undefined) return { kind: 'read', position: earliest };
  if (isAnotherLog(committedLog, log)) return { kind: 'another_log' };
  if (committed < earliest) return { kind: 'out_of_range', side: 'before' };
  if (committed > latest) return { kind: 'out_of_range', side: 'behind' };
  return { kind: 'read', position: committed };
}

/** Two logs are known, and they differ. */
export function isAnotherLog(first: string | undefined, second: string | undefined): boolean {
  return first !== undefined && second !== undefined && first !== second;
}

/**
 * The range and the commit of every partition of a topic.
 *
 * @param log The topic's log, asked for before: a topic that is made again in between is then noticed at the next look,
 * while a range of the log before would be taken for one of the new.
 */
export async function topicOffsets(
  admin: Admin,
  groupId: string,
  topic: string,
  log: string | undefined,
): Promise<readonly PartitionOffsets[]> {
  const [ranges, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const commits = new Map(groups.flatMap(({ partitions }) => partitions.map((commit) => [commit.partition, commit])));
  return ranges.map(({ partition, low, high }) => {
    const commit = commits.get(partition);
    // Negative means none; kafkajs itself commits -2 for an offset that is out of range.
    const committed = commit !== undefined && Number(commit.offset) >= 0 ? Number(commit.offset) : undefined;
    const { log: committedLog, metadata } = parseCommitText(commit?.metadata ?? undefined);
    return { topic, partition, earliest: Number(low), latest: Number(high), committed, metadata, log, committedLog };
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
  const timestamp = startTimeOf(from, clock);
  if (timestamp === undefined) {
    const position = from === 'latest' ? 'latest' : 'earliest';
    return offsets.map((found) => ({ topic, partition: found.partition, position: found[position] }));
  }
  // If no record is that young, kafkajs answers with the end of the partition.
  const young = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp);
  const timed = await admin.fetchTopicOffsetsByTimestamp(topic, Math.min(timestamp, FIRST_TIME));
  const timedFrom = new Map(timed.map(({ partition, offset }) => [partition, Number(offset)]));
  return young.map(({ partition, offset }) => {
    const range = offsets.find((range) => range.partition === partition);
    const untimed = range !== undefined && (timedFrom.get(partition) ?? 0) >= range.latest;
    return { topic, partition, position: untimed ? range.earliest : Number(offset) };
  });
}

/** Undefined: it is no time. */
export function startTimeOf(from: StartFrom, clock: Clock): number | undefined {
  if (typeof from === 'string') return undefined;
  return 'timestamp' in from ? from.timestamp : clock.now() - from.agoMillis;
}

/**
 * The year 2001. Kafka is younger, so a partition without any record of this time or later has none whose time means
 * anything: producers wrote none (−1), or seconds. Nothing of it is known to be old.
 */
export const FIRST_TIME = Date.UTC(2001, 0);

/** How many records the group will never read because of where it starts, and why; undefined: none. */
export function passedOver(
  topic: string,
  from: StartFrom,
  offsets: readonly PartitionOffsets[],
  first: readonly { readonly partition: number; readonly position: number }[],
): string | undefined {
  const positions = new Map(first.map(({ partition, position }) => [partition, position]));
  const over = offsets.reduce(
    (sum, { partition, earliest }) => sum + Math.max(0, (positions.get(partition) ?? earliest) - earliest),
    0,
  );
  if (over === 0) return undefined;
  const all = offsets.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0);
  return `the group has no position in ${topic} yet and passes over up to ${over} of its ${all} records: ${reasonOf(from)}. KAFKA_FROM=earliest, before the first start, reads all`;
}

function reasonOf(from: StartFrom): string {
  if (typeof from === 'string') return `it starts at the ${from}`;
  if ('timestamp' in from) return `they were written before ${new Date(from.timestamp).toISOString()}`;
  return `they were written more than ${from.agoMillis / 3_600_000} hours ago`;
}
