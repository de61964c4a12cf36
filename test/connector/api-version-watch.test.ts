import { expect, test } from 'vitest';
import { createApiVersionWatch } from '../../src/connector/api-version-watch.ts';
import type { Destination } from '../../src/core/subscription.ts';
import { loadText } from '../config/load-text.ts';
import { recorder, virtualClock } from '../delivery/fakes.ts';

const dayMillis = 24 * 3_600_000;

function destination(name: string, apiVersion: string): Destination {
  const settings = { pixel_id: '1', access_token: { $env: 'TOKEN' }, api_version: apiVersion };
  const subscriptions = [
    { name: 'Orders', action: 'purchase' },
    { name: 'Members', action: 'sync-audience', trigger: 'type = "identify"', mapping: { audience_id: '7' } },
  ];
  const loaded = loadText(JSON.stringify({ name, settings, subscriptions })).destination;
  if (loaded === undefined) throw new Error('the destination is wrong');
  return loaded;
}

function setUp(day: string) {
  const clock = virtualClock(Date.parse(`${day}T12:00:00Z`));
  const telemetry = recorder();
  const watch = createApiVersionWatch({ clock, telemetry });
  const warnings = () => telemetry.events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
  const days = (api: string) => telemetry.events.findLast((event) => event.kind === 'api_version' && event.api === api);
  return { clock, telemetry, watch, warnings, days };
}

test('a connector that runs for months warns 90, 30 and 7 days before the end and when it has come, once each', async () => {
  const { clock, watch, warnings, days } = setUp('2026-11-01');
  watch.take([destination('shop', 'v25.0')]);
  watch.start();
  expect(warnings()).toEqual([]);
  expect(days('marketing')).toMatchObject({ destination: 'shop', daysLeft: 114 });
  await clock.advance(130 * dayMillis);
  const told = warnings();
  expect(told.map((text) => /in (\d+) days|(since)/.exec(text)?.slice(1).find(Boolean))).toEqual([
    '90',
    '30',
    '7',
    'since',
  ]);
  expect(told[0]).toMatch(/^destination shop: .*audiences.*v25\.0 from 2027-02-23.*: set "api_version" to v27\.0/);
  expect(days('marketing')).toMatchObject({ daysLeft: -16 });
  expect(days('graph')).toMatchObject({ daysLeft: expect.any(Number) });
  watch.stop();
});

test('the start warns of an end that is near, and a reload with another version ends that', async () => {
  const { clock, watch, warnings, days } = setUp('2026-11-29');
  watch.take([destination('shop', 'v24.0')]);
  watch.start();
  expect(warnings()).toHaveLength(1);
  watch.take([destination('shop', 'v24.0')]);
  expect(warnings()).toHaveLength(1);
  watch.take([destination('shop', 'v27.0')]);
  await clock.advance(400 * dayMillis);
  expect(warnings()).toHaveLength(1);
  expect(days('marketing')).toMatchObject({ daysLeft: Number.POSITIVE_INFINITY });
  watch.stop();
});

test('a destination that is removed is told of no more', () => {
  const { watch, telemetry } = setUp('2026-11-29');
  watch.take([destination('shop', 'v25.0')]);
  watch.take([]);
  expect(telemetry.events.slice(-2)).toEqual([
    { kind: 'api_version', destination: 'shop', api: 'graph' },
    { kind: 'api_version', destination: 'shop', api: 'marketing' },
  ]);
});

test('nothing is looked at after the stop', async () => {
  const { clock, watch, telemetry } = setUp('2026-11-29');
  watch.take([destination('shop', 'v26.0')]);
  watch.start();
  watch.stop();
  const before = telemetry.events.length;
  await clock.advance(400 * dayMillis);
  expect(telemetry.events).toHaveLength(before);
});
