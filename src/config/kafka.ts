import { ConnectorError } from '../core/errors.ts';
import type { StartFrom } from '../core/source.ts';
import type { ProcessSettings } from './environment.ts';
import { fileOf, missing, saslOf } from './kafka-sasl.ts';
import { writtenTime } from './written-time.ts';

/** What `--once` and dead letters share with the source: the way to the cluster. */
function connectionOf(settings: ProcessSettings) {
  if (settings.KAFKA_BROKERS === undefined) throw missing('KAFKA_BROKERS', 'host:port of the brokers, comma-separated');
  const ssl = sslOf(settings);
  const sasl = saslOf(settings);
  return {
    brokers: settings.KAFKA_BROKERS,
    clientId: settings.KAFKA_CLIENT_ID,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  };
}

/**
 * The Kafka source's configuration. Throws `SETTING_MISSING` or `SETTING_INVALID` with the variable's name.
 *
 * @param onlyAudiences No event is sent to a pixel: Meta's limit of 7 days for those says nothing about people.
 */
export function kafkaSourceConfig(settings: ProcessSettings, onlyAudiences = false) {
  return {
    ...connectionOf(settings),
    topics: topicsOf(settings),
    excludedTopics: [
      deadLetterTopicOf(settings),
      `${deadLetterTopicOf(settings)}.replayed`,
      membersTopicOf(settings.KAFKA_GROUP_ID),
    ],
    groupId: settings.KAFKA_GROUP_ID,
    from: fromOf(settings.KAFKA_FROM ?? (onlyAudiences ? 'earliest' : '7d')),
    outOfRange: settings.KAFKA_OUT_OF_RANGE,
    // So little that V8 is rid of it before it takes it for something that stays (docs/decisions/0002-memory.md).
    maxBytes: 1024 * 1024,
    maxBytesPerPartition: 256 * 1024,
    sessionTimeoutMillis: settings.KAFKA_SESSION_TIMEOUT_MS,
    rebalanceTimeoutMillis: Math.max(60_000, settings.KAFKA_SESSION_TIMEOUT_MS),
    heartbeatIntervalMillis: Math.min(3000, Math.floor(settings.KAFKA_SESSION_TIMEOUT_MS / 4)),
  };
}

/**
 * Where audiences are changed: a process that is silent gives its requests up before another one takes its partitions
 * over and has waited. Throws `SETTING_INVALID` where the settings don't say so.
 */
export function checkHandOver(settings: ProcessSettings): void {
  const session = settings.KAFKA_SESSION_TIMEOUT_MS;
  const needed = settings.META_REQUEST_TIMEOUT_MS + settings.META_HAND_OVER_MARGIN_MS;
  if (session > needed) return;
  throw new ConnectorError(
    'SETTING_INVALID',
    `KAFKA_SESSION_TIMEOUT_MS (${session}) must be more than META_REQUEST_TIMEOUT_MS and META_HAND_OVER_MARGIN_MS together (${needed}), because a subscription changes audiences`,
  );
}

/** The parking topics' configuration; `destinations`: each, and whether it parks. */
export function parkingConfig(settings: ProcessSettings, destinations: ReadonlyMap<string, boolean>) {
  const { topics, excludedTopics, groupId } = kafkaSourceConfig(settings);
  return {
    ...connectionOf(settings),
    ...{ topics, excludedTopics, groupId, destinations },
    ...(settings.KAFKA_DEAD_LETTER_REPLICATION > 0 && { replicationFactor: settings.KAFKA_DEAD_LETTER_REPLICATION }),
  };
}

/** The dead-letter topic's configuration; `topic` empty: the default one. */
export function deadLetterConfig(settings: ProcessSettings, topic: string) {
  return {
    ...connectionOf(settings),
    topic: topic === '' ? deadLetterTopicOf(settings) : topic,
    sourceTopics: settings.KAFKA_TOPICS ?? [],
    groupId: settings.KAFKA_GROUP_ID,
    partitions: settings.KAFKA_DEAD_LETTER_PARTITIONS,
    ...(settings.KAFKA_DEAD_LETTER_REPLICATION > 0 && { replicationFactor: settings.KAFKA_DEAD_LETTER_REPLICATION }),
  };
}

/** The topic in which the members of the group tell of themselves. Undefined: they don't. */
export function membersConfig(settings: ProcessSettings) {
  if (settings.KAFKA_MEMBERS === 'false') return undefined;
  const topic = membersTopicOf(settings.KAFKA_GROUP_ID);
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(topic)) {
    throw new ConnectorError(
      'SETTING_INVALID',
      `KAFKA_MEMBERS must be false: the members of the group would tell of themselves in the topic ${topic}, and no topic can be called so`,
    );
  }
  return {
    ...connectionOf(settings),
    topic,
    ...(settings.KAFKA_DEAD_LETTER_REPLICATION > 0 && { replicationFactor: settings.KAFKA_DEAD_LETTER_REPLICATION }),
  };
}

/** The consumer group of a process that does all the work, or only the share of that name. */
export function groupOf(
  { KAFKA_GROUP_ID }: Pick<ProcessSettings, 'KAFKA_GROUP_ID'>,
  share: string | undefined,
): string {
  return share === undefined ? KAFKA_GROUP_ID : `${KAFKA_GROUP_ID}-${share}`;
}

function membersTopicOf(groupId: string): string {
  return `${groupId}.members`;
}

/** For looking through the parking topics, whatever the mappings say now. Undefined: it isn't said which topics are read. */
export function parkedRecordsConfig(settings: ProcessSettings) {
  if (settings.KAFKA_TOPICS === undefined) return undefined;
  const { topics, excludedTopics, groupId } = kafkaSourceConfig(settings);
  return { ...connectionOf(settings), topics, excludedTopics, groupId };
}

/** For reading what the source's topics still hold. */
export function kafkaHistoryConfig(settings: ProcessSettings) {
  return { ...connectionOf(settings), groupId: settings.KAFKA_GROUP_ID };
}

/** Throws a `ConnectorError` where there are none. */
export function topicsOf(settings: ProcessSettings): readonly string[] {
  if (settings.KAFKA_TOPICS !== undefined && settings.KAFKA_TOPICS.length > 0) return settings.KAFKA_TOPICS;
  throw missing('KAFKA_TOPICS', 'the topics to read, comma-separated');
}

function deadLetterTopicOf(settings: ProcessSettings): string {
  if (settings.KAFKA_DEAD_LETTER_TOPIC !== undefined) return settings.KAFKA_DEAD_LETTER_TOPIC;
  const named = settings.KAFKA_TOPICS?.find((topic) => !topic.startsWith('/'));
  if (named !== undefined) return `${named}.dead-letters`;
  throw missing('KAFKA_DEAD_LETTER_TOPIC', 'the topic for dead letters, which no single source topic gives a name to');
}

const unitMillis: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @param setting What it is the value of. */
export function fromOf(text: string, setting = 'KAFKA_FROM'): StartFrom {
  if (text === 'earliest' || text === 'latest') return text;
  const age = /^(\d{1,6})([mhd])$/.exec(text);
  if (age !== null) return { agoMillis: Number(age[1]) * (unitMillis[age[2] ?? ''] ?? 0) };
  const timestamp = writtenTime(text);
  if (timestamp !== undefined) return { timestamp };
  throw new ConnectorError(
    'SETTING_INVALID',
    `${setting} must be earliest, latest, an ISO 8601 time such as 2026-11-22T08:00:00Z, or an age such as 7d, 12h or 30m`,
  );
}

const sslFiles = ['KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'] as const;

function sslOf(settings: ProcessSettings) {
  const { KAFKA_SSL_CA_FILE: ca, KAFKA_SSL_CERT_FILE: cert, KAFKA_SSL_KEY_FILE: key } = settings;
  if (settings.KAFKA_SSL === 'false') {
    const [file] = sslFiles.filter((name) => settings[name] !== undefined);
    if (file === undefined) return undefined;
    // Whoever gives a certificate means TLS: without it, passwords and people's data would go in the open.
    throw new ConnectorError('SETTING_INVALID', `KAFKA_SSL must be true, because ${file} is set; or take that out`);
  }
  if (ca === undefined && cert === undefined && key === undefined) return true;
  return {
    ...(ca !== undefined && { ca: fileOf('KAFKA_SSL_CA_FILE', ca) }),
    ...(cert !== undefined && { cert: fileOf('KAFKA_SSL_CERT_FILE', cert) }),
    ...(key !== undefined && { key: fileOf('KAFKA_SSL_KEY_FILE', key) }),
  };
}
