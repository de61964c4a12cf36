import { partitionKey } from '../../core/record.ts';
import type { OwnedPartition } from './assignment.ts';
import type { Committer } from './committer.ts';
import type { KafkaSourceDependencies } from './source-config.ts';
import type { PartitionOffsets } from './start-position.ts';

/** What is to be done where a topic is another log than the one that the group's position is of. */
export interface LogChange {
  /** Commits anew what names no log, or another: it might be used for a log that it isn't of. */
  commit(partitions: readonly OwnedPartition[], positions: ReadonlyMap<string, PartitionOffsets>): Promise<void>;
  /** Once for all partitions. */
  tell(partition: OwnedPartition, offsets: PartitionOffsets): void;
  /** Once, until the topic is read again. */
  tellGone(topic: string): void;
  isRead(topic: string): void;
}

export function createLogChange(committer: Committer, warn: KafkaSourceDependencies['warn']): LogChange {
  const announced = new Set<string>();
  const gone = new Set<string>();
  return {
    async commit(partitions, positions) {
      const unnamed = partitions.flatMap((owned) => {
        const { log, committedLog, metadata } = positions.get(partitionKey(owned)) ?? {};
        if (log === undefined || log === committedLog || owned.committed !== owned.next) return [];
        const { topic, partition, next: offset } = owned;
        const said = committedLog === undefined && metadata !== undefined ? { metadata } : {};
        return [{ topic, partition, offset, log, ...said }];
      });
      if (unnamed.length > 0) await committer.commitAny(unnamed);
    },
    tell({ topic }, { log }) {
      if (announced.has(`${topic}/${log}`)) return;
      announced.add(`${topic}/${log}`);
      warn(
        'KAFKA_TOPIC_REMADE',
        `${topic} was deleted and made again: what was read of it before is finished, then it is read from its start`,
      );
    },
    tellGone(topic) {
      if (!gone.has(topic)) warn('KAFKA_TOPIC_GONE', goneText(topic));
      gone.add(topic);
    },
    isRead: (topic) => void gone.delete(topic),
  };
}

export function goneText(topic: string): string {
  return `the topic ${topic} doesn't exist any more: nothing of it is read until it is made again. If it is to stay away, take it out of KAFKA_TOPICS and restart`;
}

/** Nothing of the new log was read. */
export function startOf(partition: OwnedPartition, { earliest, log }: PartitionOffsets): void {
  partition.log = log;
  partition.next = earliest;
  partition.committed = earliest;
}
