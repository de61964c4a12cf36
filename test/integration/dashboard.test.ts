import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { queryOf } from '../../scripts/dashboard.ts';
import { questions } from '../../scripts/dashboard-panels.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { startOpsServer } from '../../src/observe/ops-server.ts';
import { createSupervisorMetrics } from '../../src/workers/supervisor-metrics.ts';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { onPrometheus } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { openStage } from '../support/stage.ts';

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const rules = `groups: [{ name: one, rules: [{ alert: MetaActionsLaneBlocked, expr: meta_actions_lane_blocked > 0 }] }]`;

/** What takes a retention that a broker of tests doesn't have, the wait after a kill, and a worker that ends. */
async function whatTakesLong(): Promise<string> {
  const metrics = createMetrics({ processMetrics: false });
  metrics.record({ kind: 'retention', secondsLeft: 3600 });
  metrics.record({ kind: 'hand_over_waits', topic: 'orders', partition: 0, waitMillis: 35_000, reason: 'not_clean' });
  const readiness = () => ({ reasons: [], degraded: [] });
  const figures = { version: '1', now: Date.now, lanes: () => [], ready: () => true };
  const ofRun = createSupervisorMetrics({ ...figures, states: () => ['running', 'restarting'] });
  ofRun.restarted();
  const summed = { expose: async () => ofRun.expose([await metrics.values()]) };
  const server = await startOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: summed,
    readiness,
    alive: () => true,
    warn() {},
  });
  closing.push(() => server.close());
  return server.url;
}

test(
  'every query of the dashboard finds figures of connectors at work, of which some are in trouble',
  onPrometheus,
  async () => {
    const stage = await openStage({ audiences: [{ id: '33', accountId: '77', name: 'members' }] });
    closing.push(() => stage.close());
    const topic = uniqueName('dashboard');
    await createTopic(stage.broker.brokers, topic);

    stage.destination('shop', { pixel_id: '1111111111' }, [
      { name: 'Orders', action: 'purchase', mapping: { test_event_code: 'TEST1' } },
    ]);
    const members = { audience_id: '33', membership: true };
    stage.destination('people', { ad_account_id: '77' }, [
      { name: 'Buyers', action: 'sync-audience', trigger: 'type = "track"', mapping: members },
    ]);
    stage.destination('parks', { pixel_id: '2222222222', on_blocked: 'park' });
    // A version whose end Meta has named.
    stage.destination('holds', { pixel_id: '2222222222', api_version: 'v25.0' });
    stage.destination('waits', { pixel_id: '3333333333' });
    stage.destination('repeats', { pixel_id: '4444444444' });
    await stage.fault({ kind: 'token_expired', match: { path: '2222222222' } });
    await stage.fault({ kind: 'throttle', code: 80004, match: { path: '3333333333' } });
    await stage.fault({ kind: 'html_502', match: { path: '4444444444' } });
    const usage = JSON.stringify({ percent: 40 });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${stage.graph}/_sandbox/usage`, { method: 'POST', headers, body: usage })).ok).toBe(true);

    const small = { MAX_IN_FLIGHT_BYTES: '1048576' };
    const environments = { shop: {}, people: {}, parks: small, holds: {}, waits: { META_THROTTLE_PAUSE_MS: '600000' } };
    const connectors = Object.entries(environments).map(([name, more]) =>
      stage.start(topic, more, '--destination', name),
    );
    const file = join(stage.folder, 'orders.ndjson');
    writeFileSync(file, Buffer.concat([orderRecord('file', 1).value, Buffer.from('\n')]));
    connectors.push(stage.start(topic, {}, '--destination', 'repeats', '--source', `file:${file}`));
    await Promise.all(connectors.map(async (connector) => expect.poll(() => connector.opsUrl()).toBeDefined()));

    const addresses = [...connectors.map((connector) => connector.opsUrl() ?? ''), await whatTakesLong()];
    const prometheus = await startPrometheus(
      rules,
      addresses.map((url) => new URL(url).host),
    );
    closing.push(() => prometheus.stop());
    // Events go on all the time, as in a shop.
    const closed = new AbortController();
    const producing = (async () => {
      for (let next = 1; !closed.signal.aborted; next += 300) {
        const orders = Array.from({ length: 300 }, (_, index) => orderRecord(topic, next + index));
        // A telephone number that is none is left out, with a warning; a record without a value is skipped.
        const odd = { key: 'odd', value: orderRecord(topic, 1).value.toString().replace('+1 650 555 1212', '12') };
        await produce(stage.broker.brokers, topic, [...orders, odd, { key: 'gone', value: null }]);
        await sleep(1000);
      }
    })();
    closing.push(() => {
      closed.abort();
      return producing;
    });

    const missing = new Set(questions.flatMap(({ panels }) => panels.flatMap(({ queries }) => Object.values(queries))));
    await expect
      .poll(
        async () => {
          for (const query of missing) {
            if ((await prometheus.count(queryOf(query, 'job="meta-actions"', '30s'))) > 0) missing.delete(query);
          }
          return [...missing];
        },
        { interval: 500, timeout: 240_000 },
      )
      .toEqual([]);
  },
);
