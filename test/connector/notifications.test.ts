import { expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { createNotifications } from '../../src/connector/notifications.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { proxyServer } from '../support/proxy-server.ts';

const parts = { clock: systemClock, random: () => 0 };

it('nobody is told, and nothing is observed, without an address', () => {
  const notifications = createNotifications({ settings: readSettings({}), ...parts });
  expect([notifications.isOn, notifications.observers]).toEqual([false, []]);
});

it('messages go through the proxy that is for them, and one that refuses is named by a code', async () => {
  const proxy = await proxyServer(() => 407);
  onTestFinished(proxy.close);
  const settings = readSettings({
    NOTIFY_URL: 'https://hooks.example/geheim',
    NOTIFY_INTERVAL_MS: '1000',
    HTTPS_PROXY: proxy.url,
  });
  const events: TelemetryEvent[] = [];
  const notifications = createNotifications({ settings, ...parts });
  onTestFinished(notifications.stop);
  const blocked = { kind: 'lane_blocked', subject: 'lane shop', code: 'META_190', message: 'It has expired.' } as const;
  notifications.start(() => [blocked], { emit: (event) => void events.push(event) });
  await expect.poll(() => events[0]).toMatchObject({ kind: 'notify_failed', changes: 1 });
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT hooks.example:443']));
  expect(JSON.stringify(events)).not.toMatch(/geheim|hooks\.example/);
});
