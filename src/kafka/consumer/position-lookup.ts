import type { Admin } from 'kafkajs';
import type { Clock } from '../../core/ports.ts';
import { partitionKey } from '../../core/record.ts';
import type { AssignedPartition } from '../../core/source.ts';
import { protocolTypesOf } from '../client/errors.ts';
import type { Committer } from './committer.ts';
import type { KafkaSourceDependencies, SourceSettings } from './source-config.ts';
import type { TopicLogs } from './topic-logs.ts';
import {
  firstPositionMetadata,
  firstPositions,
  isAnotherLog,
  passedOver,
  type PartitionOffsets,
  topicOffsets,
} from './start-position.ts';

/** Where partitions stand, by `partitionKey`. */
export interface FoundPositions {
  readonly positions: ReadonlyMap<string, PartitionOffsets>;
  /** False: the leader has yet to set some, or a topic is missing. */
  readonly complete: boolean;
  /** A topic doesn't exist. It holds up only itself. */
  readonly missing: boolean;
}

export interface PositionLookupParts {
  readonly settings: SourceSettings;
  readonly committer: Committer;
  readonly clock: Clock;
  /** Topics that hold what is still to be delivered, whatever its age: they begin at their earliest. */
  readonly parking: ReadonlySet<string>;
  readonly logs: TopicLogs;
  readonly warn: KafkaSourceDependencies['warn'];
}

/**
 * The positions of the group in these topics. For a topic without any commit, the group's leader commits all first
 * positions in one request, also of other members' partitions, before anybody reads. Otherwise the second member to
 * look would find the commits of the first, and take its own partitions for new ones of a topic that had been read
 * before.
 */
export async function lookUpPositions(
  admin: Admin,
  topics: readonly string[],
  isLeader: boolean,
  { settings, committer, clock, parking, logs, warn }: PositionLookupParts,
): Promise<FoundPositions> {
  const positions = new Map<string, PartitionOffsets>();
  let complete = true;
  let missing = false;
  const ids = await logs.lookUp(topics);
  for (const topic of topics) {
    const log = ids.get(topic);
    const offsets = await topicOffsets(admin, settings.groupId, topic, log).catch(unlessMissing);
    if (offsets === undefined) {
      missing = true;
      continue;
    }
    const fresh = offsets.every(({ committed }) => committed === undefined);
    if (!fresh) {
      for (const found of offsets) positions.set(partitionKey(found), found);
    } else if (isLeader) {
      // With a topic the broker deletes the group's commits in it; all of the new one came after that.
      const from = parking.has(topic) || logs.wasRemade(topic) ? 'earliest' : settings.from;
      const first = await firstPositions(admin, topic, from, offsets, clock);
      const result = await committer.commitAny(
        first.map(({ position, ...where }) => ({
          ...{ ...where, offset: position, metadata: firstPositionMetadata },
          ...(log !== undefined && { log }),
        })),
      );
      if (result !== 'committed') throw new Error(`the first positions of ${topic} could not be committed`);
      const said = passedOver(topic, from, offsets, first);
      if (said !== undefined) warn('KAFKA_RECORDS_PASSED_OVER', said);
      for (const found of offsets) {
        const position = first.find(({ partition }) => partition === found.partition)?.position;
        positions.set(partitionKey(found), {
          ...{ ...found, committed: position, metadata: firstPositionMetadata, committedLog: log },
        });
      }
    } else {
      complete = false;
    }
  }
  return { positions, complete: complete && !missing, missing };
}

function unlessMissing(error: unknown): undefined {
  if (!protocolTypesOf(error).has('UNKNOWN_TOPIC_OR_PARTITION')) throw error;
}

/** What is known about who read the partition before. */
export function historyOf(found: PartitionOffsets): Pick<AssignedPartition, 'metadata' | 'fresh'> {
  const { committed, metadata } = found;
  // What is said of positions of another log says nothing of this one, nor that nobody sends.
  if (isAnotherLog(found.committedLog, found.log)) return {};
  if (committed === undefined || metadata === firstPositionMetadata) return { fresh: true };
  return metadata === undefined ? {} : { metadata };
}
