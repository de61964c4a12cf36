import { randomUUID } from 'node:crypto';
import { fromOf, kafkaHistoryConfig, kafkaSourceConfig } from '../config/kafka.ts';
import type { ProcessSettings } from '../config/environment.ts';
import type { SourceRecord } from '../core/record.ts';
import { withAdmin } from '../kafka/client/client.ts';
import { resolveTopics } from '../kafka/client/topics.ts';
import { followTopics } from '../kafka/consumer/follow.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { withTokens } from './kafka-auth.ts';
import { createRecordDecoding } from './record-decoding.ts';
import { systemClock } from './system-clock.ts';

export interface FollowedTopics {
  /** The names that the settings stand for now. */
  readonly topics: readonly string[];
  readonly decode: DecodeOptions;
  /** Hands over what is written until the signal, in a group of its own that commits nothing. */
  follow(take: (record: SourceRecord) => void, signal: AbortSignal): Promise<void>;
}

const patienceMillis = 20_000;

/** @param from As `KAFKA_FROM`. */
export async function openFollowedTopics(settings: ProcessSettings, from: string): Promise<FollowedTopics> {
  const { topics: written, excludedTopics } = kafkaSourceConfig(settings);
  const { groupId, ...connection } = withTokens(kafkaHistoryConfig(settings), systemClock);
  const start = fromOf(from, '--from');
  const place = { brokers: connection.brokers, topics: written };
  const topics = await withAdmin(
    connection,
    () => undefined,
    place,
    (admin) => resolveTopics(admin, written, excludedTopics),
  );
  const { options: decode, prepareWithin } = createRecordDecoding(settings, systemClock, () => undefined);
  const own = { topics, start, groupId: `${groupId}.tail.${randomUUID()}` };
  return {
    topics,
    decode,
    follow: (take, signal) =>
      followTopics(
        connection,
        own,
        async (records) => {
          await prepareWithin(records, patienceMillis);
          for (const record of records) take(record);
        },
        systemClock,
        signal,
      ),
  };
}
