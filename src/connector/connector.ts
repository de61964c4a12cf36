import { createAudiencePort } from './audience-sinks.ts';
import { proxiesOf, shownProxies } from '../config/proxies.ts';
import { packageVersion } from '../config/build-info.ts';
import { createActiveDestinations, reload } from './active-destinations.ts';
import { createApiVersionWatch } from './api-version-watch.ts';
import { conditionsOf } from './conditions.ts';
import type { Connector, ConnectorOptions } from './connector-types.ts';
import { createConversionSink } from './conversion-sinks.ts';
import { createInside } from './create-inside.ts';
import { inTurn } from '../core/in-turn.ts';
import type { Destination } from '../core/subscription.ts';
import { createCredentialsWatch } from '../delivery/credentials-watch.ts';
import type { Gate } from '../delivery/gate.ts';
import { createPeers } from '../delivery/peers.ts';
import { createThrottleScopes } from '../delivery/throttle-scopes.ts';
import { graphClient } from '../meta/graph-client.ts';
import { createLogger } from '../observe/log.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { OpsServer } from '../observe/ops-server.ts';
import { createRunTotals } from '../observe/run-totals.ts';
import { createTelemetry } from '../observe/telemetry.ts';
import { checkOwnership, handOverMillis, leaseFor } from './partition-ownership.ts';
import { withPersonKeys } from '../people/person-keys.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { createDeadLetterQueue, createParkingStore, createSource, deadLetterPlace, sourcePlace } from './endpoints.ts';
import { degradedTexts, laneStates } from './lane-states.ts';
import { createNotifications } from './notifications.ts';
import { opsServerFor } from './ops-service.ts';
import { countriesOf, readingOf } from './people-reading.ts';
import { createRecordDecoding } from './record-decoding.ts';
import { blockedLanes, readiness, writeFailureTexts } from './readiness.ts';
import { createTracing } from '../tracing/tracing.ts';
import { systemClock } from './system-clock.ts';
import { createTokenWatch } from './token-watch.ts';
import { unreadTopicTexts } from './unread-topics.ts';

/** Sockets for audiences: each audience has one request under way. */
const audienceConnections = 8;
/** Room for lanes that a reload adds: they get sockets of their own. */
const lanesToCome = 16;

/**
 * Creates a connector: what `meta-actions run` runs, as an object. It reads, sends and listens only from `start` on.
 *
 * @example
 * const connector = createConnector({
 *   settings: readSettings(process.env),
 *   destinations: [await loadDestination('mappings/shop.json')],
 *   source: 'file:events.ndjson',
 * });
 * await connector.start();
 * await connector.finished();
 * await connector.stop();
 *
 * @throws ConnectorError whose message names the setting at fault.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const { settings, destinations } = options;
  let configured = destinations;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const metrics = createMetrics({
    // One that runs inside of another is not asked for those, and its observers would outlive it.
    processMetrics: options.replay?.inside === undefined,
    version: packageVersion(),
    lanes: () => lanes(),
    ready: () => reasons().length === 0,
    refresh: () => pipeline.report(),
    now: clock.now,
  });
  const totals = createRunTotals();
  const log = createLogger(settings.LOG_LEVEL);
  const { group } = sourcePlace(options);
  const notifications = createNotifications({ settings, clock, random, ...(group !== undefined && { group }) });
  const observers = [totals, ...notifications.observers, ...(options.observers ?? [])];
  const telemetry = createTelemetry(log, metrics, ...observers);
  const firstMillis = settings.META_THROTTLE_PAUSE_MS;
  const scopes = createThrottleScopes(clock, { firstMillis, longestMillis: 15 * firstMillis });
  const gates = new Set<Gate>();
  const paused = new Set<string>();
  // Not while it is taken away: what was held of it ends.
  const isPaused = (destination: string) => paused.has(destination) && pipeline.holdOf(destination) !== undefined;
  const activeDestinations = createActiveDestinations(telemetry);
  const versions = createApiVersionWatch({ clock, telemetry });
  const tracing = createTracing(
    {
      graphUrl: settings.META_GRAPH_URL,
      ...(options.source === 'kafka' && { system: 'kafka' }),
      ...(group !== undefined && { group }),
    },
    packageVersion(),
  );
  const createClient = (connections: number) =>
    tracing.client(
      graphClient({
        baseUrl: settings.META_GRAPH_URL,
        proxies: proxiesOf(settings),
        requestTimeoutMillis: settings.META_REQUEST_TIMEOUT_MS,
        connections,
      }),
    );
  const client = createClient(settings.REQUESTS_PER_LANE * (destinations.length + lanesToCome));
  const tokens = createTokenWatch({ client, graphUrl: settings.META_GRAPH_URL, clock });
  const audienceClient = createClient(audienceConnections);
  const warn = (code: string, message: string) => telemetry.emit({ kind: 'warning', code, message });
  const decoding = createRecordDecoding(settings, clock, warn);
  const source = tracing.source(
    decoding.around(
      options.replay?.source ?? createSource(options, destinations, clock, warn, decoding),
      (partitions) => telemetry.emit({ kind: 'waiting_for_schemas', partitions }),
    ),
  );
  const parks = new Set(destinations.filter(isParking).map(({ name }) => name));
  const checked = (list: readonly Destination[]) => {
    for (const { name } of list.filter(isParking)) {
      if (!parks.has(name))
        warn(
          'PARKING_NEEDS_RESTART',
          `destination ${name} holds its deliveries until a restart creates its parking topic`,
        );
    }
    if (options.replay === undefined && options.source === 'kafka')
      for (const text of unreadTopicTexts(settings.KAFKA_TOPICS ?? [], list)) warn('TOPICS_UNREAD', text);
    return checkOwnership(source, settings, list);
  };
  const lease = leaseFor(source, settings, clock, audienceClient);
  const deadLetters =
    options.replay?.inside?.deadLetterQueue ??
    withPersonKeys(createDeadLetterQueue(options, clock, warn), {
      readOther: readingOf(decoding.options),
      countries: () => countriesOf(configured),
    });
  const deadLetterTarget = deadLetterPlace(options);
  const parking = options.replay === undefined ? createParkingStore(options, destinations, clock, warn) : undefined;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const createdAt = clock.monotonic();
  let alive = true;
  let stopping = false;
  let ops: OpsServer | undefined;

  const lanes = () => laneStates(pipeline, clock);
  const partitions = () => pipeline.partitions();
  const waits = () => source.waits?.() ?? [];
  const reasons = () => readiness(pipeline, source, { stopping, alive });

  const conversions = { client, clock, random, telemetry, scopes, peers: createPeers(), gates, isPaused, tracing };
  const pipeline = createPipeline({
    source,
    deadLetters,
    ...(parking !== undefined && { parking }),
    destinations,
    sinkFor: (destination) => createConversionSink(destination, conversions),
    audiences: createAudiencePort({
      client: audienceClient,
      clock,
      random,
      telemetry,
      scopes,
      destinationOf: activeDestinations.destinationOf,
      aliveMillis: settings.META_REQUEST_ALIVE_MS,
      handOverMillis: handOverMillis(source, settings),
      maxAudiences: settings.MAX_AUDIENCES,
      lease,
      gates,
      isPaused,
      tracing,
    }),
    // What is replayed was rejected before, which says nothing about the subscription as it is now.
    ...(options.replay !== undefined && {
      wants: options.replay.wants,
      scope: options.replay.scope,
      stopsOnRejections: false,
    }),
    decode: decoding.options,
    ...(options.watch !== undefined && { watch: options.watch }),
    clock,
    telemetry,
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

  const credentials = createCredentialsWatch({
    secrets: activeDestinations.secrets,
    needed: () => [...gates].some((gate) => gate.blockage() !== undefined),
    changed() {
      for (const gate of gates) gate.wake();
    },
  });

  const inside = createInside({
    ...{ clock, telemetry, source, pipeline, gates, paused, decoding, metrics, client, audienceClient, lanes, waits },
    deadLetterQueue: deadLetters,
    destinationOf: activeDestinations.destinationOf,
    state: () => ({ alive, stopping }),
  });

  const startOps = options.startOps ?? opsServerFor(options);
  const serveOps = () =>
    startOps({
      metrics,
      readiness: () => ({ reasons: reasons(), degraded: degradedTexts(lanes(), clock.now()) }),
      alive: () => alive,
      inside,
    });

  async function start(): Promise<void> {
    const proxies = shownProxies(settings);
    if (proxies.https !== undefined || proxies.http !== undefined) telemetry.emit({ kind: 'proxies', ...proxies });
    activeDestinations.activate(checked(destinations));
    versions.take(destinations);
    versions.start();
    if (options.replay?.inside === undefined) ops = await serveOps();
    if (stopping) return;
    credentials.start();
    if (options.replay === undefined && notifications.isOn) {
      tokens.take(destinations);
      tokens.start();
      const conditions = () => conditionsOf(lanes(), source, pipeline, versions.endings(), tokens.endings());
      notifications.start(conditions, telemetry);
    }
    lease.start();
    await pipeline.start();
    if (stopping) return;
    telemetry.emit({
      kind: 'started',
      version: packageVersion(),
      destinations: destinations.map(({ name }) => name),
      subscriptions: destinations.flatMap(({ name, subscriptions }) => subscriptions.map(({ id }) => `${name}/${id}`)),
      source: options.source,
      ...sourcePlace(options),
      deadLetters: deadLetterTarget,
      graph: new URL(settings.META_GRAPH_URL).origin,
      ops: ops?.url ?? '',
    });
  }

  async function stop(): Promise<boolean> {
    stopping = true;
    credentials.stop();
    versions.stop();
    tokens.stop();
    notifications.stop();
    const clean = await pipeline.stop(alive ? settings.SHUTDOWN_TIMEOUT_MS : 0);
    for (const gate of gates) gate.close();
    lease.stop();
    await Promise.all([client.close(), audienceClient.close()]);
    await ops?.close();
    const { startedAt: _, ...counts } = totals.totals();
    const seconds = Math.round((clock.monotonic() - createdAt) / 1_000);
    telemetry.emit({ kind: 'stopped', clean, seconds, ...counts });
    return clean;
  }

  const reloadInTurn = inTurn();
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
    finished: () => pipeline.finished(),
    failed: () => failure.promise,
    blocked: () => blockedLanes(pipeline, clock.monotonic()),
    waits: () => [...waits(), ...writeFailureTexts(pipeline)],
    deadLetters: deadLetterTarget,
    totals: totals.totals,
    lanes,
    partitions,
    resume: () => pipeline.resume(),
    writeDeadLetters: () => pipeline.writeDeadLetters(),
    reload: (load) =>
      // One that reads slowly must not put what it has read in the place of what was read after it.
      reloadInTurn(
        async () =>
          !stopping &&
          (await reload(async () => checked(await load()), {
            activeDestinations,
            telemetry,
            apply(next) {
              configured = next;
              versions.take(next);
              tokens.take(next);
              pipeline.reload(next);
            },
          })),
      ),
    stop: stopOnce,
  };
}

function isParking({ settings }: Destination): boolean {
  return settings.onBlocked === 'park';
}
