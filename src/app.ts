import { fileURLToPath } from 'node:url';
import type { ProcessSettings } from './config/environment.ts';
import { deadLetterConfig, kafkaSourceConfig } from './config/kafka.ts';
import type { Action } from './core/action.ts';
import type { FinalSink } from './core/delivery.ts';
import { ConnectorError } from './core/errors.ts';
import type { Clock, DeadLetterQueue, Random, Source, Telemetry } from './core/ports.ts';
import type { Destination } from './core/subscription.ts';
import { expiring } from './delivery/expiring.ts';
import { type Gate, gate } from './delivery/gate.ts';
import { isolating } from './delivery/isolating.ts';
import { retrying } from './delivery/retrying.ts';
import { type ThrottleScopes, throttleScopes } from './delivery/throttle-scopes.ts';
import { fileDeadLetters } from './file/dead-letters.ts';
import { fileSource } from './file/source.ts';
import { streamSource } from './file/stream-source.ts';
import { kafkaDeadLetters } from './kafka/dead-letters.ts';
import { kafkaSource } from './kafka/source.ts';
import { loadActions } from './kit/load-actions.ts';
import { conversionsSink } from './meta/conversions-sink.ts';
import { type GraphClient, graphClient } from './meta/graph-client.ts';
import { throttleScopeNames } from './meta/throttle-scope-names.ts';
import { logger } from './observe/log.ts';
import { metrics } from './observe/metrics.ts';
import { opsServer } from './observe/ops-server.ts';
import { telemetry } from './observe/telemetry.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { systemClock } from './system-clock.ts';

/** The actions that come with the product. */
export async function loadShippedActions(): Promise<ReadonlyMap<string, Action>> {
  return loadActions(fileURLToPath(new URL('../actions', import.meta.url)));
}

export interface ConnectorOptions {
  readonly settings: ProcessSettings;
  readonly destinations: readonly Destination[];
  /** `kafka`, `file:PATH`, or `-` for stdin. */
  readonly source: string;
  /** `topic:NAME` or `file:PATH`; by default a topic for Kafka and a file beside the source otherwise. */
  readonly deadLetters?: string;
  /** The brokers are the embedded one, which doesn't know all versions of the protocol. */
  readonly embeddedBroker?: boolean;
  /** Hear of everything that happens, besides log and metrics. */
  readonly observers?: readonly Telemetry[];
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The running product: a source, the pipeline, Meta, an ops server. */
export interface Connector {
  /** Rejects with a `ConnectorError` when something that it needs isn't there. Resolves when events flow. */
  start(): Promise<void>;
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  opsUrl(): string;
  /** Everything that the source holds is settled. */
  finished(): Promise<void>;
  /** Rejects when the process can't go on. Never resolves. */
  failed(): Promise<never>;
  /** Lanes that wait for a person to act, and since when (Unix milliseconds). */
  blocked(): readonly { readonly lane: string; readonly since: number; readonly message: string }[];
  /** True when everything that was read is settled and committed. */
  stop(): Promise<boolean>;
}

export function createConnector(options: ConnectorOptions): Connector {
  const { settings, destinations } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const measured = metrics({ processMetrics: true });
  const log = logger(settings.LOG_LEVEL);
  const told = telemetry(log, measured, ...(options.observers ?? []));
  const scopes = throttleScopes(clock);
  const gates = new Map<string, Gate>();
  const client = graphClient({
    baseUrl: settings.META_GRAPH_URL,
    requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
    connections: settings.REQUESTS_PER_LANE * Math.max(1, destinations.length),
  });
  const warn = (code: string, message: string) => told.emit({ kind: 'warning', code, message });
  const source = sourceOf(options, clock, warn);
  const deadLetters = deadLettersOf(options, warn);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let alive = true;
  let stopping = false;
  let ops: Awaited<ReturnType<typeof opsServer>> | undefined;

  const pipe = pipeline({
    source,
    deadLetters,
    destinations,
    sinkFor: (destination) => {
      const parts = { client, clock, random, telemetry: told, scopes };
      const { sink, gate } = conversionsLane(destination, parts);
      gates.set(destination.name, gate);
      return sink;
    },
    decode: { envelope: settings.ENVELOPE, maxRecordBytes: settings.MAX_RECORD_BYTES },
    clock,
    telemetry: told,
    limits: {
      maxInFlightBytes: settings.MAX_IN_FLIGHT_BYTES,
      maxInFlightRecordsPerPartition: settings.MAX_IN_FLIGHT_RECORDS,
      requestsPerLane: settings.REQUESTS_PER_LANE,
      conversionsLingerMillis: 500,
      commitIntervalMillis: settings.COMMIT_INTERVAL_MS,
      commitEveryRecords: 5000,
    },
    failed(error) {
      alive = false;
      failure.reject(error);
    },
  });

  function readiness(): readonly string[] {
    const reasons: string[] = [];
    if (stopping) reasons.push('stopping');
    if (!alive) reasons.push('failed');
    if (!source.ready()) reasons.push('the source is not ready');
    for (const { lane, message } of blocked()) reasons.push(`lane ${lane} is blocked: ${message}`);
    return reasons;
  }

  const blockedSince = new Map<string, number>();
  function blocked() {
    return [...gates].flatMap(([lane, one]) => {
      const status = one.status();
      const isBlocked = status.state === 'blocked' || (status.state === 'half-open' && status.after === 'blocked');
      if (!isBlocked) {
        blockedSince.delete(lane);
        return [];
      }
      const since = blockedSince.get(lane) ?? clock.now();
      blockedSince.set(lane, since);
      const { message, fix } = status.failure;
      return [{ lane, since, message: fix === undefined ? message : `${message} Fix: ${fix}` }];
    });
  }

  return {
    async start() {
      for (const { name, settings: own } of destinations) {
        own.accessToken.read();
        own.appSecret?.read();
        if (own.testEventCode !== undefined) {
          warn(
            'TEST_EVENT_CODE',
            `destination ${name} sends every event with a test_event_code: remove it in production`,
          );
        }
      }
      ops = await opsServer({
        host: settings.OPS_HOST,
        port: settings.OPS_PORT,
        metrics: measured,
        readiness,
        alive: () => alive,
      });
      await pipe.start();
    },
    opsUrl: () => ops?.url ?? '',
    finished: () => pipe.finished(),
    failed: () => failure.promise,
    blocked,
    async stop() {
      stopping = true;
      const clean = await pipe.stop(alive ? settings.SHUTDOWN_TIMEOUT_MS : 0);
      for (const one of gates.values()) one.close();
      await client.close();
      await ops?.close();
      return clean;
    },
  };
}

interface LaneParts {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly scopes: ThrottleScopes;
}

/** What a conversions request goes through: isolate ∘ retry ∘ expire ∘ send, with the lane's gate. */
function conversionsLane(destination: Destination, parts: LaneParts): { sink: FinalSink; gate: Gate } {
  const { client, clock, random, telemetry, scopes } = parts;
  const lane = destination.name;
  const memberOf = Object.values(throttleScopeNames(destination.settings));
  const laneGate = gate({ lane, clock, telemetry, scopes, memberOf });
  const onUsage = laneGate.slow;
  const sending = conversionsSink({ client, destination, lane, clock, telemetry, onUsage });
  const fresh = expiring(sending, clock);
  const persistent = retrying({ sink: fresh, gate: laneGate, clock, random, telemetry, lane });
  return { sink: isolating({ sink: persistent, gate: laneGate }), gate: laneGate };
}

type Warn = (code: string, message: string) => void;

function sourceOf({ source: name, settings, embeddedBroker }: ConnectorOptions, clock: Clock, warn: Warn): Source {
  if (name === 'kafka') {
    const quirks = embeddedBroker === true ? { leaveGroupMaxVersion: 2 } : {};
    return kafkaSource({ ...kafkaSourceConfig(settings), ...quirks }, { clock, warn });
  }
  if (name === '-') return streamSource(process.stdin, { now: clock.now });
  if (name.startsWith('file:')) return fileSource(name.slice('file:'.length));
  throw new ConnectorError('USAGE', `--source ${name}: give kafka, file:PATH, or - for stdin`);
}

function deadLettersOf({ deadLetters, source, settings }: ConnectorOptions, warn: Warn): DeadLetterQueue {
  const name = deadLetters ?? defaultDeadLetters(source);
  if (name.startsWith('file:')) return fileDeadLetters(name.slice('file:'.length));
  if (name.startsWith('topic:'))
    return kafkaDeadLetters(deadLetterConfig(settings, name.slice('topic:'.length)), { warn });
  throw new ConnectorError('USAGE', `--dead-letters ${name}: give topic:NAME or file:PATH`);
}

function defaultDeadLetters(source: string): string {
  if (source === 'kafka') return 'topic:';
  return source === '-' ? 'file:dead-letters.ndjson' : `${source}.dead-letters.ndjson`;
}
