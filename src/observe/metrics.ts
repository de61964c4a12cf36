import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LaneStatus } from '../core/lane-state.ts';
import type { TelemetryEvent } from '../core/telemetry.ts';
import { createCodeLabels } from './code-labels.ts';
import { createInstruments, prefix } from './instruments.ts';
import { labelOf } from './lane-label.ts';
import { exposeLanes } from './lane-metrics.ts';
import { audienceMatchKeys, matchKeys, type SubscriptionQuality } from './match-quality.ts';

/** Prometheus metrics: base units, `_total` for counters, bounded labels; partitions only on lag and position. */
export interface Metrics {
  record(event: TelemetryEvent): void;
  /** How well events identify people, since the start. */
  matchQuality(): readonly SubscriptionQuality[];
  /** For whoever adds them to those of other processes. */
  values(): Promise<MetricValues>;
  /** The exposition text and its content type. */
  expose(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** All metrics at one moment. */
export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export interface MetricsOptions {
  /** Node's own: event loop, heap, garbage collection, descriptors. */
  readonly processMetrics: boolean;
  /** Absent: the metrics don't say what was built. */
  readonly version?: string;
  /** What every lane does, with times in Unix milliseconds. */
  readonly lanes?: () => readonly LaneStatus[];
  /** As `/readyz` says. */
  readonly ready?: () => boolean;
  /** Called before the metrics are shown: brings figures up to date that are told only now and then. */
  readonly refresh?: () => void;
  /** Unix milliseconds. Default: the machine's clock. */
  readonly now?: () => number;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  const now = options.now ?? Date.now;
  const instruments = createInstruments(registry, now, options.lanes ?? (() => []));
  const handlers = handlersFor(instruments);
  if (options.lanes !== undefined) exposeLanes(registry, prefix, options.lanes, now);
  if (options.ready !== undefined) exposeReady(registry, options.ready);
  if (options.version !== undefined) exposeBuild(registry, options.version);

  return {
    record(event) {
      (handlers[event.kind] as (event: TelemetryEvent) => void)(event);
    },
    matchQuality: instruments.identified.subscriptions,
    values() {
      options.refresh?.();
      return registry.getMetricsAsJSON();
    },
    async expose() {
      options.refresh?.();
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

type Handler<K extends TelemetryEvent['kind']> = (event: Extract<TelemetryEvent, { kind: K }>) => void;
type Handlers = { readonly [K in TelemetryEvent['kind']]: Handler<K> };

/** What each kind of event changes. */
function handlersFor(instruments: ReturnType<typeof createInstruments>): Handlers {
  const label = createCodeLabels();
  return {
    records_read(event) {
      instruments.recordsRead.inc({ topic: event.topic }, event.count);
      instruments.bytesRead.inc({ topic: event.topic }, event.bytes);
    },
    record_settled: (event) => instruments.recordsSettled.inc({ topic: event.topic }, event.count),
    matched: ({ destination, subscription, action, count }) =>
      instruments.matched.inc({ destination, subscription, action }, count),
    sent: () => undefined,
    delivered: ({ destination, subscription, action, count }) =>
      instruments.delivered.inc({ destination, subscription, action }, count),
    skipped: ({ destination, subscription, reason, count }) =>
      instruments.skipped.inc({ destination, subscription, reason }, count),
    warned: ({ destination, subscription, code, field }) =>
      instruments.warned.inc({ destination, subscription, code, field: topLevel(field) }),
    dead_letter({ destination, subscription, code }) {
      instruments.deadLetters.inc({ destination, subscription, code: label(code) });
      instruments.setAside.inc();
    },
    // A counter that isn't there before it counts has no increase when it does.
    started({ destinations }) {
      for (const destination of destinations) instruments.parkingFailures.inc({ destination }, 0);
    },
    stopped: () => undefined,
    bug: () => instruments.bugs.inc(),
    proxies: () => undefined,
    api_version({ destination, api, daysLeft }) {
      if (daysLeft === undefined) instruments.versionDays.remove({ destination, api });
      else instruments.versionDays.set({ destination, api }, daysLeft);
    },
    test_event_code: ({ destination, subscription, marked }) =>
      instruments.testEventCode.set({ destination, subscription }, marked ? 1 : 0),
    audit: () => undefined,
    identifiers_shown: () => undefined,
    config_reloaded: () => instruments.reloads.inc({ result: 'applied' }),
    config_refused: () => instruments.reloads.inc({ result: 'refused' }),
    identified: ({ destination, subscription, audience, statuses }) =>
      instruments.identified.add(destination, subscription, statuses, audience ? audienceMatchKeys : matchKeys),
    batch_closed(event) {
      instruments.batches.inc({ destination: event.destination, trigger: event.trigger });
      instruments.batchEvents.observe({ destination: event.destination }, event.deliveries);
    },
    request_finished({ destination, outcome, durationMillis, failure }) {
      instruments.requests.observe({ destination, outcome }, durationMillis / 1000);
      if (failure !== undefined) instruments.failures.inc({ destination, code: label(failure.code) });
    },
    retry_scheduled: (event) => instruments.retries.inc({ lane: labelOf(event), code: label(event.failure.code) }),
    lane_throttled: (event) => instruments.throttled.inc({ lane: labelOf(event) }),
    // Of a lane that is there it is asked again when the metrics are.
    lane_blocked: (event) => instruments.laneBlocked.set({ lane: labelOf(event) }, 1),
    lane_opened: (event) => instruments.laneBlocked.set({ lane: labelOf(event) }, 0),
    usage: (event) => instruments.usage.report(labelOf(event), event.percent),
    partition_assigned({ topic, partition }) {
      instruments.assigned.set({ topic, partition }, 1);
      instruments.recordsRead.inc({ topic }, 0);
      instruments.recordsSettled.inc({ topic }, 0);
    },
    partition_lost(event) {
      const labels = { topic: event.topic, partition: event.partition };
      instruments.assigned.set(labels, 0);
      instruments.lag.remove(labels);
      instruments.bytesLeft.remove(labels);
      instruments.oldest.remove(labels);
      instruments.committed.remove(labels);
      instruments.paused.remove(labels);
      instruments.handOver.remove(labels);
    },
    hand_over_waits: ({ topic, partition }) => instruments.handOver.set({ topic, partition }, 1),
    hand_over_done: ({ topic, partition }) => instruments.handOver.set({ topic, partition }, 0),
    partition_paused: ({ topic, partition }) => instruments.paused.set({ topic, partition }, 1),
    partition_resumed: ({ topic, partition }) => instruments.paused.set({ topic, partition }, 0),
    committed: ({ topic, partition, offset }) => instruments.committed.set({ topic, partition }, offset),
    commit_failed: ({ result }) => instruments.commitFailures.inc({ result }),
    dead_letters_failed: () => instruments.deadLetterFailures.inc(),
    in_flight(event) {
      instruments.inFlightRecords.set(event.records);
      instruments.inFlightBytes.set(event.bytes);
    },
    parking: () => undefined,
    parked: ({ destination, count }) => instruments.parked.inc({ destination }, count),
    parked_records: ({ destination, records }) => instruments.parkedRecords.set({ destination }, records),
    parking_failed: ({ destination }) => instruments.parkingFailures.inc({ destination }),
    waiting_for_schemas: ({ partitions }) => instruments.waitingForSchemas.set(partitions),
    window: ({ secondsLeft }) => instruments.windowLeft.set(secondsLeft),
    retention: ({ secondsLeft }) => instruments.retentionLeft.set(secondsLeft),
    lag({ topic, partition, left, unit, oldestMillis }) {
      const labels = { topic, partition };
      if (left !== undefined) (unit === 'bytes' ? instruments.bytesLeft : instruments.lag).set(labels, left);
      instruments.oldest.set(labels, oldestMillis / 1_000);
    },
    delays: (event) => instruments.delays.add(event),
    notified: () => instruments.notifications.inc({ result: 'taken' }),
    notify_failed: () => instruments.notifications.inc({ result: 'failed' }),
    warning: ({ code }) => instruments.warnings.inc({ code }),
  };
}

export function exposeReady(registry: Registry, ready: () => boolean): void {
  new Gauge({
    name: `${prefix}ready`,
    help: '1 while /readyz says ready.',
    registers: [registry],
    aggregator: 'omit',
    collect() {
      this.set(ready() ? 1 : 0);
    },
  });
}

export function exposeBuild(registry: Registry, version: string): void {
  const help = 'Always 1; the labels say what runs.';
  const labelNames = ['version', 'node'];
  const build = new Gauge({ name: `${prefix}build_info`, help, labelNames, registers: [registry], aggregator: 'omit' });
  build.set({ version, node: process.version }, 1);
}

/** The field without what is inside it: the names of an event's own members are nobody's label. */
function topLevel(field: string | undefined): string {
  return field?.split('.', 1)[0] ?? '';
}
