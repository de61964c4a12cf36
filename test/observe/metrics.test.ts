import { expect, it } from 'vitest';
import type { LaneStatus } from '../../src/core/lane-state.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { samplesOf } from '../support/exposition.ts';

const failure = { code: 'HTTP_502', message: 'Meta is not well.' };
const common = { destination: 'shop', waiting: 0 };

async function exposed(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  const { text } = await metrics.expose();
  return samplesOf(text).map(({ name, labels, value }) => `${name} ${Object.values(labels).join(' ')} ${value}`);
}

it('shows what each lane does at the moment of asking, the worst of those with one name, and nothing of lanes that are gone', async () => {
  let lanes: readonly LaneStatus[] = [
    {
      lane: 'shop',
      kind: 'conversions',
      ...common,
      state: 'retrying',
      since: 40_000,
      failure,
      othersGetThrough: false,
    },
    { lane: 'audience 7', kind: 'audience', ...common, state: 'throttled', until: 160_000, failure },
    { lane: 'audience 7', kind: 'search', ...common, state: 'running' },
  ];
  const metrics = createMetrics({ processMetrics: false, lanes: () => lanes, now: () => 100_000 });
  const samples = await exposed(metrics);
  expect(samples).toContain('lane_state shop retrying 1');
  expect(samples).toContain('lane_state shop running 0');
  expect(samples).toContain('lane_trouble_seconds shop retrying HTTP_502 60');
  expect(samples).toContain('lane_state audience 7 throttled 1');
  expect(samples).toContain('lane_state audience 7 running 0');
  expect(samples).toContain('lane_throttle_left_seconds audience 7 60');
  lanes = [{ lane: 'shop', kind: 'conversions', ...common, state: 'running' }];
  const later = await exposed(metrics);
  expect(later.filter((sample) => /^lane_(?:state|trouble|throttle)/.test(sample))).toEqual([
    'lane_state shop running 1',
    'lane_state shop throttled 0',
    'lane_state shop retrying 0',
    'lane_state shop paused 0',
    'lane_state shop blocked 0',
  ]);
});

it('calls a lane blocked for as long as it is, whatever pauses and ends beside that', async () => {
  let lanes: readonly LaneStatus[] = [
    { lane: 'shop', kind: 'conversions', ...common, state: 'blocked', since: 40_000, failure },
  ];
  const metrics = createMetrics({ processMetrics: false, lanes: () => lanes, now: () => 100_000 });
  metrics.record({ kind: 'lane_blocked', lane: 'shop', failure, nextProbeMillis: 5_000 });
  metrics.record({ kind: 'lane_throttled', lane: 'shop', failure, waitMillis: 5_000 });
  metrics.record({ kind: 'lane_opened', lane: 'shop' });
  expect(await exposed(metrics)).toContain('lane_blocked shop 1');
  metrics.record({ kind: 'lane_blocked', lane: 'shop', failure, nextProbeMillis: 5_000 });
  lanes = [{ lane: 'shop', kind: 'conversions', ...common, state: 'throttled', until: 160_000, failure }];
  expect(await exposed(metrics)).toContain('lane_blocked shop 0');
});

it('forgets a rate-limit usage once Meta would count it no more', async () => {
  let now = 0;
  const metrics = createMetrics({ processMetrics: false, now: () => now });
  metrics.record({ kind: 'usage', lane: 'shop', percent: 91 });
  now = 299_000;
  expect(await exposed(metrics)).toContain('usage_percent shop 91');
  now = 301_000;
  expect((await exposed(metrics)).filter((sample) => sample.startsWith('usage_percent'))).toEqual([]);
});

it('shows many codes of answers as one more, and codes of its own always', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const fail = (code: string) => {
    const failure = { code, message: '' };
    const request = { destination: 'shop', lane: 'shop', deliveries: 1, bytes: 1, durationMillis: 1 };
    metrics.record({ kind: 'request_finished', ...request, outcome: 'rejected', failure });
    metrics.record({ kind: 'retry_scheduled', lane: 'shop', waitMillis: 1, failure });
    const record = { topic: 't', partition: 0, offset: 1 };
    metrics.record({ kind: 'dead_letter', destination: 'shop', subscription: 's', ...failure, ...record });
  };
  fail('META_100_2804003');
  for (let code = 10_000; code < 10_300; code += 1) fail(`META_${code}`);
  fail('META_100_2804003');
  fail('NETWORK_RESET');
  const samples = await exposed(metrics);
  const values = (name: string) => samples.filter((sample) => sample.startsWith(`${name} `));
  for (const name of ['request_failures_total', 'retries_total', 'dead_letters_total']) {
    expect(values(name).length).toBeLessThan(250);
  }
  expect(samples).toContain('request_failures_total shop META_100_2804003 2');
  expect(samples).toContain('request_failures_total shop META_OTHERS 101');
  expect(samples).toContain('request_failures_total shop NETWORK_RESET 1');
});

it('adds delays up in the classes of a histogram', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const none = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  metrics.record({ kind: 'delays', destination: 'shop', counts: [3, 1, ...none, 1], sumMillis: 2_500 });
  metrics.record({ kind: 'delays', destination: 'shop', counts: [1, 0, ...none, 0], sumMillis: 100 });
  const samples = await exposed(metrics);
  expect(samples).toContain('delivery_delay_seconds_bucket shop 0.5 4');
  expect(samples).toContain('delivery_delay_seconds_bucket shop 1 5');
  expect(samples).toContain('delivery_delay_seconds_bucket shop 604800 5');
  expect(samples).toContain('delivery_delay_seconds_bucket shop +Inf 6');
  expect(samples).toContain('delivery_delay_seconds_count shop 6');
  expect(samples).toContain('delivery_delay_seconds_sum shop 2.6');
});

it('says which version runs, and brings figures up to date before it shows them', async () => {
  const metrics = createMetrics({
    processMetrics: false,
    version: '1.2.3',
    refresh: () => metrics.record({ kind: 'in_flight', records: 7, bytes: 9 }),
  });
  const samples = await exposed(metrics);
  expect(samples).toContain(`build_info 1.2.3 ${process.version} 1`);
  expect(samples).toContain('in_flight_records  7');
});
