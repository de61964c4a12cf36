import { expect, test } from 'vitest';
import type { LaneStatus } from '../../src/core/lane-state.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createMetrics, type MetricValues } from '../../src/observe/metrics.ts';
import { createSupervisorMetrics } from '../../src/workers/supervisor-metrics.ts';
import { samplesOf } from '../support/exposition.ts';

const now = () => 1_000_000;

/** What a worker that was told of these events would answer. */
function worker(...events: readonly TelemetryEvent[]): Promise<MetricValues> {
  const metrics = createMetrics({ processMetrics: false, lanes: () => [], ready: () => true, version: '1', now });
  for (const event of events) metrics.record(event);
  return metrics.values();
}

function supervisor(lanes: readonly LaneStatus[] = []) {
  return createSupervisorMetrics({
    version: '1',
    now,
    states: () => ['running', 'restarting'],
    lanes: () => lanes,
    ready: () => false,
  });
}

async function figuresOf(metrics: ReturnType<typeof supervisor>, workers: readonly MetricValues[]) {
  const { text } = await metrics.expose(workers);
  const samples = samplesOf(text);
  return (name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples
      .filter((each) => each.name === name && Object.entries(labels).every(([key, of]) => each.labels[key] === of))
      .map(({ value }) => value);
}

const read = (count: number): TelemetryEvent => ({ kind: 'records_read', topic: 'orders', count, bytes: count * 10 });
const requested = (durationMillis: number): TelemetryEvent => ({
  kind: 'request_finished',
  destination: 'shop',
  lane: 'shop',
  outcome: 'delivered',
  durationMillis,
  deliveries: 1,
  bytes: 100,
});

test('counters and histograms are summed', async () => {
  const of = await figuresOf(supervisor(), [
    await worker(read(3), requested(50)),
    await worker(read(4), requested(500)),
  ]);
  expect(of('records_read_total', { topic: 'orders' })).toEqual([7]);
  expect(of('request_duration_seconds_count')).toEqual([2]);
  expect(of('request_duration_seconds_bucket', { le: '0.1' })).toEqual([1]);
});

test('what a worker had counted stays when it has ended, once', async () => {
  const metrics = supervisor();
  metrics.keep(await worker(read(3), { kind: 'in_flight', records: 9, bytes: 90 }));
  metrics.keep(await worker(read(2)));
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const of = await figuresOf(metrics, [await worker(read(4), { kind: 'in_flight', records: 1, bytes: 10 })]);
    expect(of('records_read_total', { topic: 'orders' })).toEqual([9]);
    expect(of('in_flight_records')).toEqual([1]);
  }
});

test('gauges add up by what they mean', async () => {
  const of = await figuresOf(supervisor(), [
    await worker(
      { kind: 'in_flight', records: 5, bytes: 50 },
      { kind: 'window', secondsLeft: 60 },
      { kind: 'partition_assigned', topic: 'orders', partition: 0, position: 0 },
      { kind: 'lag', topic: 'orders', partition: 0, left: 12, unit: 'records', oldestMillis: 1_000 },
    ),
    await worker(
      { kind: 'in_flight', records: 7, bytes: 70 },
      { kind: 'partition_assigned', topic: 'orders', partition: 0, position: 0 },
      { kind: 'partition_lost', topic: 'orders', partition: 0 },
    ),
  ]);
  expect(of('in_flight_records')).toEqual([12]);
  expect(of('window_left_seconds')).toEqual([60]);
  expect(of('partition_assigned', { partition: '0' })).toEqual([1]);
  expect(of('consumer_lag_records', { partition: '0' })).toEqual([12]);
});

test('readiness, build and workers are told once', async () => {
  const of = await figuresOf(supervisor(), [await worker(), await worker()]);
  expect(of('ready')).toEqual([0]);
  expect(of('build_info')).toEqual([1]);
  expect(of('workers', { state: 'running' })).toEqual([1]);
  expect(of('workers', { state: 'restarting' })).toEqual([1]);
});

test('of the same lane in two workers the one that is worse off counts', async () => {
  const lane = { lane: 'shop', destination: 'shop', kind: 'conversions', waiting: 0 } as const;
  const failure = { code: 'META_2', message: 'later' };
  const of = await figuresOf(
    supervisor([
      { ...lane, state: 'running' },
      { ...lane, state: 'retrying', since: 900_000, failure, othersGetThrough: false },
    ]),
    [],
  );
  expect(of('lane_state', { state: 'running' })).toEqual([0]);
  expect(of('lane_state', { state: 'retrying' })).toEqual([1]);
  expect(of('lane_trouble_seconds')).toEqual([100]);
});
