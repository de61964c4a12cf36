import { ConnectorError } from '../../core/errors.ts';
import { type KafkaConnection, withAdmin } from './client.ts';
import { createTopicByUse } from './create-by-use.ts';
import { errorNamesOf } from './errors.ts';
import type { KafkaLog } from './logger.ts';

/** A topic of one partition that keeps the newest message of each key. */
export interface CompactedTopic {
  readonly topic: string;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
  /** For the creation, besides that it is compacted. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Creates the topic unless it is there. Rejects with a `ConnectorError`. */
export async function prepareCompactedTopic(
  connection: KafkaConnection,
  { topic, replicationFactor, settings = {} }: CompactedTopic,
  log: KafkaLog,
): Promise<void> {
  const place = { brokers: connection.brokers, topics: [topic] };
  const configEntries = Object.entries({ 'cleanup.policy': 'compact', ...settings });
  try {
    await withAdmin(connection, log, place, async (admin) => {
      if ((await admin.listTopics()).includes(topic)) return;
      await admin.createTopics({
        waitForLeaders: false,
        topics: [
          {
            topic,
            numPartitions: 1,
            ...(replicationFactor !== undefined && { replicationFactor }),
            configEntries: configEntries.map(([name, value]) => ({ name, value })),
          },
        ],
      });
    });
  } catch (error) {
    const names = errorNamesOf(error instanceof ConnectorError ? error.cause : error);
    if (!names.has('KafkaJSBrokerNotFound') && !names.has('KafkaJSServerDoesNotSupportApiKey')) throw error;
    // A cluster without a controller, such as the embedded one, creates a topic when it is asked about it.
    await createTopicByUse(connection, topic, log);
  }
}
