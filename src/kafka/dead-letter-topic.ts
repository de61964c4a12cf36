import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { ConnectorError } from '../core/errors.ts';
import { errorNamesOf, protocolTypesOf } from './errors.ts';
import { resolveTopics } from './topics.ts';

const MEBIBYTE = 1024 * 1024;
const POLL_MILLIS = 50;

export interface DeadLetterTopicConfig {
  readonly topic: string;
  /** Names and patterns, as the source reads them. Letters must hold their largest records. */
  readonly sourceTopics?: readonly string[];
  /** For the creation. Default: the broker's. */
  readonly partitions?: number;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
}

export interface CheckedTopic {
  /** The largest batch that the topic takes; undefined when the broker doesn't tell. */
  readonly maxMessageBytes: number | undefined;
}

/**
 * Creates the topic when it is missing: nothing is ever deleted, and the largest source record and its headers fit. An
 * existing one is checked instead.
 *
 * Rejects with a `ConnectorError` when letters would be lost in it; what is only doubtful is told to `warn`.
 */
export async function prepareDeadLetterTopic(
  admin: Admin,
  config: DeadLetterTopicConfig,
  warn: (code: string, message: string) => void,
  createByUse: () => Promise<void>,
): Promise<CheckedTopic> {
  const { topic, sourceTopics = [] } = config;
  const sources = sourceTopics.length === 0 ? [] : await resolveTopics(admin, sourceTopics, [topic]);
  const largest = await largestMessage(admin, sources);
  const wanted = largest === undefined ? undefined : largest + MEBIBYTE;
  if (!(await admin.listTopics()).includes(topic)) await create(admin, config, wanted, createByUse);
  const settings = await onceKnown(() => topicSettings(admin, topic));
  if (settings === undefined) return { maxMessageBytes: undefined };
  const policy = settings.get('cleanup.policy') ?? '';
  if (policy.includes('compact')) {
    throw new ConnectorError(
      'DEAD_LETTER_TOPIC',
      `KAFKA_DEAD_LETTER_TOPIC: ${topic} has cleanup.policy=${policy}, so letters with the same key would replace each other: set it to delete, or name another topic`,
    );
  }
  for (const name of ['retention.ms', 'retention.bytes']) {
    const value = settings.get(name);
    if (value === undefined || value === '-1') continue;
    warn('DEAD_LETTER_RETENTION', `letters in ${topic} are deleted after a while (${name}=${value}): set it to -1`);
  }
  const maxMessageBytes = numberOf(settings.get('max.message.bytes'));
  if (wanted !== undefined && maxMessageBytes !== undefined && maxMessageBytes < wanted) {
    warn(
      'DEAD_LETTER_SIZE',
      `${topic} takes ${maxMessageBytes} bytes, the largest source record may need ${wanted}: larger values are left out of their letters; raise max.message.bytes`,
    );
  }
  return { maxMessageBytes };
}

async function create(
  admin: Admin,
  config: DeadLetterTopicConfig,
  maxMessageBytes: number | undefined,
  createByUse: () => Promise<void>,
): Promise<void> {
  const { topic, partitions, replicationFactor } = config;
  const settings = [
    ['cleanup.policy', 'delete'],
    ['retention.ms', '-1'],
    ...(maxMessageBytes === undefined ? [] : [['max.message.bytes', String(maxMessageBytes)]]),
  ];
  try {
    await admin.createTopics({
      // kafkajs would ask a broker that may not know of the topic yet, and give up.
      waitForLeaders: false,
      topics: [
        {
          topic,
          ...(partitions === undefined ? {} : { numPartitions: partitions }),
          ...(replicationFactor === undefined ? {} : { replicationFactor }),
          configEntries: settings.map(([name = '', value = '']) => ({ name, value })),
        },
      ],
    });
  } catch (error) {
    const names = errorNamesOf(error);
    if (names.has('KafkaJSBrokerNotFound') || names.has('KafkaJSServerDoesNotSupportApiKey')) {
      // A cluster without a controller, such as the embedded one, creates a topic when it is asked about it.
      await createByUse();
      return;
    }
    const reason = [...protocolTypesOf(error)].join(', ');
    throw new ConnectorError(
      'DEAD_LETTER_TOPIC',
      `KAFKA_DEAD_LETTER_TOPIC: ${topic} doesn't exist and could not be created (${reason}): create it with cleanup.policy=delete and retention.ms=-1, or allow this user to`,
      {},
      error,
    );
  }
}

/** Waits while a broker hasn't heard of a topic that was just created; the caller bounds the time. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!protocolTypesOf(error).has('UNKNOWN_TOPIC_OR_PARTITION')) throw error;
    }
    await sleep(POLL_MILLIS);
  }
}

async function largestMessage(admin: Admin, topics: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    topics.map(async (topic) => numberOf((await topicSettings(admin, topic))?.get('max.message.bytes'))),
  );
  return sizes.reduce<number | undefined>(
    (most, size) => (size === undefined ? most : Math.max(most ?? 0, size)),
    undefined,
  );
}

/** Undefined when the cluster doesn't tell: it doesn't know the request, or this user may not ask. */
async function topicSettings(admin: Admin, topic: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    });
    return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? []);
  } catch (error) {
    const names = errorNamesOf(error);
    const unknown = names.has('KafkaJSBrokerNotFound') || names.has('KafkaJSServerDoesNotSupportApiKey');
    if (unknown || protocolTypesOf(error).has('TOPIC_AUTHORIZATION_FAILED')) return undefined;
    throw error;
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}
