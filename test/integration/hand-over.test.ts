import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';

const audience = '120211';
const requestTimeoutMillis = 2_000;
const marginMillis = 3_500;
/** The embedded broker settles a rebalance only when the session is nearly over, so it can be as long there. */
const sessionMillis = 6_000;
const waitMillis = requestTimeoutMillis + marginMillis;

let sandbox: Sandbox;
let graph: string;
const processes: ConnectorProcess[] = [];

beforeEach(async () => {
  sandbox = createSandbox({ audiences: [{ id: audience, accountId: '77', name: 'gold' }] });
  graph = await sandbox.listen();
});
afterEach(async () => {
  for (const one of processes.splice(0)) {
    one.kill('SIGKILL');
    await one.exited;
  }
  await sandbox.close();
});

function start(more: readonly string[], environment: Readonly<Record<string, string>> = {}): ConnectorProcess {
  const mappings = audienceMappings({ batch: { linger_ms: 100 } }, { audience_id: audience });
  const one = startConnector({
    arguments: ['run', '--mappings', mappings, ...more],
    environment: {
      META_GRAPH_URL: graph,
      META_REQUEST_TIMEOUT_MS: String(requestTimeoutMillis),
      META_HAND_OVER_MARGIN_MS: String(marginMillis),
      ...environment,
    },
  });
  processes.push(one);
  return one;
}

const joins = (userId: string) => JSON.stringify({ type: 'track', event: 'new', userId });
const leaves = (userId: string) => JSON.stringify({ type: 'track', event: 'deleted', userId });

const members = () => [...sandbox.state.members(audience)].sort();
const rowRequests = () => sandbox.state.requests().filter(({ path }) => path.endsWith('/users'));

async function addFault(fault: object): Promise<void> {
  const answer = await fetch(`${graph}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  expect(answer.ok).toBe(true);
}

interface Line {
  readonly kind?: string;
  readonly time: string;
  readonly waitMillis?: number;
  readonly reason?: string;
}

function lines(one: ConnectorProcess, kind: string): readonly Line[] {
  const all = one.log().split('\n');
  return all
    .flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as Line] : []))
    .filter((line) => line.kind === kind);
}

/** Between the first lines of two kinds. */
function millisBetween(one: ConnectorProcess, from: string, to: string): number {
  const [first] = lines(one, from);
  const [last] = lines(one, to);
  if (first === undefined || last === undefined) expect.fail(`no ${from} or no ${to} in:\n${one.log()}`);
  return Date.parse(last.time) - Date.parse(first.time);
}

async function until(what: string, condition: () => boolean | Promise<boolean>, withinMillis = 120_000): Promise<void> {
  for (const end = Date.now() + withinMillis; !(await condition()); await sleep(50)) {
    if (Date.now() < end) continue;
    const logs = processes.map((one) => one.log()).join('\n--\n');
    throw new Error(`waited in vain until ${what}; members: ${members()}\n${logs}`);
  }
}

describe('a partition that changes hands', () => {
  let broker: TestBroker;
  let topic: string;
  let group: string;

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => broker?.stop());
  beforeEach(async () => {
    topic = uniqueName('hand-over');
    group = uniqueName('group');
    await createTopic(broker.brokers, topic, { partitions: 1 });
  });

  const startMember = () =>
    start([], {
      KAFKA_BROKERS: broker.brokers.join(','),
      KAFKA_TOPICS: topic,
      KAFKA_GROUP_ID: group,
      KAFKA_FROM: 'earliest',
      KAFKA_SESSION_TIMEOUT_MS: String(sessionMillis),
    });
  const send = (value: string) => produce(broker.brokers, topic, [{ partition: 0, value }]);
  const committed = async () => (await committedOffsets(broker.brokers, group, topic)).get(0);

  test('DELIVERY 24: what hangs in a process that stands still undoes nothing of its successor, nor does what it does when it goes on', async () => {
    const first = startMember();
    await first.ready();
    // Later than the successor gets the partition, and sooner than it has waited.
    const hangMillis = 8_000;
    await addFault({ kind: 'hang_then_apply', millis: hangMillis, times: 1, match: { path: '/users' } });
    await send(joins('ada'));
    await until('the first request hangs', () => rowRequests().length === 1);
    const hangsSince = Date.now();
    await send(leaves('ada'));
    await sleep(500);
    first.kill('SIGSTOP');

    const second = startMember();
    await until('the second process knows that it must wait', () => lines(second, 'hand_over_waits').length === 1);
    expect(lines(second, 'hand_over_waits')[0]).toMatchObject({ reason: 'not_clean' });
    await until('both changes are settled', async () => (await committed()) === 2);
    await until('the hanging request has been applied', () => Date.now() > hangsSince + hangMillis + 500);
    expect(members()).toEqual([]);
    expect(millisBetween(second, 'partition_assigned', 'hand_over_done')).toBeGreaterThan(waitMillis - 100);

    // What the first one had in its queue would put her out again.
    await send(joins('ada'));
    await until('she has joined again', () => members().length === 1);
    const before = rowRequests().length;
    first.kill('SIGCONT');
    await until('the first process has lost its partition', () => lines(first, 'partition_lost').length > 0);
    await sleep(1_000);
    expect(rowRequests().length).toBe(before);
    expect(members()).toEqual(['ada']);
  });

  test('DELIVERY 24: after a kill the next process waits; in a new group and after a stop it doesn’t', async () => {
    const first = startMember();
    await send(joins('ada'));
    await until('she has joined', () => members().length === 1);
    await until('it is committed', async () => (await committed()) === 1);
    expect(lines(first, 'hand_over_waits')).toEqual([]);
    first.kill('SIGKILL');
    await first.exited;

    await send(leaves('ada'));
    const second = startMember();
    await until('she has left', () => members().length === 0);
    expect(millisBetween(second, 'partition_assigned', 'hand_over_done')).toBeGreaterThan(waitMillis - 100);
    await until('it is committed', async () => (await committed()) === 2);
    second.kill('SIGTERM');
    expect(await second.exited).toBe(0);

    await send(joins('ada'));
    const third = startMember();
    await until('it has the partition', () => lines(third, 'partition_assigned').length > 0);
    await until('she has joined again', () => members().length === 1);
    expect(lines(third, 'hand_over_waits')).toEqual([]);
    expect(third.log()).not.toContain('ada');
  });

  test('DELIVERY 24: a stop is quick while changes wait', async () => {
    const first = startMember();
    await send(joins('ada'));
    await until('she has joined', () => members().length === 1);
    first.kill('SIGKILL');
    await first.exited;
    await send(leaves('ada'));
    const second = startMember();
    await until('changes wait', () => lines(second, 'hand_over_waits').length > 0);
    second.kill('SIGTERM');
    // Had it waited for them, it would have ended with 0, and she would be gone.
    expect(await second.exited).toBe(1);
    expect(members()).toEqual(['ada']);
  });
});

test('DELIVERY 24: settings that don’t fit are refused at the start, with their names', async () => {
  const one = start([], {
    KAFKA_BROKERS: '127.0.0.1:1',
    KAFKA_TOPICS: 'events',
    KAFKA_SESSION_TIMEOUT_MS: String(waitMillis),
  });
  expect(await one.exited).toBe(2);
  expect(one.log()).toMatch(/KAFKA_SESSION_TIMEOUT_MS .* META_REQUEST_TIMEOUT_MS .* META_HAND_OVER_MARGIN_MS/);
});

test('DELIVERY 24 and 36: a file is gone on with after the wait when the last run was killed, at once when it ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hand-over-file-'));
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, `${joins('ada')}\n`);
  const aliveMillis = waitMillis + 1_000;
  const run = () => start(['--source', `file:${file}`, '--once'], { META_REQUEST_ALIVE_MS: String(aliveMillis) });
  await addFault({ kind: 'hang', times: 1, match: { path: '/users' } });
  const killed = run();
  await until('its request hangs', () => rowRequests().length === 1);
  killed.kill('SIGKILL');
  await killed.exited;

  const second = run();
  expect(await second.exited, second.log()).toBe(0);
  expect(millisBetween(second, 'partition_assigned', 'hand_over_done')).toBeGreaterThan(aliveMillis - 100);
  expect(members()).toEqual(['ada']);

  appendFileSync(file, `${leaves('ada')}\n`);
  const third = run();
  expect(await third.exited, third.log()).toBe(0);
  expect(lines(third, 'hand_over_waits')).toEqual([]);
  expect(members()).toEqual([]);
});
