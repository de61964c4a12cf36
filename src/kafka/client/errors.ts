import { ConnectorError, messageOf } from '../../core/errors.ts';

/** The parts of kafkajs's errors that say what happened: its classes are told apart by name, the broker's by type. */
interface KafkaError {
  readonly name?: string;
  readonly type?: string;
  readonly code?: string | number;
  /** Of a request that the broker doesn't know. */
  readonly apiName?: string;
  readonly cause?: unknown;
  readonly originalError?: unknown;
  /** Of an administrative request about several things. */
  readonly errors?: readonly unknown[];
}

/** What a broker or its client complains about, outermost first; wrappers only say that retries ran out. */
function chainOf(error: unknown): readonly KafkaError[] {
  const chain: KafkaError[] = [];
  let current: unknown = error;
  while (typeof current === 'object' && current !== null && chain.length < 10) {
    const link = current as KafkaError;
    chain.push(link);
    current = link.cause ?? link.originalError ?? link.errors?.[0];
    if (current === link) break;
  }
  return chain;
}

/** The broker's own names for the errors in the chain of causes, such as `ILLEGAL_GENERATION`. */
export function protocolTypesOf(error: unknown): ReadonlySet<string> {
  return new Set(chainOf(error).flatMap(({ type }) => (type === undefined ? [] : [type])));
}

/**
 * What a cluster answers while a partition, a group or the cluster itself gets another leader: for a moment after a
 * topic was created, and while a broker starts or stops. kafkajs's administrative requests give up on most of these.
 */
const SETTLING_TYPES = [
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_CONTROLLER',
];

/** Whether the same request may succeed in a moment, sent to whoever leads then. */
export function isSettling(error: unknown): boolean {
  const types = protocolTypesOf(error);
  return SETTLING_TYPES.some((type) => types.has(type));
}

/** Whether one broker can't be reached. Others of its cluster may lead in its place in a moment. */
export function isBrokerAway(error: unknown): boolean {
  const names = errorNamesOf(error);
  return names.has('KafkaJSConnectionError') || names.has('KafkaJSConnectionClosedError');
}

/** Whether what was to be written is too large: for the topic's limit for a batch, or because its segments are smaller than that. */
export function isTooLarge(error: unknown): boolean {
  const types = protocolTypesOf(error);
  return types.has('MESSAGE_TOO_LARGE') || types.has('RECORD_LIST_TOO_LARGE');
}

/** The names of kafkajs's classes in the chain of causes. */
export function errorNamesOf(error: unknown): ReadonlySet<string> {
  return new Set(chainOf(error).flatMap(({ name }) => (name === undefined ? [] : [name])));
}

/** Where an error came up, for its message. */
export interface ErrorPlace {
  readonly brokers: readonly string[];
  readonly groupId?: string;
  readonly topics?: readonly string[];
}

interface Explanation {
  readonly code: string;
  readonly types?: readonly string[];
  readonly names?: readonly string[];
  readonly requests?: readonly string[];
  readonly say: (place: ErrorPlace) => string;
}

/**
 * A connection that fails this way is one where the two sides disagree about TLS; kafkajs keeps OpenSSL's text only.
 */
const TLS_TEXT = /certificate|self.signed|wrong version number|altname|\btls\b|\bssl\b/i;

const TLS: Explanation = {
  code: 'KAFKA_TLS',
  say: () => 'the encrypted connection could not be made: check KAFKA_SSL and the certificates it names',
};

const EXPLANATIONS: readonly Explanation[] = [
  {
    code: 'KAFKA_AUTHENTICATION',
    types: ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'],
    names: ['KafkaJSSASLAuthenticationError'],
    requests: ['SaslHandshake', 'SaslAuthenticate'],
    say: () =>
      'the broker refused the credentials: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
  },
  {
    code: 'KAFKA_GROUP_IN_USE',
    types: ['INCONSISTENT_GROUP_PROTOCOL', 'GROUP_ID_NOT_FOUND'],
    say: ({ groupId }) =>
      `the consumer group ${groupId} is in use by another program: give this one its own name in KAFKA_GROUP_ID`,
  },
  {
    code: 'KAFKA_GROUP_REFUSED',
    types: ['GROUP_AUTHORIZATION_FAILED', 'INVALID_GROUP_ID', 'GROUP_MAX_SIZE_REACHED'],
    say: ({ groupId }) =>
      `the consumer group ${groupId} may not be joined: check KAFKA_GROUP_ID and the Read permission on that group`,
  },
  {
    // kafkajs keeps what each broker said to itself.
    code: 'KAFKA_GROUP_REFUSED',
    names: ['KafkaJSGroupCoordinatorNotFound'],
    say: ({ groupId }) =>
      `no broker takes the consumer group ${groupId}: check KAFKA_GROUP_ID and the Read permission on that group, and whether all brokers are up`,
  },
  {
    code: 'KAFKA_TOPIC_REFUSED',
    types: ['TOPIC_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION'],
    say: ({ topics = [] }) =>
      `a topic may not be used (${topics.join(', ')}): check KAFKA_TOPICS and the permissions on it`,
  },
  {
    code: 'KAFKA_TOPIC_MISSING',
    types: ['UNKNOWN_TOPIC_OR_PARTITION'],
    say: ({ topics = [] }) => `a topic doesn't exist (${topics.join(', ')}): create it or correct KAFKA_TOPICS`,
  },
  {
    code: 'KAFKA_SESSION_TIMEOUT',
    types: ['INVALID_SESSION_TIMEOUT'],
    say: () => "KAFKA_SESSION_TIMEOUT_MS is outside the broker's group.min/max.session.timeout.ms",
  },
  {
    code: 'KAFKA_UNREACHABLE',
    names: [
      'KafkaJSConnectionError',
      'KafkaJSConnectionClosedError',
      'KafkaJSRequestTimeoutError',
      'KafkaJSBrokerNotFound',
      'KafkaJSNoBrokerAvailableError',
      'TimeoutError',
    ],
    say: ({ brokers }) =>
      `no broker answered at ${brokers.join(', ')}: check KAFKA_BROKERS, and KAFKA_SSL and KAFKA_SASL_MECHANISM if it asks for them`,
  },
];

/** Any error of kafkajs as one that names the setting at fault and what to do. */
export function connectorErrorOf(error: unknown, place: ErrorPlace): ConnectorError {
  const chain = chainOf(error);
  const ours = chain.find((link) => link instanceof ConnectorError);
  if (ours instanceof ConnectorError) return ours.code === 'KAFKA_CODEC' ? placed(ours, place) : ours;
  const text = chain.map((link) => messageOf(link)).join(' ');
  const encrypted = chain.some(({ name }) => name === 'KafkaJSConnectionError') && TLS_TEXT.test(text);
  const explanation = encrypted
    ? TLS
    : EXPLANATIONS.find((candidate) => chain.some((link) => explains(candidate, link)));
  if (explanation === undefined) {
    return new ConnectorError('KAFKA_FAILED', `Kafka: ${messageOf(error)}`, {}, error);
  }
  return new ConnectorError(explanation.code, `Kafka: ${explanation.say(place)} (${messageOf(error)})`, {}, error);
}

/** Which topic it was kafkajs doesn't tell: it decodes all that a broker answered as one. */
function placed(error: ConnectorError, { topics = [] }: ErrorPlace): ConnectorError {
  const message = `Kafka: ${error.message}; it is in one of the topics that are read (${topics.join(', ')})`;
  return new ConnectorError(error.code, message, error.details, error);
}

function explains({ types = [], names = [], requests = [] }: Explanation, link: KafkaError): boolean {
  const { type = '', name = '', apiName = '' } = link;
  return types.includes(type) || names.includes(name) || requests.includes(apiName);
}
