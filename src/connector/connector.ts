import { audiencePort } from './audience-sinks.ts';
import { decodeSettings } from '../config/environment.ts';
import { configuration, reload } from './active-destinations.ts';
import { conversionsLane } from './conversion-sinks.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { credentialsWatch } from '../delivery/credentials-watch.ts';
import type { Gate } from '../delivery/gate.ts';
import { throttleScopes } from '../delivery/throttle-scopes.ts';
import { graphClient } from '../meta/graph-client.ts';
import { logger } from '../observe/log.ts';
import { metrics } from '../observe/metrics.ts';
import { opsServer } from '../observe/ops-server.ts';
import { telemetry } from '../observe/telemetry.ts';
import { checkOwnership, handOverMillis, leaseFor } from './partition-ownership.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import type { ReplayScope } from '../pipeline/route/plan.ts';
import { deadLettersOf, type Places, parkingOf, sourceOf } from './endpoints.ts';
import { type BlockedLane, blockedLanes, readiness } from './readiness.ts';
import { systemClock } from './system-clock.ts';

export interface ConnectorOptions extends Places {
  readonly destinations: readonly Destination[];
  /** Instead of `source`: records that come back, each for the parts that `wants` names. */
  readonly replay?: ReplayParts;
  /** Hear of everything that happens, besides log and metrics. */
  readonly observers?: readonly Telemetry[];
  readonly clock?: Clock;
  readonly random?: Random;
}

interface ReplayParts {
  readonly source: Source;
  readonly scope: ReplayScope;
  wants(record: SourceRecord, part: string): boolean;
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
  blocked(): readonly BlockedLane[];
  /** Something was mended, perhaps: what is blocked tries at once, and what was kept for a person to look at goes on. */
  resume(): void;
  /**
   * Puts other destinations in force while records flow: `Pipeline.reload`. What `load` rejects with is logged, and
   * nothing changes then. True: they are in force.
   */
  reload(load: () => Promise<readonly Destination[]>): Promise<boolean>;
  /** True when everything that was read is settled and committed. A second call gets the answer of the first. */
  stop(): Promise<boolean>;
}

/** Sockets for audiences: each audience has one request under way. */
const audienceConnections = 8;
/** Lanes that a reload may add without having to share sockets. */
const lanesToCome = 16;

export function createConnector(options: ConnectorOptions): Connector {
  const { settings, destinations } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const measured = metrics({ processMetrics: true });
  const log = logger(settings.LOG_LEVEL);
  const told = telemetry(log, measured, ...(options.observers ?? []));
  const firstMillis = settings.META_THROTTLE_PAUSE_MS;
  const scopes = throttleScopes(clock, { firstMillis, longestMillis: 15 * firstMillis });
  const gates = new Set<Gate>();
  const inForce = configuration(told);
  const clientOf = (connections: number) =>
    graphClient({
      baseUrl: settings.META_GRAPH_URL,
      requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
      connections,
    });
  const client = clientOf(settings.REQUESTS_PER_LANE * (destinations.length + lanesToCome));
  const audienceClient = clientOf(audienceConnections);
  const warn = (code: string, message: string) => told.emit({ kind: 'warning', code, message });
  const source = options.replay?.source ?? sourceOf(options, destinations, clock, warn);
  const parks = new Set(destinations.filter(isParking).map(({ name }) => name));
  const checked = (list: readonly Destination[]) => {
    for (const { name } of list.filter(isParking)) {
      if (!parks.has(name))
        warn('PARKING_NEEDS_RESTART', `destination ${name} holds until a restart makes its parking topic`);
    }
    return checkOwnership(source, settings, list);
  };
  const lease = leaseFor(source, settings, clock, audienceClient);
  const deadLetters = deadLettersOf(options, clock, warn);
  const place = options.replay === undefined ? parkingOf(options, destinations, clock, warn) : undefined;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let alive = true;
  let stopping = false;
  let ops: Awaited<ReturnType<typeof opsServer>> | undefined;

  const pipe = createPipeline({
    source,
    deadLetters,
    ...(place !== undefined && { parking: place }),
    destinations,
    sinkFor: (destination) => conversionsLane(destination, { client, clock, random, telemetry: told, scopes, gates }),
    audiences: audiencePort({
      client: audienceClient,
      clock,
      random,
      telemetry: told,
      scopes,
      destinationOf: inForce.destinationOf,
      aliveMillis: settings.META_REQUEST_ALIVE_MS,
      handOverMillis: handOverMillis(source, settings),
      lease,
      gates,
    }),
    // What is replayed was rejected before: it says nothing about the subscription as it is now.
    ...(options.replay !== undefined && {
      wants: options.replay.wants,
      scope: options.replay.scope,
      watchesRejections: false,
    }),
    decode: decodeSettings(settings),
    clock,
    telemetry: told,
    limits: {
      maxInFlightBytes: settings.MAX_IN_FLIGHT_BYTES,
      maxInFlightRecordsPerPartition: settings.MAX_IN_FLIGHT_RECORDS,
      requestsPerLane: settings.REQUESTS_PER_LANE,
      conversionsLingerMillis: 500,
      commitIntervalMillis: settings.COMMIT_INTERVAL_MS,
      commitEveryRecords: 5000,
      retentionMarginMillis: settings.RETENTION_MARGIN_MS,
    },
    failed(error) {
      alive = false;
      failure.reject(error);
    },
  });

  const credentials = credentialsWatch({
    secrets: inForce.secrets,
    needed: () => [...gates].some((one) => one.blockage() !== undefined),
    changed() {
      for (const one of gates) one.wake();
    },
  });

  async function start(): Promise<void> {
    inForce.take(checked(destinations));
    ops = await opsServer({
      host: settings.OPS_HOST,
      port: settings.OPS_PORT,
      metrics: measured,
      readiness: () => readiness(pipe, source, { stopping, alive }),
      alive: () => alive,
    });
    if (stopping) return;
    credentials.start();
    lease.start();
    await pipe.start();
  }

  async function stop(): Promise<boolean> {
    stopping = true;
    credentials.stop();
    const clean = await pipe.stop(alive ? settings.SHUTDOWN_TIMEOUT_MS : 0);
    for (const one of gates) one.close();
    lease.stop();
    await Promise.all([client.close(), audienceClient.close()]);
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
    blocked: () => blockedLanes(pipe),
    resume: () => pipe.resume(),
    reload: async (load) =>
      !stopping &&
      (await reload(async () => checked(await load()), {
        configuration: inForce,
        telemetry: told,
        apply: pipe.reload,
      })),
    stop: stopOnce,
  };
}

function isParking({ settings }: Destination): boolean {
  return settings.onBlocked === 'park';
}
