import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';
import { errorNamesOf, protocolTypesOf } from './errors.ts';

const MEBIBYTE = 1024 * 1024;
const POLL_MILLIS = 50;

/** A topic that keeps records of the source until they have been dealt with. */
export interface DurableTopic {
  readonly topic: string;
  /** For the creation. Default: the broker's. */
  readonly partitions?: number;
  /** For the creation. Default: the broker's. */
  readonly replicationFactor?: number;
  /** Names of the topics whose largest record must fit, with its headers. */
  readonly sources: readonly string[];
  /** The prefix of the codes of errors and warnings about it: `CODE_TOPIC`, `CODE_RETENTION`, `CODE_SIZE`. */
  readonly code: string;
  /** The setting that names it, or that asks for it. */
  readonly setting: string;
  /** What it holds: `dead letters`. */
  readonly contents: string;
  /** What becomes of a record that is too large for it. */
  readonly ifTooLarge: string;
  /** A topic that deletes by itself is refused. Default: it only causes a warning. */
  readonly refusesRetention?: boolean;
}

export interface CheckedTopic {
  readonly partitions: number;
  /** The largest batch that the topic takes; undefined if the broker doesn't tell. */
  readonly maxMessageBytes: number | undefined;
}

/**
 * Creates the topic if it is missing, so that nothing is ever deleted from it, and the largest source record and its
 * headers fit. An existing topic is checked.
 *
 * Rejects with a `ConnectorError` if records would be lost in it; `warn` is told of what is only doubtful.
 */
export async function prepareDurableTopic(
  admin: Admin,
  wanted: DurableTopic,
  warn: (code: string, message: string) => void,
  createByUse: () => Promise<void>,
): Promise<CheckedTopic> {
  const { topic, code, setting, contents } = wanted;
  const size = await neededMessageBytes(admin, wanted.sources);
  if (!(await admin.listTopics()).includes(topic)) await create(admin, wanted, size, createByUse);
  const settings = await onceKnown(() => topicSettings(admin, topic));
  const described = await onceKnown(() => admin.fetchTopicMetadata({ topics: [topic] }));
  const partitions = described.topics[0]?.partitions.length ?? 1;
  if (settings === undefined) return { partitions, maxMessageBytes: undefined };
  const policy = settings.get('cleanup.policy') ?? '';
  if (policy.includes('compact')) {
    throw new ConnectorError(
      `${code}_TOPIC`,
      `${setting}: ${topic} has cleanup.policy=${policy}, so ${contents} with the same key would replace each other: set it to delete, or name another topic`,
    );
  }
  for (const name of ['retention.ms', 'retention.bytes']) {
    const value = settings.get(name);
    if (value === undefined || value === '-1') continue;
    const message = `${contents} in ${topic} are deleted after a while (${name}=${value}): set it to -1`;
    if (wanted.refusesRetention === true) throw new ConnectorError(`${code}_TOPIC`, `${setting}: ${message}`);
    warn(`${code}_RETENTION`, message);
  }
  const maxMessageBytes = messageBytesOf(settings);
  if (size !== undefined && maxMessageBytes !== undefined && maxMessageBytes < size) {
    warn(
      `${code}_SIZE`,
      `${topic} takes ${maxMessageBytes} bytes, the largest source record may need ${size}: ${wanted.ifTooLarge}; raise max.message.bytes`,
    );
  }
  return { partitions, maxMessageBytes };
}

async function create(
  admin: Admin,
  wanted: DurableTopic,
  maxMessageBytes: number | undefined,
  createByUse: () => Promise<void>,
): Promise<void> {
  const { topic, partitions, replicationFactor, code, setting } = wanted;
  const settings = [
    ['cleanup.policy', 'delete'],
    ['retention.ms', '-1'],
    ...(maxMessageBytes === undefined ? [] : [['max.message.bytes', String(maxMessageBytes)]]),
  ];
  try {
    await admin.createTopics({
      // Waiting, kafkajs would ask a broker that may not know of the topic yet, and give up.
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
      // A cluster without a controller, such as the embedded one, creates a topic that it is asked about.
      await createByUse();
      return;
    }
    const reason = [...protocolTypesOf(error)].join(', ');
    throw new ConnectorError(
      `${code}_TOPIC`,
      `${setting}: ${topic} doesn't exist and could not be created (${reason}): create it with cleanup.policy=delete and retention.ms=-1, or allow this user to`,
      {},
      error,
    );
  }
}

/** Repeats a request while the broker hasn't heard of a topic that was just created. The caller limits the time. */
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

/** What the largest record of the sources and its headers need; undefined if the broker doesn't tell. */
export async function neededMessageBytes(admin: Admin, sources: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    sources.map(async (topic) => messageBytesOf((await topicSettings(admin, topic)) ?? new Map())),
  );
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : Math.max(...known) + MEBIBYTE;
}

/** The largest batch that a topic of these settings takes. */
export function messageBytesOf(settings: ReadonlyMap<string, string>): number | undefined {
  return numberOf(settings.get('max.message.bytes'));
}

/** Undefined if the cluster doesn't know the request, or if this user may not ask. */
export async function topicSettings(admin: Admin, topic: string): Promise<ReadonlyMap<string, string> | undefined> {
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
