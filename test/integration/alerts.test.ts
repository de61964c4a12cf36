import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alerts, rulesFile } from '../../scripts/alerts.ts';
import { readSettings } from '../../src/config/environment.ts';
import type { Connector } from '../../src/connector/connector-types.ts';
import { createConnector } from '../../src/connector/connector.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { ConnectorError } from '../../src/core/errors.ts';
import type { LaneState } from '../../src/core/lane-state.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { startOpsServer } from '../../src/observe/ops-server.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { createSupervisorMetrics } from '../../src/workers/supervisor-metrics.ts';
import { onPrometheus } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';
import { type Prometheus, startPrometheus } from '../support/prometheus.ts';

const failure = { code: 'HTTP_502', message: 'Meta is not well.' };
const at = { topic: 'orders', partition: 0 };

interface Provocation {
  /** What happens twice a second besides a healthy process's work; `turn` counts. */
  readonly events?: (turn: number) => readonly TelemetryEvent[];
  readonly lane?: LaneState;
  readonly isReady?: boolean;
  /** The process is the supervisor of workers, of which one ends every other second. */
  readonly workersEnd?: true;
}

/** What is the matter with a process that one alert must fire for, and no other. */
const provocations: Readonly<Record<string, Provocation>> = {
  MetaActionsNotReady: { isReady: false },
  MetaActionsLaneBlocked: { lane: { state: 'blocked', since: Date.now(), failure } },
  MetaActionsWindowShort: { events: () => [{ kind: 'window', secondsLeft: 600 }] },
  MetaActionsRetentionShort: { events: () => [{ kind: 'retention', secondsLeft: 3_600 }] },
  MetaActionsParkingFails: {
    events: () => [{ kind: 'parking_failed', destination: 'shop', message: 'no broker', waitMillis: 500 }],
  },
  MetaActionsDeadLettersFail: {
    events: () => [{ kind: 'dead_letters_failed', message: 'the disk is full', waitMillis: 500 }],
  },
  MetaActionsOldRecords: {
    events: () => [{ kind: 'lag', ...at, left: 3, unit: 'records', oldestMillis: 1_200_000 }],
  },
  MetaActionsLagGrows: {
    events: (turn) => [{ kind: 'lag', ...at, left: 2_000 + 100 * turn, unit: 'records', oldestMillis: 800 }],
  },
  MetaActionsDeadLetters: {
    events: () =>
      Array.from({ length: 10 }, () => ({
        kind: 'dead_letter',
        destination: 'shop',
        subscription: 'Orders',
        code: 'CURRENCY_INVALID',
        message: 'no currency',
        ...at,
        offset: 1,
      })),
  },
  MetaActionsRetrying: { lane: { state: 'retrying', since: Date.now(), failure, othersGetThrough: false } },
  MetaActionsThrottled: { lane: { state: 'throttled', until: Date.now() + 3_600_000, failure } },
  MetaActionsUsageHigh: { events: () => [{ kind: 'usage', lane: 'shop', percent: 85 }] },
  MetaActionsSchemasMissing: { events: () => [{ kind: 'waiting_for_schemas', partitions: 2 }] },
  MetaActionsHandOverWaits: {
    events: () => [{ kind: 'hand_over_waits', ...at, waitMillis: 35_000, reason: 'not_clean' }],
  },
  MetaActionsCommitsFail: { events: () => [{ kind: 'commit_failed', result: 'failed', message: 'no broker' }] },
  MetaActionsBug: {
    events: (turn) => (turn % 4 === 0 ? [{ kind: 'bug', ...at, offset: 1, message: 'a bug' }] : []),
  },
  MetaActionsWorkerRestarts: { workersEnd: true },
  MetaActionsReloadRefused: {
    events: (turn) => (turn % 4 === 0 ? [{ kind: 'config_refused', message: 'shop.json:3:1' }] : []),
  },
  MetaActionsVersionEnds: {
    events: () => [{ kind: 'api_version', destination: 'shop', api: 'graph', daysLeft: 12 }],
  },
};

const healthy: readonly TelemetryEvent[] = [
  { kind: 'records_read', topic: at.topic, count: 50, bytes: 50_000 },
  { kind: 'record_settled', topic: at.topic, count: 50 },
  { kind: 'lag', ...at, left: 12, unit: 'records', oldestMillis: 900 },
  { kind: 'usage', lane: 'shop', percent: 20 },
  { kind: 'window', secondsLeft: Number.POSITIVE_INFINITY },
  { kind: 'api_version', destination: 'shop', api: 'graph', daysLeft: 300 },
  { kind: 'committed', ...at, offset: 12 },
];

const closing: (() => Promise<unknown>)[] = [];
let sandbox: Sandbox;
let prometheus: Prometheus | undefined;

/** A process as far as metrics show one: real metrics behind a real ops server. */
async function processWith({
  events,
  lane = { state: 'running' },
  isReady = true,
  workersEnd,
}: Provocation): Promise<string> {
  const ready = () => isReady;
  const lanes = () => [{ lane: 'shop', kind: 'conversions' as const, destination: 'shop', waiting: 0, ...lane }];
  const metrics = createMetrics({ processMetrics: false, ready, lanes });
  const ofRun = createSupervisorMetrics({ version: '1', now: Date.now, states: () => ['running'], lanes, ready });
  metrics.record({ kind: 'partition_assigned', ...at, position: 0 });
  const place = { source: 'kafka', topics: ['orders'], deadLetters: 'topic:letters', graph: '', ops: '' };
  metrics.record({ kind: 'started', version: '1', destinations: ['shop'], subscriptions: ['shop/Orders'], ...place });
  let turn = 0;
  const timer = setInterval(() => {
    for (const event of [...healthy, ...(events?.(turn) ?? [])]) metrics.record(event);
    if (workersEnd === true && turn % 4 === 0) ofRun.restarted();
    turn += 1;
  }, 500);
  const readiness = () => ({ reasons: [], degraded: [] });
  const exposed = workersEnd === true ? { expose: async () => ofRun.expose([await metrics.values()]) } : metrics;
  const server = await startOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: exposed,
    readiness,
    alive: () => true,
    warn() {},
  });
  closing.push(async () => {
    clearInterval(timer);
    await server.close();
  });
  return new URL(server.url).host;
}

interface RealTrouble {
  readonly pixel: string;
  /** How the sandbox misbehaves at this pixel. */
  readonly fault?: object;
  readonly orders?: number;
  readonly settings?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly subscriptions?: readonly object[];
  /** What happens once it runs. */
  trouble?(connector: Connector, folder: string): void;
  readonly alerts: readonly string[];
}

/** What a real connector, which reads orders from a file, tells of when it happens to it. */
const realTroubles: readonly RealTrouble[] = [
  {
    pixel: '2222222222',
    fault: { kind: 'token_expired' },
    alerts: ['MetaActionsLaneBlocked', 'MetaActionsNotReady'],
  },
  { pixel: '3333333333', fault: { kind: 'html_502' }, alerts: ['MetaActionsRetrying'] },
  {
    pixel: '4444444444',
    fault: { kind: 'throttle', code: 80004, regainMinutes: 30 },
    alerts: ['MetaActionsThrottled', 'MetaActionsUsageHigh'],
  },
  {
    pixel: '5555555555',
    fault: { kind: 'token_expired' },
    orders: 1_100,
    environment: { MAX_IN_FLIGHT_RECORDS: '1000' },
    alerts: ['MetaActionsLaneBlocked', 'MetaActionsNotReady', 'MetaActionsWindowShort'],
  },
  {
    pixel: '6666666666',
    trouble(connector) {
      const reload = () =>
        void connector.reload(async () => Promise.reject(new ConnectorError('MAPPING_INVALID', 'shop.json:3:1')));
      const timer = setInterval(reload, 1_000);
      closing.push(async () => clearInterval(timer));
    },
    alerts: ['MetaActionsReloadRefused'],
  },
  {
    pixel: '7777777777',
    // Ended for audiences on 2026-11-10.
    settings: { api_version: 'v24.0', ad_account_id: '77' },
    subscriptions: [
      { name: 'Members', action: 'sync-audience', trigger: 'type = "group"', mapping: { audience_id: '1' } },
    ],
    alerts: ['MetaActionsVersionEnds'],
  },
  {
    pixel: '8888888888',
    // Nothing listens there.
    environment: { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:9', SOURCES: 'sources.json' },
    alerts: ['MetaActionsNotReady', 'MetaActionsSchemasMissing'],
  },
  {
    pixel: '9999999999',
    environment: { COMMIT_INTERVAL_MS: '500' },
    // The position has nowhere to go.
    trouble: (_connector, folder) => rmSync(folder, { recursive: true }),
    alerts: ['MetaActionsCommitsFail'],
  },
  { pixel: '1111111111', alerts: [] },
];

async function connectorWith(
  { pixel, fault, orders = 1, settings, environment: more, subscriptions = [], trouble }: RealTrouble,
  graph: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  if (fault !== undefined) {
    const body = JSON.stringify({ ...fault, match: { path: pixel } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${graph}/_sandbox/faults`, { method: 'POST', headers, body });
    expect(answer.ok, await answer.text()).toBe(true);
  }
  const destination = {
    name: 'shop',
    settings: { pixel_id: pixel, access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings },
    subscriptions: [{ name: 'Orders', action: 'purchase' }, ...subscriptions],
  };
  writeFileSync(join(folder, 'shop.json'), JSON.stringify(destination));
  const lines = Array.from({ length: orders }, (_, index) => [orderRecord(pixel, index * 250 + 1).value, '\n']).flat();
  writeFileSync(join(folder, 'orders.ndjson'), Buffer.concat(lines.map((line) => Buffer.from(line))));
  const avro = Buffer.from([0, 0, 0, 0, 1, 2]).toString('base64');
  writeFileSync(join(folder, 'orders.b64'), `${avro}\n`);
  writeFileSync(join(folder, 'sources.json'), JSON.stringify({ topics: { '/^file:.*\\.b64$/': { format: 'auto' } } }));
  const environment = {
    META_ACCESS_TOKEN: 'a-token-for-tests',
    META_GRAPH_URL: graph,
    OPS_PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_TIMEOUT_MS: '500',
    ...more,
    ...(more?.['SOURCES'] !== undefined && { SOURCES: join(folder, more['SOURCES']) }),
  };
  const file = more?.['SOURCES'] === undefined ? 'orders.ndjson' : 'orders.b64';
  const connector: Connector = createConnector({
    settings: readSettings(environment),
    destinations: [await loadDestination(join(folder, 'shop.json'), { environment })],
    source: `file:${join(folder, file)}`,
  });
  await connector.start();
  closing.push(() => connector.stop());
  trouble?.(connector, folder);
  return new URL(connector.opsUrl()).host;
}

beforeAll(async () => {
  sandbox = createSandbox();
});
afterAll(async () => {
  await prometheus?.stop();
  await Promise.all(closing.map((close) => close()));
  await sandbox.close();
});

test('every alert that is documented has a provocation here', () => {
  expect(Object.keys(provocations).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test('each alert fires for the process that something is the matter with, and for no other', onPrometheus, async () => {
  const graph = await sandbox.listen();
  const expected = new Map<string, readonly string[]>();
  for (const [alert, provocation] of Object.entries(provocations)) {
    expected.set(await processWith(provocation), [alert]);
  }
  const quiet = [await processWith({})];
  for (const trouble of realTroubles) {
    const instance = await connectorWith(trouble, graph);
    if (trouble.alerts.length === 0) quiet.push(instance);
    else expected.set(instance, trouble.alerts);
  }

  // Ranges and times as long as a test can wait; the expressions are those of the file.
  const short = rulesFile(alerts, (duration) => (duration === '15m' ? '15s' : '5s'));
  const instances = [...expected.keys(), ...quiet];
  prometheus = await startPrometheus(short, instances);
  const { fired, scraped } = prometheus;
  await expect.poll(scraped).toBe(instances.length);
  await expect.poll(async () => [...(await fired()).entries()].sort()).toEqual([...expected].sort());
});
