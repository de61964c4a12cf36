import type { Clock } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { StartFrom } from '../../core/source.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { recordOf } from '../client/records.ts';
import { FIRST_TIME, firstPositions, startTimeOf, topicOffsets } from './start-position.ts';

export interface HistorySettings {
  readonly topic: string;
  readonly start: StartFrom;
  /** Nobody else's: nothing is committed for it. */
  readonly groupId: string;
}

/** What of a history is not there, by the reading of it. */
export interface HistoryGaps {
  /** Records before the first that is there have been deleted, and they may be of the time that was asked for. */
  readonly deleted: readonly { readonly partition: number; readonly records: number; readonly firstAt?: number }[];
  /** Positions between those of records: compacted, of transactions, or deleted meanwhile. */
  readonly missing: number;
}

export interface TopicHistory {
  /** In order within a partition, up to where the topic ended when reading began. */
  readonly records: AsyncIterable<SourceRecord>;
  /** Whole when all is read. */
  gaps(): HistoryGaps;
}

interface PartitionProgress {
  /** Deleted before the first record. */
  readonly deleted: number;
  firstAt?: number;
  next: number;
}

/** What a topic holds now from a time on. Nobody else who reads the topic notices. */
export function readHistory(
  connection: KafkaConnection,
  { topic, start, groupId }: HistorySettings,
  clock: Clock,
): TopicHistory {
  const partitions = new Map<number, PartitionProgress>();
  let missing = 0;

  async function* records(): AsyncGenerator<SourceRecord> {
    const place = { brokers: connection.brokers, topics: [topic] };
    const from = await withAdmin(connection, silent, place, async (admin) => {
      const offsets = await topicOffsets(admin, groupId, topic, undefined);
      const first = await firstPositions(admin, topic, start, offsets, clock);
      for (const { partition, position } of first) {
        const earliest = offsets.find((each) => each.partition === partition)?.earliest ?? 0;
        // Behind a record that is older than asked for, nothing has been deleted yet.
        partitions.set(partition, { deleted: position > earliest ? 0 : earliest, next: position });
      }
      return new Map(first.map(({ partition, position }) => [partition, position]));
    });
    const since = startTimeOf(start, clock);
    for await (const { partition, message } of readToEnd(connection, topic, groupId, silent, from)) {
      const record = recordOf({ topic, partition }, message, Number(message.offset) + 1);
      const progress = partitions.get(partition);
      if (progress === undefined || record.offset < progress.next) continue;
      missing += record.offset - progress.next;
      progress.next = record.next;
      progress.firstAt ??= record.timestamp;
      // Records need not stand in the order of their time; those without one are of any.
      if (since === undefined || record.timestamp >= since || record.timestamp < FIRST_TIME) yield record;
    }
  }

  return {
    records: records(),
    gaps: () => ({
      missing,
      deleted: [...partitions].flatMap(([partition, { deleted, firstAt }]) =>
        deleted === 0 ? [] : [{ partition, records: deleted, ...(firstAt !== undefined && { firstAt }) }],
      ),
    }),
  };
}

const silent = () => undefined;
