import { randomUUID } from 'node:crypto';
import { fromOf, kafkaHistoryConfig } from '../config/kafka.ts';
import type { ProcessSettings } from '../config/environment.ts';
import type { SourceRecord } from '../core/record.ts';
import { readSample } from '../kafka/consumer/read-sample.ts';
import { withTokens } from './kafka-auth.ts';
import { systemClock } from './system-clock.ts';

export interface TopicSample {
  readonly topic: string;
  readonly limit: number;
  /** As `KAFKA_FROM`; absent: the newest records. */
  readonly from?: string;
}

/** Records that a topic holds now, in a group of its own that commits nothing: whoever reads the topic notices nothing. */
export function newestRecords(
  settings: ProcessSettings,
  { topic, limit, from }: TopicSample,
): Promise<readonly SourceRecord[]> {
  const { groupId, ...connection } = withTokens(kafkaHistoryConfig(settings), systemClock);
  const start = from === undefined ? 'latest' : fromOf(from, '--from');
  return readSample(connection, { topic, limit, start, groupId: `${groupId}.explain.${randomUUID()}` }, systemClock);
}
