import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createUsageMetric } from './usage-metric.ts';
import { createDelayMetric } from './delay-metric.ts';
import { createExposedMatchQuality } from './match-quality-metrics.ts';
import { worst } from './lane-metrics.ts';
import type { LaneStatus } from '../core/lane-state.ts';

export const prefix = 'meta_actions_';

/**
 * Everything that is measured, by name: what it is called outside, what it says, and its labels.
 *
 * @param now Unix milliseconds.
 * @param lanes What every lane does.
 */
export function createInstruments(registry: Registry, now: () => number, lanes: () => readonly LaneStatus[]) {
  function counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers: [registry] });
  }
  /** @param aggregator What the workers of one run make of it together. */
  function gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    aggregator: 'sum' | 'max' | 'min',
  ): Gauge<L> {
    return new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      aggregator,
    });
  }

  const recordsRead = counter('records_read_total', 'Records read from the source.', ['topic']);
  const bytesRead = counter('read_bytes_total', 'Bytes of record values read from the source.', ['topic']);
  const recordsSettled = counter('records_settled_total', 'Records whose every delivery is final.', ['topic']);
  const names = ['destination', 'subscription', 'action'] as const;
  const matched = counter('matched_total', 'Events that a trigger selected.', names);
  const delivered = counter('delivered_total', 'Deliveries that Meta accepted.', names);
  const skipped = counter('skipped_total', 'Events not sent by a rule.', ['destination', 'subscription', 'reason']);
  const warned = counter('warnings_total', 'Things left out or doubtful in events that went.', [
    'destination',
    'subscription',
    'code',
    'field',
  ]);
  const deadLetters = counter('dead_letters_total', 'Records set aside, by reason.', [
    'destination',
    'subscription',
    'code',
  ]);
  const setAside = counter('set_aside_total', 'Records set aside, for whatever reason.', []);
  const bugs = counter('bugs_total', 'Records that the program failed on, each a dead letter: alert on any.', []);
  const batches = counter('batches_total', 'Batches closed, by what closed them.', ['destination', 'trigger']);
  const batchEvents = new Histogram({
    name: `${prefix}batch_deliveries`,
    help: 'Deliveries in a batch.',
    labelNames: ['destination'],
    buckets: [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000],
    registers: [registry],
  });
  const requests = new Histogram({
    name: `${prefix}request_duration_seconds`,
    help: 'Requests to Meta, by outcome.',
    labelNames: ['destination', 'outcome'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  const failures = counter('request_failures_total', 'Requests to Meta that failed, by code.', ['destination', 'code']);
  const retries = counter('retries_total', 'Requests repeated, by the code that led to it.', ['lane', 'code']);
  const throttled = counter('lane_throttled_total', 'Pauses because of rate limits.', ['lane']);
  const laneBlocked = new Gauge({
    name: `${prefix}lane_blocked`,
    help: '1 while a lane waits for a person to act.',
    labelNames: ['lane'],
    registers: [registry],
    aggregator: 'max',
    // What is told of a lane are changes of several things, of which one may end while another goes on.
    collect() {
      for (const { lane, state } of worst(lanes())) this.set({ lane }, state === 'blocked' ? 1 : 0);
    },
  });
  const usage = createUsageMetric(registry, `${prefix}usage_percent`, now);
  const ofPartition = ['topic', 'partition'] as const;
  const lag = gauge('consumer_lag_records', 'Records between what is committed and the end.', ofPartition, 'max');
  const bytesLeft = gauge(
    'source_left_bytes',
    'Bytes of a file between what is settled and its end.',
    ofPartition,
    'max',
  );
  const oldest = gauge('oldest_unsettled_seconds', 'Age of the oldest record that is not settled.', ofPartition, 'max');
  const delays = createDelayMetric(
    registry,
    `${prefix}delivery_delay_seconds`,
    "From a record's time (of a file: when it was last changed) until Meta had the delivery.",
  );
  const committed = gauge('committed_offset', 'The last committed offset.', ['topic', 'partition'], 'max');
  const commitFailures = counter('commit_failures_total', 'Commits that did not happen.', ['result']);
  for (const result of ['failed', 'fenced']) commitFailures.inc({ result }, 0);
  const paused = gauge(
    'partition_paused',
    '1 while reading of the partition is paused.',
    ['topic', 'partition'],
    'max',
  );
  const assigned = gauge(
    'partition_assigned',
    '1 while the partition belongs to this process.',
    ['topic', 'partition'],
    'max',
  );
  const handOver = gauge(
    'hand_over_waiting',
    '1 while changes of audiences wait for an earlier process.',
    ['topic', 'partition'],
    'max',
  );
  const inFlightRecords = gauge('in_flight_records', 'Records read and not settled.', [], 'sum');
  const inFlightBytes = gauge('in_flight_bytes', 'Bytes held for records in flight.', [], 'sum');
  const waitingForSchemas = gauge(
    'partitions_waiting_for_schemas',
    'Partitions that are not read on until the schema registry answers.',
    [],
    'sum',
  );
  const windowLeft = gauge(
    'window_left_seconds',
    'Time until a blocked lane will have filled what may be in flight, so that every lane waits.',
    [],
    'min',
  );
  windowLeft.set(Number.POSITIVE_INFINITY);
  const retentionLeft = gauge(
    'retention_left_seconds',
    'Time until the broker deletes a record that a blocked lane holds.',
    [],
    'min',
  );
  retentionLeft.set(Number.POSITIVE_INFINITY);
  const parked = counter('parked_total', 'Deliveries of blocked lanes written to a parking topic.', ['destination']);
  const parkedRecords = gauge('parked_records', 'Deliveries that wait in parking topics.', ['destination'], 'sum');
  const parkingFailures = counter('parking_write_failures_total', 'Writes to parking topics that failed.', [
    'destination',
  ]);
  const deadLetterFailures = counter('dead_letter_write_failures_total', 'Writes of dead letters that failed.', []);
  const warnings = counter('process_warnings_total', 'Warnings of the process, by code.', ['code']);
  const notifications = counter('notifications_total', 'Messages to the webhook, by result.', ['result']);
  for (const result of ['taken', 'failed']) notifications.inc({ result }, 0);

  const testEventCode = gauge(
    'test_event_code',
    '1 while the events of a subscription are marked as tests.',
    ['destination', 'subscription'],
    'max',
  );
  const versionDays = gauge(
    'api_version_days_left',
    'Days until Meta refuses the API version of a destination (graph: conversions, marketing: audiences); +Inf: unknown.',
    ['destination', 'api'],
    'min',
  );
  const reloads = counter('config_reloads_total', 'Reloads of the configuration, by result.', ['result']);
  for (const result of ['applied', 'refused']) reloads.inc({ result }, 0);
  const identified = createExposedMatchQuality(registry, prefix);

  return {
    recordsRead,
    bytesRead,
    recordsSettled,
    matched,
    delivered,
    skipped,
    warned,
    deadLetters,
    setAside,
    bugs,
    batches,
    batchEvents,
    requests,
    failures,
    retries,
    throttled,
    laneBlocked,
    usage,
    lag,
    bytesLeft,
    oldest,
    delays,
    committed,
    commitFailures,
    paused,
    assigned,
    handOver,
    inFlightRecords,
    inFlightBytes,
    waitingForSchemas,
    windowLeft,
    retentionLeft,
    parked,
    parkedRecords,
    parkingFailures,
    deadLetterFailures,
    warnings,
    notifications,
    testEventCode,
    versionDays,
    reloads,
    identified,
  };
}
