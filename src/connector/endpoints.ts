import type { ProcessSettings } from '../config/environment.ts';
import {
  deadLetterConfig,
  groupOf,
  kafkaSourceConfig,
  membersConfig,
  parkingConfig,
  topicsOf,
} from '../config/kafka.ts';
import { ConnectorError } from '../core/errors.ts';
import type { MembersTopic } from '../core/members-topic.ts';
import type { ParkingStore } from '../core/parked.ts';
import type { DeadLetterBrowser } from '../core/dead-letter-browser.ts';
import type { Clock, DeadLetterQueue } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import { type Destination, feedsOnlyAudiences } from '../core/subscription.ts';
import { createFileDeadLetterBrowser } from '../file/dead-letter-browser.ts';
import { createFileDeadLetters } from '../file/dead-letters.ts';
import { topicOfFile } from '../file/source-history.ts';
import { positionPathOf } from '../file/position-file.ts';
import { createFileSource } from '../file/source.ts';
import { createStreamSource } from '../file/stream-source.ts';
import { isTable } from '../file/table-rows.ts';
import { createKafkaDeadLetterBrowser } from '../kafka/dead-letters/dead-letter-browser.ts';
import { createKafkaDeadLetters } from '../kafka/dead-letters/dead-letters.ts';
import { createKafkaMembersTopic } from '../kafka/members/members-topic.ts';
import { createKafkaParking } from '../kafka/parking/parking.ts';
import { createKafkaSource } from '../kafka/consumer/source.ts';
import { withTokens } from './kafka-auth.ts';
import type { RecordDecoding } from './record-decoding.ts';
import { type TopicOrFile, topicOrFile } from './topic-or-file.ts';

/** Where records come from, and where dead letters go. */
export interface Endpoints {
  /** From `readSettings`. */
  readonly settings: ProcessSettings;
  /** `kafka`, `file:PATH`, or `-` for stdin. */
  readonly source: string;
  /** `topic:NAME` or `file:PATH`; by default a topic for Kafka and a file beside the source otherwise. */
  readonly deadLetters?: string;
  /**
   * This process does only a share of the work, and keeps a position of its own: this name is appended to the consumer
   * group, or to the file with the position.
   */
  readonly share?: string;
  /** The brokers are the embedded one, which doesn't know all versions of the protocol. */
  readonly embeddedBroker?: boolean;
}

type Warn = (code: string, message: string) => void;

export function createSource(
  endpoints: Endpoints,
  destinations: readonly Destination[],
  clock: Clock,
  warn: Warn,
  decoding: Pick<RecordDecoding, 'valueOfLine'>,
): Source {
  const { source: name, share, embeddedBroker } = endpoints;
  const settings = settingsOf(endpoints);
  if (name === 'kafka') {
    const quirks = embeddedBroker === true ? { leaveGroupMaxVersion: 2 } : {};
    const parkedFor = destinations.map((destination) => destination.name);
    return createKafkaSource(
      {
        ...withTokens(kafkaSourceConfig(settings, destinations.every(feedsOnlyAudiences)), clock),
        ...quirks,
        parkedFor,
      },
      { clock, warn },
    );
  }
  if (name === '-') {
    return createStreamSource(process.stdin, { now: clock.now, readLine: decoding.valueOfLine(topicOfFile('-')) });
  }
  if (name.startsWith('file:')) return fileOf(name.slice('file:'.length), settings, share, warn, decoding);
  throw new ConnectorError('USAGE', `--source ${name}: give kafka, file:PATH, or - for stdin`);
}

/** The settings, with the consumer group of this process's share. */
export function settingsOf({ settings, share }: Pick<Endpoints, 'settings' | 'share'>): ProcessSettings {
  return share === undefined ? settings : { ...settings, KAFKA_GROUP_ID: groupOf(settings, share) };
}

/** Rows of cells are not calls: read as calls, all of them would become dead letters. */
function fileOf(
  path: string,
  { RECORDS }: ProcessSettings,
  share: string | undefined,
  warn: Warn,
  { valueOfLine }: Pick<RecordDecoding, 'valueOfLine'>,
): Source {
  const readLine = valueOfLine(topicOfFile(path));
  if (readLine !== undefined || !isTable(path) || RECORDS === 'rows') {
    return createFileSource(path, { warn, readLine, positionPath: positionPathOf(path, share) });
  }
  throw new ConnectorError('SETTING_INVALID', `RECORDS must be rows for ${path}: the file holds rows of cells`);
}

export function createDeadLetterQueue(endpoints: Endpoints, clock: Clock, warn: Warn): DeadLetterQueue {
  const place = deadLettersOf(endpoints);
  if ('file' in place) return createFileDeadLetters(place.file);
  return createKafkaDeadLetters(withTokens(deadLetterConfig(settingsOf(endpoints), place.topic), clock), { warn });
}

/** To look at what `createDeadLetterQueue` writes. */
export function createDeadLetterBrowser(endpoints: Endpoints, clock: Clock): DeadLetterBrowser {
  const place = namedPlace(endpoints);
  if ('file' in place) return createFileDeadLetterBrowser(place.file);
  return createKafkaDeadLetterBrowser(withTokens(deadLetterConfig(settingsOf(endpoints), place.topic), clock));
}

/** Where the processes of the group tell of themselves; undefined: they don't. */
export function createMembersTopic(endpoints: Endpoints, clock: Clock): MembersTopic | undefined {
  const config = endpoints.source === 'kafka' ? membersConfig(settingsOf(endpoints)) : undefined;
  return config && createKafkaMembersTopic(withTokens(config, clock));
}

function deadLettersOf({ deadLetters, source, share }: Endpoints): TopicOrFile {
  return topicOrFile(deadLetters ?? defaultDeadLetters(source, share), '--dead-letters');
}

/** Where dead letters go: `topic:NAME` or `file:PATH`. */
export function deadLetterPlace(endpoints: Endpoints): string {
  const place = namedPlace(endpoints);
  return 'file' in place ? `file:${place.file}` : `topic:${place.topic}`;
}

/** With the name of a topic that the settings give. */
function namedPlace(endpoints: Endpoints): TopicOrFile {
  const place = deadLettersOf(endpoints);
  if ('file' in place) return place;
  // Without topics the setting to name is theirs, not the one of the dead letters.
  if (endpoints.source === 'kafka') topicsOf(endpoints.settings);
  return { topic: deadLetterConfig(settingsOf(endpoints), place.topic).topic };
}

/** What is read, and as which consumer group. */
export function sourcePlace(endpoints: Endpoints): { readonly topics: readonly string[]; readonly group?: string } {
  const { KAFKA_TOPICS = [], KAFKA_GROUP_ID } = settingsOf(endpoints);
  return endpoints.source === 'kafka' ? { topics: KAFKA_TOPICS, group: KAFKA_GROUP_ID } : { topics: [] };
}

/** Throws a `ConnectorError` when a destination parks and the source has no topics. */
export function createParkingStore(
  endpoints: Endpoints,
  destinations: readonly Destination[],
  clock: Clock,
  warn: Warn,
): ParkingStore | undefined {
  const { source } = endpoints;
  const parks = new Map(destinations.map(({ name, settings: { onBlocked } }) => [name, onBlocked === 'park']));
  if (source === 'kafka')
    return createKafkaParking(withTokens(parkingConfig(settingsOf(endpoints), parks), clock), { warn });
  const [first] = [...parks].flatMap(([name, isParking]) => (isParking ? [name] : []));
  if (first === undefined) return undefined;
  throw new ConnectorError(
    'PARKING_NEEDS_KAFKA',
    `on_blocked is park in destination ${first}, and --source ${source} has no topics to park in: use hold or dead_letter`,
  );
}

function defaultDeadLetters(source: string, share: string | undefined): string {
  if (source === 'kafka') return 'topic:';
  // A file of letters has one writer.
  const own = share === undefined ? '' : `.${share}`;
  return source === '-' ? `file:dead-letters${own}.ndjson` : `${source}${own}.dead-letters.ndjson`;
}
