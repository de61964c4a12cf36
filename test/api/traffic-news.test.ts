import { expect, test, vi } from 'vitest';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createTrafficNews } from '../../src/api/traffic/news.ts';
import { createTraffic, type Traffic } from '../../src/api/traffic/traffic.ts';

const names = { destination: 'shop', subscription: 'orders', action: 'purchase' };
const failure = { code: 'META_2', message: 'Meta is away' };
const events: readonly TelemetryEvent[] = [
  { kind: 'records_read', topic: 'a', count: 5, bytes: 10 },
  { kind: 'records_read', topic: 'b', count: 7, bytes: 10 },
  { kind: 'record_settled', topic: 'a', count: 3 },
  { kind: 'matched', ...names, count: 4 },
  { kind: 'matched', ...names, subscription: 'leads', count: 2 },
  { kind: 'sent', ...names, count: 4 },
  { kind: 'delivered', ...names, count: 3 },
  { kind: 'delivered', ...names, count: 1 },
  { kind: 'skipped', ...names, reason: 'consent', count: 2 },
  { kind: 'skipped', ...names, reason: 'trigger', count: 1 },
  ...[1, 2].map((offset): TelemetryEvent => {
    return { kind: 'dead_letter', ...names, code: 'TOO_OLD', message: 'too old', topic: 'a', partition: 0, offset };
  }),
  {
    kind: 'dead_letter',
    destination: '',
    subscription: '',
    code: 'NOT_JSON',
    message: 'no',
    topic: 'a',
    partition: 0,
    offset: 3,
  },
  { kind: 'retry_scheduled', lane: 'shop', failure, waitMillis: 5 },
  { kind: 'retry_scheduled', lane: 'shop', failure, waitMillis: 5 },
  { kind: 'lane_throttled', lane: 'shop', failure, waitMillis: 5 },
  { kind: 'usage', lane: 'shop', percent: 20 },
  { kind: 'usage', lane: 'shop', percent: 30 },
  { kind: 'api_version', destination: 'shop', api: 'graph', daysLeft: 12 },
  { kind: 'delays', destination: 'shop', counts: [1, 2, 0], sumMillis: 9 },
  { kind: 'delays', destination: 'shop', counts: [0, 1, 4], sumMillis: 9 },
  ...[1, 2].map((): TelemetryEvent => {
    const request = { deliveries: 1, bytes: 1, durationMillis: 1 };
    return { kind: 'request_finished', destination: 'shop', lane: 'shop', outcome: 'retry', ...request, failure };
  }),
];

const seen = (traffic: Traffic) => ({
  process: traffic.process,
  shop: traffic.destination('shop'),
  orders: traffic.subscription('shop', 'orders'),
  leads: traffic.subscription('shop', 'leads'),
  nowhere: traffic.subscription('', ''),
  lane: traffic.lane('shop'),
  days: traffic.versionDaysLeft('shop'),
  lastDeliveredAt: traffic.lastDeliveredAt,
});

test('what a process counts itself, and what another counts from its news, is the same', () => {
  const [own, other] = [createTraffic({ now: () => 5 }), createTraffic({ now: () => 5 })];
  const news = createTrafficNews();
  for (const event of events) {
    own.emit(event);
    news.emit(event);
  }
  const told = news.take([]);
  if (told === undefined) throw new Error('there are news');
  other.hear(structuredClone(told));
  expect(JSON.stringify(seen(other), numbersOfMaps)).toBe(JSON.stringify(seen(own), numbersOfMaps));
  expect(own.process).toMatchObject({ read: 12, settled: 3, matched: 6, delivered: 4, setAside: 3 });
  expect(told.events.length).toBeLessThan(events.length);
});

test('the API that ends first tells how long the version of a destination lasts, until a newer version has no end', () => {
  const traffic = createTraffic({ now: () => 5 });
  const told = (api: string, daysLeft?: number) => {
    traffic.emit({ kind: 'api_version', destination: 'shop', api, ...(daysLeft !== undefined && { daysLeft }) });
    return traffic.versionDaysLeft('shop');
  };
  expect([told('marketing', 8), told('graph', 600)]).toEqual([8, 8]);
  expect(told('marketing', Number.POSITIVE_INFINITY)).toBe(600);
  expect(told('graph')).toBeUndefined();
});

test('a rate-limit usage is told until Meta would count it no more', () => {
  let now = 1_000_000;
  const traffic = createTraffic({ now: () => now });
  traffic.emit({ kind: 'usage', lane: 'shop', percent: 91 });
  now += 299_000;
  expect(traffic.lane('shop').usagePercent).toBe(91);
  now += 2_000;
  expect(traffic.lane('shop').usagePercent).toBeUndefined();
});

test('the lanes that came last are counted, however many were there before', () => {
  const traffic = createTraffic({ now: () => 5 });
  const repeated = (lane: string) => traffic.emit({ kind: 'retry_scheduled', lane, failure, waitMillis: 5 });
  for (let at = 0; at <= 1_000; at += 1) {
    repeated(`audience ${at}`);
    if (at % 100 === 0) traffic.emit({ kind: 'usage', lane: 'audience 0', percent: 1 });
  }
  expect(['audience 0', 'audience 1', 'audience 1000'].map((lane) => traffic.lane(lane).retries)).toEqual([1, 0, 1]);
});

test('a second of the history is one, however late the timers of a busy process are', () => {
  vi.useFakeTimers();
  try {
    let now = 1_000_000;
    const traffic = createTraffic({ now: () => now });
    traffic.start(() => []);
    traffic.emit({ kind: 'matched', ...names, count: 7 });
    for (let time = 0; time < 100; time += 1) {
      now += 1_250;
      vi.advanceTimersByTime(1_000);
    }
    const seconds = traffic.history.last('matched', '10m');
    expect(seconds.length - seconds.indexOf(7)).toBe(125);
    traffic.stop();
  } finally {
    vi.useRealTimers();
  }
});

test('news are told once, and none are none', () => {
  const news = createTrafficNews();
  expect(news.take([{ id: '1', joins: 0, leaves: 0 }])).toBeUndefined();
  for (let time = 0; time < 1_000; time += 1) news.emit({ kind: 'matched', ...names, count: 2 });
  expect(news.take([{ id: '1', joins: 3, leaves: 0 }])).toEqual({
    events: [{ event: { kind: 'matched', ...names, count: 2_000 }, times: 1 }],
    audiences: [{ id: '1', joins: 3, leaves: 0 }],
  });
  expect(news.take([{ id: '1', joins: 3, leaves: 0 }])).toBeUndefined();
});

function numbersOfMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
