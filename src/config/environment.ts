import { ConnectorError } from '../core/errors.ts';
import { isPrivateUrl } from '../core/loopback.ts';
import { recordKinds } from '../core/record-kind.ts';
import { parseBrokers, parseProxy } from './addresses.ts';
import { splitTopics } from './topic-names.ts';
import { parseWorkers } from './workers.ts';

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<T> {
  readonly description: string;
  /** As it would be written; undefined: nothing applies unless it is set. */
  readonly fallback: string | undefined;
  /** Its name in lower case is read too, and wins. */
  readonly lowerCaseToo?: true;
  /** Throws a text that completes "NAME …". */
  parse(text: string): T;
}

/** A setting that may be missing. */
function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, fallback: undefined };
}

function text(description: string, fallback = ''): Setting<string> {
  return { description, fallback, parse: (value) => value };
}

function integer(description: string, fallback: number, minimum: number, maximum: number): Setting<number> {
  return {
    description,
    fallback: String(fallback),
    parse(value) {
      const number = Number(value);
      if (/^\d+$/.test(value) && number >= minimum && number <= maximum) return number;
      throw `must be a whole number from ${minimum} to ${maximum}`;
    },
  };
}

function choice<const C extends string>(description: string, fallback: NoInfer<C>, choices: readonly C[]): Setting<C> {
  return {
    description: `${description} (${choices.join(', ')})`,
    fallback,
    parse(value) {
      const found = choices.find((choice) => choice === value.toLowerCase());
      if (found !== undefined) return found;
      throw `must be one of ${choices.join(', ')}`;
    },
  };
}

function list(description: string, separator: string, fallback = ''): Setting<readonly string[]> {
  return {
    description,
    fallback,
    parse: (value) =>
      value
        .split(separator)
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

function url(description: string, fallback = ''): Setting<string> {
  return {
    description,
    fallback,
    parse(value) {
      if (/^https?:\/\/[^/\s]+/.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '');
      throw 'must be an http:// or https:// address';
    },
  };
}

function proxy(description: string): Setting<string> {
  return { description, fallback: '', lowerCaseToo: true, parse: parseProxy };
}

const minute = 60_000;
const mebibyte = 1024 * 1024;

export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'aws-msk-iam'] as const;

/** Every environment variable that the process reads, with what `run --help` says of it. */
export const settings = {
  KAFKA_BROKERS: optional({
    description: 'Kafka brokers, comma-separated host:port; [::1]:9092 for an IPv6 address',
    fallback: undefined,
    parse: parseBrokers,
  }),
  KAFKA_TOPICS: optional({
    description: 'topics to read, comma-separated; /expression/ for all whose whole name it fits, such as /shop\\..+/',
    fallback: undefined,
    parse: splitTopics,
  }),
  KAFKA_GROUP_ID: text('consumer group', 'meta-actions'),
  KAFKA_CLIENT_ID: text('client id that brokers log', 'meta-actions'),
  KAFKA_FROM: optional(
    text(
      'where a group without commits starts: earliest, latest, an ISO 8601 time, or an age such as 7d; by default earliest where only audiences are fed, else 7d',
    ),
  ),
  KAFKA_OUT_OF_RANGE: choice(
    'when the broker no longer has the committed offset: hold the partition, or go on at the earliest record',
    'hold',
    ['hold', 'earliest'],
  ),
  KAFKA_SESSION_TIMEOUT_MS: integer('how long the group waits for a silent member', 45_000, 1000, 30 * minute),
  KAFKA_DEAD_LETTER_TOPIC: optional(
    text('topic for dead letters; by default the first topic with .dead-letters behind it'),
  ),
  KAFKA_DEAD_LETTER_PARTITIONS: integer('partitions of the dead-letter topic, when it is created', 1, 1, 1000),
  KAFKA_DEAD_LETTER_REPLICATION: integer(
    'replicas of the topics that are created, for dead letters, parking and members; 0: the broker default',
    0,
    0,
    100,
  ),
  KAFKA_MEMBERS: choice(
    'the processes of the group tell each other of themselves, so that the console of each lists all, in the compacted topic GROUP.members',
    'false',
    ['true', 'false'],
  ),
  KAFKA_SSL: choice('TLS to the brokers', 'false', ['true', 'false']),
  KAFKA_SSL_CA_FILE: optional(text('PEM file of the certificate authority')),
  KAFKA_SSL_CERT_FILE: optional(text('PEM file of the client certificate')),
  KAFKA_SSL_KEY_FILE: optional(text('PEM file of the client key')),
  KAFKA_SASL_MECHANISM: optional(choice('SASL mechanism', 'plain', saslMechanisms)),
  KAFKA_SASL_USERNAME: optional(text('SASL user')),
  KAFKA_SASL_PASSWORD: optional(text('SASL password')),
  KAFKA_SASL_PASSWORD_FILE: optional(text('file that holds the SASL password')),
  KAFKA_OAUTH_TOKEN_URL: optional(url('oauthbearer: token endpoint (grant of client credentials)')),
  KAFKA_OAUTH_PLAIN_HTTP: choice(
    'allow an http:// KAFKA_OAUTH_TOKEN_URL on another machine: the client secret and tokens go there unencrypted',
    'false',
    ['true', 'false'],
  ),
  KAFKA_OAUTH_CLIENT_ID: optional(text('oauthbearer: client id')),
  KAFKA_OAUTH_CLIENT_SECRET: optional(text('oauthbearer: client secret')),
  KAFKA_OAUTH_CLIENT_SECRET_FILE: optional(text('oauthbearer: file that holds the client secret')),
  KAFKA_OAUTH_SCOPE: optional(text('oauthbearer: scope that is asked for')),
  KAFKA_OAUTH_TOKEN_FILE: optional(text('oauthbearer: file that holds a token, instead of an endpoint; read anew')),
  AWS_REGION: optional(text('aws-msk-iam: region of the cluster')),
  AWS_ACCESS_KEY_ID: optional(text('aws-msk-iam: access key; else a role, as the next settings say')),
  AWS_SECRET_ACCESS_KEY: optional(text('aws-msk-iam: its secret')),
  AWS_SESSION_TOKEN: optional(text('aws-msk-iam: its session token')),
  AWS_ROLE_ARN: optional(text('aws-msk-iam: role of the service account (EKS sets it)')),
  AWS_WEB_IDENTITY_TOKEN_FILE: optional(text('aws-msk-iam: token of the service account (EKS sets it)')),
  AWS_ENDPOINT_URL_STS: optional(url('aws-msk-iam: AWS STS; by default that of the region')),
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: optional(text('aws-msk-iam: role of the task (ECS sets it)')),
  AWS_CONTAINER_CREDENTIALS_FULL_URI: optional(url('aws-msk-iam: role of the pod (EKS sets it)')),
  AWS_CONTAINER_AUTHORIZATION_TOKEN: optional(text('aws-msk-iam: token for that address')),
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: optional(text('aws-msk-iam: file of that token (EKS sets it)')),
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url(
    'aws-msk-iam: metadata service, for the role of an instance, when nothing above is set',
    'http://169.254.169.254',
  ),
  ENVELOPE: list('members that lead to the event inside a message, such as payload.after', '.', ''),
  RECORDS: choice(
    "what a message is: a call of the Segment spec, a change of a row as Debezium writes it, a row of columns, RudderStack's call, or a CloudEvent",
    'events',
    recordKinds,
  ),
  SOURCES: optional(text('file that says how the records of each topic are read (sources.json)')),
  SCHEMA_REGISTRY_URL: optional(url("schema registry: the address of Confluent's API")),
  SCHEMA_REGISTRY_USERNAME: optional(text('schema registry: user')),
  SCHEMA_REGISTRY_PASSWORD: optional(text('schema registry: password')),
  SCHEMA_REGISTRY_PASSWORD_FILE: optional(text('schema registry: file that holds the password; read anew')),
  SCHEMA_REGISTRY_TOKEN: optional(text('schema registry: bearer token, instead of a user')),
  SCHEMA_REGISTRY_TOKEN_FILE: optional(text('schema registry: file that holds the token; read anew')),
  SCHEMA_REGISTRY_PLAIN_HTTP: choice(
    'allow an http:// SCHEMA_REGISTRY_URL on another machine: its password or token goes there unencrypted',
    'false',
    ['true', 'false'],
  ),
  SCHEMA_REGISTRY_CA_FILE: optional(text('schema registry: PEM file of the certificate authority')),
  SCHEMA_REGISTRY_CERT_FILE: optional(text('schema registry: PEM file of the client certificate')),
  SCHEMA_REGISTRY_KEY_FILE: optional(text('schema registry: PEM file of the client key')),
  META_GRAPH_URL: url('the Graph API', 'https://graph.facebook.com'),
  META_GRAPH_PLAIN_HTTP: choice(
    'allow an http:// META_GRAPH_URL on another machine: tokens and data of people go there unencrypted',
    'false',
    ['true', 'false'],
  ),
  HTTPS_PROXY: optional(proxy('proxy for https:// addresses (Meta, token endpoints)')),
  HTTP_PROXY: optional(proxy('proxy for http:// addresses, and for https:// where HTTPS_PROXY is not set')),
  NO_PROXY: optional({
    ...text('hosts that no proxy is for, comma-separated: name, .domain, *.domain, host:port; * for all'),
    lowerCaseToo: true,
  }),
  META_REQUEST_TIMEOUT_MS: integer('time-out of a request to Meta', 30_000, 100, 10 * minute),
  META_REQUEST_ALIVE_MS: integer(
    'how long a request that was not answered may still reach Meta: until then nothing opposite is sent to an audience',
    minute,
    0,
    10 * minute,
  ),
  META_THROTTLE_PAUSE_MS: integer(
    'pause when Meta limits the rate and names no time; it doubles up to fifteen times as long',
    minute,
    100,
    10 * minute,
  ),
  META_HAND_OVER_MARGIN_MS: integer(
    'how long after its time-out a request may still reach Meta: a process that gets a partition whose last owner did not leave in order waits META_REQUEST_TIMEOUT_MS and this before it changes audiences',
    5000,
    0,
    10 * minute,
  ),
  REQUESTS_PER_LANE: integer('requests under way at once for one pixel', 4, 1, 64),
  MAX_AUDIENCES: integer(
    'audiences that are looked up and changed at once, where events name them; changes of others wait',
    1000,
    1,
    100_000,
  ),
  MAX_IN_FLIGHT_BYTES: integer(
    'bytes held for records in flight before reading pauses',
    64 * mebibyte,
    mebibyte,
    4096 * mebibyte,
  ),
  MAX_IN_FLIGHT_RECORDS: integer(
    'records in flight of one partition before its reading pauses',
    65_536,
    1000,
    10_000_000,
  ),
  MAX_RECORD_BYTES: integer('longer records become dead letters unread', 16 * mebibyte, 1024, 1024 * mebibyte),
  RETENTION_MARGIN_MS: integer(
    'how long before the broker deletes a record that a blocked lane holds it becomes a dead letter; at most a tenth of the retention',
    60 * minute,
    1000,
    7 * 24 * 60 * minute,
  ),
  COMMIT_INTERVAL_MS: integer('time between commits', 1000, 50, minute),
  SHUTDOWN_TIMEOUT_MS: integer('how long a stop waits for what is in flight', 25_000, 100, 10 * minute),
  MAPPINGS_POLL_MS: integer(
    'time between looks at the files of --mappings: those that have changed are read again, as on SIGHUP; 0: never',
    0,
    0,
    60 * minute,
  ),
  OPS_HOST: text('address of the ops server (/livez, /readyz, /metrics)', '127.0.0.1'),
  OPS_PORT: integer('port of the ops server; 0 for any free one', 9464, 0, 65_535),
  OPS_URL: optional(url('where browsers reach the console of this process; the other members of the group link to it')),
  OPS_TOKEN: optional(
    text('token for the console and its API, which are served on an address other than loopback only with one'),
  ),
  OPS_TOKEN_FILE: optional(text('file that holds that token; read anew')),
  OPS_SHOW_IDENTIFIERS: choice(
    'the console may show identifiers of people to whoever asks for it; each showing is a log line',
    'false',
    ['true', 'false'],
  ),
  NOTIFY_URL: optional(
    text('webhook that is told when a lane is blocked or mended, and the like; nobody is told without'),
  ),
  NOTIFY_URL_FILE: optional(text('file that holds that address; read anew')),
  NOTIFY_FORMAT: choice('what the webhook takes', 'json', ['json', 'slack']),
  NOTIFY_SECRET: optional(text('key that messages to the webhook are signed with')),
  NOTIFY_SECRET_FILE: optional(text('file that holds that key; read anew')),
  NOTIFY_PLAIN_HTTP: choice('allow an http:// NOTIFY_URL on another machine', 'false', ['true', 'false']),
  NOTIFY_INTERVAL_MS: integer('time between two messages, at least', minute, 1000, 24 * 60 * minute),
  NOTIFY_DEAD_LETTER_PERCENT: integer(
    'it is told when more of the records of a quarter of an hour than this is set aside',
    5,
    1,
    100,
  ),
  WORKERS: {
    description:
      'processes that share the partitions of the group, 1 to 64, or auto: one for each processor; they have one ops port',
    fallback: '1',
    parse: parseWorkers,
  },
  LOG_LEVEL: choice('least important log lines that are written', 'info', ['debug', 'info', 'warn', 'error', 'silent']),
} satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof settings;

type Parsed<S> = S extends Setting<infer T> ? T : never;

/** The checked value of each setting; undefined where it may be missing and isn't set. */
export type ProcessSettings = { readonly [K in SettingName]: Parsed<(typeof settings)[K]> };

/**
 * Reads the connector's settings from environment variables. An empty variable counts as not set.
 *
 * @throws ConnectorError `SETTING_INVALID` that names every wrong variable and what it must be.
 */
export function readSettings(environment: Environment): ProcessSettings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const raw = given(environment, name, setting) ?? setting.fallback;
    if (raw === undefined) continue;
    try {
      values[name] = setting.parse(raw);
    } catch (reason) {
      problems.push(`${name} ${String(reason)}`);
    }
  }
  const checked = values as ProcessSettings;
  if (problems.length === 0) problems.push(...plainHttpProblems(checked));
  if (problems.length > 0) throw new ConnectorError('SETTING_INVALID', problems.join('\n'));
  return checked;
}

/** What is set, without white space around it; an empty variable isn't. */
function given(environment: Environment, name: string, { lowerCaseToo }: Setting<unknown>): string | undefined {
  const names = lowerCaseToo === true ? [name.toLowerCase(), name] : [name];
  return names.map((each) => environment[each]?.trim()).find((value) => value !== undefined && value !== '');
}

function plainHttpProblems({ META_GRAPH_URL, META_GRAPH_PLAIN_HTTP }: ProcessSettings): readonly string[] {
  if (META_GRAPH_PLAIN_HTTP === 'true' || isPrivateUrl(META_GRAPH_URL)) return [];
  return [
    'META_GRAPH_URL must be https://, because tokens and data of people would go to another machine unencrypted; META_GRAPH_PLAIN_HTTP=true allows it',
  ];
}

/** How the bytes of a record become an event. */
export function decodeSettings({ ENVELOPE, RECORDS, MAX_RECORD_BYTES }: ProcessSettings) {
  return { envelope: ENVELOPE, records: RECORDS, maxRecordBytes: MAX_RECORD_BYTES };
}

/** One line a setting, for `run --help`. */
export function describeSettings(names = Object.keys(settings) as readonly SettingName[]): string {
  const rows = names.map((name) => {
    const { description, fallback }: Setting<unknown> = settings[name];
    const known = fallback === undefined || fallback === '' ? '' : ` [${fallback}]`;
    return `  ${name.padEnd(30)} ${description}${known}`;
  });
  return rows.join('\n');
}
