import { audiencePort } from './audience-port.ts';
import type { ProcessSettings } from './config/environment.ts';
import { deadLetterConfig, kafkaSourceConfig } from './config/kafka.ts';
import { ConnectorError } from './core/errors.ts';
import type { Clock, DeadLetterQueue, Random, Source, Telemetry } from './core/ports.ts';
import type { SourceRecord } from './core/record.ts';
import type { Destination } from './core/subscription.ts';
import { credentialsWatch } from './delivery/credentials-watch.ts';
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
import { testEventCodes } from './kit/test-event-code.ts';
import { conversionsSink } from './meta/conversions-sink.ts';
import { type GraphClient, graphClient } from './meta/graph-client.ts';
import { throttleScopeNames } from './meta/throttle-scope-names.ts';
import { logger } from './observe/log.ts';
import { metrics } from './observe/metrics.ts';
import { opsServer } from './observe/ops-server.ts';
import { telemetry } from './observe/telemetry.ts';
import type { LaneSink } from './pipeline/lane.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { systemClock } from './system-clock.ts';

export interface ConnectorOptions {
  readonly settings: ProcessSettings;
  readonly destinations: readonly Destination[];
  /** `kafka`, `file:PATH`, or `-` for stdin. */
  readonly source: string;
  /** Instead of `source`: records that come back, each for the parts that `wants` names. */
  readonly replay?: { readonly source: Source; wants(record: SourceRecord, part: string): boolean };
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
  /** Lanes and subscriptions that wait for a person to act, and since when (Unix milliseconds). */
  blocked(): readonly {
    readonly lane: string;
    readonly since: number;
    readonly code: string;
    readonly message: string;
  }[];
  /** Something was mended, perhaps: what is blocked tries at once, and what was kept for a person to look at goes on. */
  resume(): void;
  /** True when everything that was read is settled and committed. A second call gets the answer of the first. */
  stop(): Promise<boolean>;
}

/** Sockets for audiences, beside those of the pixels: each audience has one request under way. */
const audienceConnections = 4;

export function createConnector(options: ConnectorOptions): Connector {
  const { settings, destinations } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const measured = metrics({ processMetrics: true });
  const log = logger(settings.LOG_LEVEL);
  const told = telemetry(log, measured, ...(options.observers ?? []));
  const firstMillis = settings.META_THROTTLE_PAUSE_MS;
  const scopes = throttleScopes(clock, { firstMillis, longestMillis: 15 * firstMillis });
  const gates: Gate[] = [];
  const client = graphClient({
    baseUrl: settings.META_GRAPH_URL,
    requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
    connections: settings.REQUESTS_PER_LANE * Math.max(1, destinations.length) + audienceConnections,
  });
  const warn = (code: string, message: string) => told.emit({ kind: 'warning', code, message });
  const source = options.replay?.source ?? sourceOf(options, clock, warn);
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
      gates.push(gate);
      return sink;
    },
    audiences: audiencePort({
      client,
      clock,
      random,
      telemetry: told,
      scopes,
      destinations,
      aliveMillis: settings.META_REQUEST_ALIVE_MS,
      gateMade: (gate) => gates.push(gate),
    }),
    // What is replayed was rejected before: it says nothing about the subscription as it is now.
    ...(options.replay !== undefined && { wants: options.replay.wants, fuses: false }),
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

  const credentials = credentialsWatch({
    secrets: destinations.flatMap(({ settings: own }) => [own.accessToken, ...(own.appSecret ? [own.appSecret] : [])]),
    needed: () => gates.some((one) => one.blockage() !== undefined),
    changed() {
      for (const one of gates) one.wake();
    },
  });

  function readiness(): readonly string[] {
    const reasons: string[] = [];
    if (stopping) reasons.push('stopping');
    if (!alive) reasons.push('failed');
    if (!source.ready()) reasons.push('the source is not ready');
    for (const { reason } of source.held?.() ?? []) reasons.push(reason);
    for (const { lane, message } of blocked()) reasons.push(`lane ${lane} is blocked: ${message}`);
    if (pipe.blocked().length > 0) reasons.push(windowText(pipe.windowSecondsLeft()));
    return reasons;
  }

  function blocked() {
    return pipe.blocked().map(({ lane, since, failure: { code, message, fix } }) => ({
      lane,
      since,
      code,
      message: fix === undefined ? message : `${message} Fix: ${fix}`,
    }));
  }

  /** Meta measures by test events too: one that was forgotten costs money. */
  function warnOfTestEventCodes(destination: Destination): void {
    const { wholeDestination, subscriptions } = testEventCodes(destination);
    const place = `destination ${destination.name}`;
    const places = wholeDestination ? [place] : subscriptions.map((id) => `subscription ${id} of ${place}`);
    for (const one of places) {
      warn('TEST_EVENT_CODE', `${one} sends every event with a test_event_code: remove it in production`);
    }
    for (const subscription of subscriptions) {
      told.emit({ kind: 'test_event_code', destination: destination.name, subscription });
    }
  }

  async function start(): Promise<void> {
    for (const destination of destinations) {
      destination.settings.accessToken.read();
      destination.settings.appSecret?.read();
      warnOfTestEventCodes(destination);
    }
    ops = await opsServer({
      host: settings.OPS_HOST,
      port: settings.OPS_PORT,
      metrics: measured,
      readiness,
      alive: () => alive,
    });
    if (stopping) return;
    credentials.start();
    await pipe.start();
  }

  async function stop(): Promise<boolean> {
    stopping = true;
    credentials.stop();
    const clean = await pipe.stop(alive ? settings.SHUTDOWN_TIMEOUT_MS : 0);
    for (const one of gates) one.close();
    await client.close();
    await ops?.close();
    return clean;
  }

  let stopped: Promise<boolean> | undefined;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };

  return {
    async start() {
      try {
        await start();
      } catch (error) {
        await stopOnce();
        throw error;
      }
    },
    opsUrl: () => ops?.url ?? '',
    finished: () => pipe.finished(),
    failed: () => failure.promise,
    blocked,
    resume: () => pipe.resume(),
    stop: stopOnce,
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
function conversionsLane(destination: Destination, parts: LaneParts): { sink: LaneSink; gate: Gate } {
  const { client, clock, random, telemetry, scopes } = parts;
  const lane = destination.name;
  const memberOf = Object.values(throttleScopeNames(destination.settings));
  const laneGate = gate({ lane, clock, telemetry, scopes, memberOf });
  const onUsage = laneGate.slow;
  const sending = conversionsSink({ client, destination, lane, clock, telemetry, onUsage });
  const fresh = expiring(sending, clock);
  const persistent = retrying({ sink: fresh, gate: laneGate, clock, random, telemetry, lane });
  const { turnAway, recheck } = persistent;
  const { blockage: blocked, wake } = laneGate;
  return {
    sink: { ...isolating({ sink: persistent, gate: laneGate }), turnAway, recheck, blocked, wake },
    gate: laneGate,
  };
}

function windowText(secondsLeft: number): string {
  if (secondsLeft === 0) return 'as much is in flight as may be: every lane waits for the blocked one';
  if (secondsLeft === Number.POSITIVE_INFINITY) return 'the other lanes go on';
  return `the other lanes go on for about ${Math.ceil(secondsLeft / 60)} min, then they wait for the blocked one`;
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
