import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import pRetry from 'p-retry';
import kafkajs, { type Admin, type Kafka, type KafkaConfig, type Mechanism, type SASLOptions } from 'kafkajs';
import { patchAborted } from './aborted-patch.ts';
import { patchBatchEnds } from './batch-ends-patch.ts';
import { namedBrokers, socketFactory } from './broker-address.ts';
import { registerCodecs } from './codecs.ts';
import { connectorErrorOf, type ErrorPlace, isBrokerAway, isSettling } from './errors.ts';
import { patchHeaders } from './headers-patch.ts';
import { type KafkaLog, kafkaLogCreator } from './logger.ts';
import { oauthBearer } from './oauthbearer.ts';
import { patchRecords } from './records-patch.ts';
import { patchHeartbeats } from './clock-patch.ts';
import { patchIdleTimers } from './timer-patch.ts';

/** A value that is read at the moment of use, so that a rotated file is seen by the next connection. */
interface ReadSecret {
  read(): string;
}

export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: ReadSecret;
    }
  /** `token` is asked at every authentication; brokers ask again before a token's life ends. */
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port` each; an IPv6 address in brackets. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: KafkaSasl;
}

/** Long enough for a distant cluster, and short enough for three attempts within the 15 s that a start may take. */
const CONNECTION_TIMEOUT_MILLIS = 3_000;
const CHECK_TIMEOUT_MILLIS = 10_000;
const DISCONNECT_WITHIN_MILLIS = 500;
/** How soon a request is repeated that a cluster refused while it was choosing leaders. */
const SETTLE_TIMES = { minTimeout: 100, maxTimeout: 1_000, factor: 2 };

/** A client that logs only through `log`, reads every codec, and doesn't spin when idle. */
export function createKafkaClient(connection: KafkaConnection, log: KafkaLog, retries = 5): Kafka {
  patchIdleTimers();
  patchHeartbeats();
  patchHeaders();
  patchRecords();
  patchBatchEnds();
  patchAborted();
  registerCodecs();
  const config: KafkaConfig = {
    brokers: namedBrokers(connection.brokers),
    socketFactory,
    clientId: connection.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MILLIS,
    authenticationTimeout: CONNECTION_TIMEOUT_MILLIS,
    // At most five seconds between two attempts: the connector must not sleep on long after an outage has ended.
    retry: { retries, initialRetryTime: 200, maxRetryTime: 5_000 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: kafkaLogCreator(log),
    ...(connection.ssl === undefined ? {} : { ssl: connection.ssl }),
    ...(connection.sasl === undefined ? {} : { sasl: saslOf(connection.sasl) }),
  };
  return new kafkajs.Kafka(config);
}

function saslOf(sasl: KafkaSasl): SASLOptions | Mechanism {
  if (sasl.mechanism === 'oauthbearer') return oauthBearer(sasl.token);
  const { mechanism, username, password } = sasl;
  return {
    mechanism,
    username,
    // Read at each authentication.
    get password() {
      return password.read();
    },
  } as SASLOptions;
}

/**
 * Runs `work` on an administrative connection of its own and closes that. While the cluster is choosing leaders, or one of
 * its brokers is away, `work` is repeated on a new connection, so it must be safe to repeat. Fails within 10 s, with a `ConnectorError` that names
 * the setting at fault.
 */
export async function withAdmin<T>(
  connection: KafkaConnection,
  log: KafkaLog,
  place: ErrorPlace,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  // Nobody may be waiting for it when it rejects.
  late.promise.catch(() => undefined);
  const deadline = new AbortController();
  let unsettled: unknown;
  let reached = false;
  const timer = setTimeout(() => {
    const reason = unsettled ?? new DOMException('no answer in time', 'TimeoutError');
    late.reject(reason);
    deadline.abort(reason);
  }, CHECK_TIMEOUT_MILLIS);
  try {
    const reachedWork = (admin: Admin) => {
      reached = true;
      return work(admin);
    };
    const attempt = () => {
      reached = false;
      return onAdmin(createKafkaClient(connection, log, 2).admin(), reachedWork, late.promise);
    };
    return await pRetry(attempt, {
      ...SETTLE_TIMES,
      retries: Number.POSITIVE_INFINITY,
      signal: deadline.signal,
      shouldRetry: ({ error }) => isSettling(error) || (reached && isBrokerAway(error)),
      onFailedAttempt: ({ error }) => {
        unsettled = error;
      },
    });
  } catch (error) {
    throw connectorErrorOf(error, place);
  } finally {
    clearTimeout(timer);
  }
}

async function onAdmin<T>(admin: Admin, work: (admin: Admin) => Promise<T>, late: Promise<never>): Promise<T> {
  try {
    return await Promise.race([admin.connect().then(() => work(admin)), late]);
  } finally {
    // kafkajs would wait half a minute for a broker that doesn't answer.
    const disconnected = admin.disconnect().catch(() => undefined);
    await Promise.race([disconnected, sleep(DISCONNECT_WITHIN_MILLIS, undefined, { ref: false })]);
  }
}
