import { randomUUID } from 'node:crypto';
import { fromOf, kafkaHistoryConfig, kafkaSourceConfig } from '../config/kafka.ts';
import type { ProcessSettings } from '../config/environment.ts';
import type { SourceRecord } from '../core/record.ts';
import { withAdmin } from '../kafka/client/client.ts';
import { resolveTopics } from '../kafka/client/topics.ts';
import { readHistory, type TopicHistory } from '../kafka/consumer/read-history.ts';
import { withTokens } from './kafka-auth.ts';
import { systemClock } from './system-clock.ts';

/** Everything that the topics of the settings hold now, from a time on. */
export interface SourceTopicsHistory {
  readonly records: AsyncIterable<SourceRecord>;
  /** What is not there of it, in words. Whole when all is read. */
  gaps(): readonly string[];
}

/**
 * Reads in groups of its own and commits nothing, so that nobody else who reads the topics notices.
 *
 * @param from As `KAFKA_FROM`.
 */
export function topicsHistory(settings: ProcessSettings, from: string): SourceTopicsHistory {
  const { topics, excludedTopics } = kafkaSourceConfig(settings);
  const { groupId, ...connection } = withTokens(kafkaHistoryConfig(settings), systemClock);
  const start = fromOf(from, '--from');
  const read: { readonly topic: string; readonly history: TopicHistory }[] = [];

  async function* records(): AsyncGenerator<SourceRecord> {
    const place = { brokers: connection.brokers, topics };
    const names = await withAdmin(
      connection,
      () => undefined,
      place,
      (admin) => resolveTopics(admin, topics, excludedTopics),
    );
    for (const topic of names) {
      const settings = { topic, start, groupId: `${groupId}.history.${randomUUID()}` };
      const history = readHistory(connection, settings, systemClock);
      read.push({ topic, history });
      yield* history.records;
    }
  }

  return { records: records(), gaps: () => read.flatMap(({ topic, history }) => gapsOf(topic, from, history)) };
}

function gapsOf(topic: string, from: string, history: TopicHistory): readonly string[] {
  const { deleted, missing } = history.gaps();
  const behind = deleted.map(({ partition, records, firstAt }) => {
    const begins = firstAt === undefined ? 'and nothing is left' : `and what is there begins at ${timeOf(firstAt)}`;
    return `a gap: partition ${partition} of ${topic} has lost its first ${records} records, ${begins}, so some since ${from} may be missing`;
  });
  if (missing === 0) return behind;
  const within = `a gap: ${missing} offsets of ${topic} hold no record any more: compacted, of transactions, or deleted while it was read`;
  return [...behind, within];
}

function timeOf(millis: number): string {
  return new Date(millis).toISOString();
}
