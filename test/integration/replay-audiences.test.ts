import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  asAdmin,
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { lettersOnce } from '../support/letters-once.ts';
import { onApacheKafka } from '../support/needs.ts';
import { runProgram } from '../support/program.ts';

const audience = '120200000000000001';

let sandbox: Sandbox;
let graph: string;
const started: ConnectorProcess[] = [];

beforeEach(async () => {
  sandbox = createSandbox({ audiences: [{ id: audience, accountId: '77', name: 'crm' }] });
  graph = await sandbox.listen();
});
afterEach(async () => {
  for (const connector of started.splice(0)) connector.kill('SIGKILL');
  await sandbox.close();
});

interface Event {
  readonly type: string;
  readonly userId?: string;
}

const joins = (userId: string) => ({ type: 'track', event: 'new', userId });
const leaves = (userId: string) => ({ type: 'track', event: 'deleted', userId });
const list = (add: readonly string[], remove: readonly string[] = []) => ({
  type: 'track',
  event: 'list',
  properties: {
    userListAdd: add.map((EXTERN_ID) => ({ EXTERN_ID })),
    userListDelete: remove.map((EXTERN_ID) => ({ EXTERN_ID })),
  },
});

function mappings(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-audiences-'));
  const target = { audience_id: audience };
  const destination = {
    name: 'crm',
    settings: { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' }, batch: { linger_ms: 50 } },
    subscriptions: [
      { name: 'Rows', action: 'sync-audience', trigger: 'event in ["new", "deleted"]', mapping: target },
      { name: 'Lists', action: 'sync-audience-list', trigger: 'event = "list"', mapping: target },
    ],
  };
  writeFileSync(join(folder, 'crm.json'), JSON.stringify(destination));
  return folder;
}

/** Meta refuses rows with these values from now on. */
async function refuse(values: readonly string[]): Promise<void> {
  const body = JSON.stringify({ invalid: { values, reason: 'not to our liking' } });
  const answer = await fetch(`${graph}/_sandbox/audiences/${audience}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.ok).toBe(true);
}

const members = () => [...sandbox.state.members(audience)].sort();

const requests = () => sandbox.state.requests().filter(({ path }) => path.endsWith('/users'));
/**
 * Whom requests about members were about, without the first ones: external ids are sent as they are. One whose answer
 * came too late, on a busy machine, is sent again at once.
 */
const rowsSent = (without = 0) => {
  const sent = requests().slice(without);
  const rows = sent.map(({ method, body }) => `${method} ${body?.bytes.toString().match(/u-\d/g)?.join()}`);
  return rows.filter((row, at) => row !== rows[at - 1]);
};

describe('from a topic', () => {
  let broker: TestBroker;
  let topic: string;

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => broker?.stop());
  beforeEach(async () => {
    topic = uniqueName('members');
    await createTopic(broker.brokers, topic, { partitions: 4 });
  });

  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    KAFKA_BROKERS: broker.brokers.join(','),
    KAFKA_TOPICS: topic,
    KAFKA_GROUP_ID: topic,
    KAFKA_FROM: 'earliest',
    KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
    META_GRAPH_URL: graph,
    META_ACCESS_TOKEN: 'replay-token',
    META_REQUEST_TIMEOUT_MS: '2000',
    META_HAND_OVER_MARGIN_MS: '500',
    ...more,
  });
  const send = (...events: readonly Event[]) =>
    produce(
      broker.brokers,
      topic,
      events.map((event) => ({ key: event.userId ?? 'list', value: JSON.stringify(event) })),
    );
  const program = (...parameters: readonly string[]) =>
    runProgram([...parameters, '--mappings', mappings()], { environment: environment() });
  function start(more: Readonly<Record<string, string>> = {}): ConnectorProcess {
    const connector = startConnector({ arguments: ['run', '--mappings', mappings()], environment: environment(more) });
    started.push(connector);
    return connector;
  }
  async function runOnce(): Promise<void> {
    const { code, stderr } = await program('run', '--once');
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  }
  const letters = async () => {
    const read = lettersOnce(await readAll(broker.brokers, `${topic}.dead-letters`));
    return read.map(({ headers }) => headers['meta-actions.entries']?.toString());
  };

  test('rule 35: an add that fails, a remove that succeeds, then a replay: the user stays out', async () => {
    await refuse(['u-1', 'u-2', 'u-3', 'u-4']);
    await send(joins('u-1'), joins('u-2'), joins('u-3'), joins('u-4'), joins('u-5'));
    await runOnce();
    expect(members()).toEqual(['u-5']);
    await refuse(['u-4']);
    // The newer add fails too: its own letter is the newer wish.
    await send(leaves('u-1'), joins('u-4'));
    await runOnce();
    expect(await letters()).toHaveLength(5);
    await refuse([]);
    // Nobody has read it yet.
    await send(leaves('u-3'));

    const replayed = await program('replay', '--json');
    expect([replayed.code, replayed.code === 0 ? '' : replayed.stderr]).toEqual([0, '']);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ selected: 5, superseded: 3, replayed: 2, marked: 5 });
    expect(replayed.stderr).toContain('3 about audiences superseded by later records');
    expect(members()).toEqual(['u-2', 'u-4', 'u-5']);
  }, 240_000);

  test('rules 34 and 35: of a list only the entries that failed are sent, and of those the ones still wanted', async () => {
    await refuse(['u-1', 'u-3', 'u-4', 'u-8']);
    const users = Array.from({ length: 6 }, (_, index) => `u-${index}`);
    await send(list(users, ['u-7', 'u-8']));
    await runOnce();
    expect(await letters()).toEqual(['userListDelete[1] userListAdd[1,3-4]']);
    await refuse(['u-4']);
    await send(list([], ['u-3']));
    await runOnce();
    expect(members()).toEqual(['u-0', 'u-2', 'u-5']);

    const before = requests().length;
    const first = await program('replay', '--json');
    expect(JSON.parse(first.stdout)).toMatchObject({ replayed: 1, superseded: 0, delivered: 2, failedAgain: 1 });
    expect(members()).toEqual(['u-0', 'u-1', 'u-2', 'u-5']);
    expect(rowsSent(before)).toEqual(['DELETE u-8', 'POST u-1,u-4']);
    expect((await letters()).at(-1)).toBe('userListAdd[4]');

    await refuse([]);
    const between = requests().length;
    const second = await program('replay', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ replayed: 1, notReplayed: { already_replayed: 1 } });
    expect(rowsSent(between)).toEqual(['POST u-4']);
    expect(members()).toEqual(['u-0', 'u-1', 'u-2', 'u-4', 'u-5']);
  }, 240_000);

  test('rule 23: an add that timed out and lands late after the remove: the user ends out', async () => {
    const fault = { kind: 'hang_then_apply', millis: 1500, times: 1, match: { path: '/users', method: 'POST' } };
    await fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const connector = start({ META_REQUEST_TIMEOUT_MS: '300', META_REQUEST_ALIVE_MS: '3000' });
    await send(joins('u-1'));
    await until(() => requests().length > 1, connector);
    await send(leaves('u-1'));
    await until(async () => {
      const committed = await committedOffsets(broker.brokers, topic, topic);
      return [...committed.values()].reduce((sum, offset) => sum + offset, 0) >= 2;
    }, connector);
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
    expect(rowsSent()).toEqual(['POST u-1', 'DELETE u-1']);
    expect(requests()[0]?.fault).toBe('hang_then_apply');
    expect(members()).toEqual([]);
  });

  describe('on Apache Kafka', onApacheKafka, () => {
    test('rule 35: while the group runs letters about audiences are refused, unless forced', async () => {
      await refuse(['u-1']);
      await send(joins('u-1'));
      await runOnce();
      await refuse([]);
      const connector = start();
      await connector.ready();
      const refused = await program('replay', '--json');
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.stdout)).toMatchObject({ replayed: 0, notReplayed: { group_running: 1 } });
      expect(refused.stderr).toContain('consumer group has members');
      expect(members()).toEqual([]);
      const forced = await program('replay', '--force', '--json');
      expect([forced.code, JSON.parse(forced.stdout).delivered]).toEqual([0, 1]);
      expect(members()).toEqual(['u-1']);
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
    });

    test('rule 35: where the broker has deleted what came later, letters are refused, unless forced', async () => {
      await refuse(['u-1']);
      await send(joins('u-1'));
      await runOnce();
      await refuse([]);
      await send(joins('u-1'), leaves('u-1'));
      await asAdmin(broker.brokers, async (admin) => {
        const ranges = await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({
          topic,
          partitions: ranges.map(({ partition, high }) => ({ partition, offset: high === '3' ? '2' : high })),
        });
      });
      const refused = await program('replay', '--json');
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.stdout)).toMatchObject({ replayed: 0, notReplayed: { range_gone: 1 } });
      // What is left is looked at all the same.
      const forced = await program('replay', '--force', '--json');
      expect(JSON.parse(forced.stdout)).toMatchObject({ replayed: 0, superseded: 1 });
      expect(members()).toEqual([]);
    });
  });
});

describe('from a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-audience-files-'));
  });

  const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'replay-token' });
  const source = () => join(folder, 'rows.ndjson');
  const letters = () => join(folder, 'letters.ndjson');
  const append = (...events: readonly object[]) =>
    appendFileSync(source(), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const program = (...parameters: readonly string[]) =>
    runProgram([...parameters, '--mappings', mappings()], { environment: environment() });
  const replay = (...more: readonly string[]) => program('replay', '--from', `file:${letters()}`, '--json', ...more);
  async function runOnce(): Promise<void> {
    const at = ['--source', `file:${source()}`, '--dead-letters', `file:${letters()}`];
    const { code, stderr } = await program('run', '--once', ...at);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  }

  test('rule 35: what came later is looked for in the file, if it is named and is the one that was read', async () => {
    await refuse(['u-1', 'u-2']);
    append(joins('u-0'), joins('u-1'), list(['u-2', 'u-3']));
    await runOnce();
    expect(members()).toEqual(['u-0', 'u-3']);
    expect(readFileSync(letters(), 'utf8').trim().split('\n')).toHaveLength(2);
    append(leaves('u-1'));
    const unnamed = await replay();
    expect(unnamed.code).toBe(1);
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ replayed: 0, notReplayed: { source_unknown: 2 } });
    expect(unnamed.stderr).toContain('--source file:PATH');

    writeFileSync(`${source()}.offset.lock`, JSON.stringify({ pid: 1, started: 0, host: 'another' }));
    const running = await replay('--source', `file:${source()}`);
    expect(JSON.parse(running.stdout)).toMatchObject({ replayed: 0, notReplayed: { group_running: 2 } });
    rmSync(`${source()}.offset.lock`);

    const other = mkdtempSync(join(tmpdir(), 'other-file-'));
    writeFileSync(join(other, 'rows.ndjson'), `${JSON.stringify(joins('u-9'))}\n`);
    const changed = await replay('--source', `file:${join(other, 'rows.ndjson')}`);
    expect(JSON.parse(changed.stdout)).toMatchObject({ replayed: 0, notReplayed: { range_gone: 2 } });
    expect(members()).toEqual(['u-0', 'u-3']);

    // It fails again, for the same entry.
    const failed = await replay('--source', `file:${source()}`, '--subscription', 'Lists');
    expect(JSON.parse(failed.stdout)).toMatchObject({ replayed: 1, failedAgain: 1, marked: 1 });
    const errors = readFileSync(letters(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).error);
    expect(errors.map(({ entries, hops }) => [entries, hops])).toEqual([
      [undefined, undefined],
      ['userListAdd[0]', undefined],
      ['userListAdd[0]', 1],
    ]);
    await refuse([]);

    const dry = await replay('--source', `file:${source()}`, '--dry-run');
    const statuses = dry.stdout.trim().split('\n');
    expect(statuses.map((line) => JSON.parse(line))).toMatchObject([
      { status: 'superseded' },
      { status: 'ready', changes: 1 },
    ]);
    expect(members()).toEqual(['u-0', 'u-3']);

    const named = await replay('--source', `file:${source()}`);
    expect([named.code, named.code === 0 ? '' : named.stderr]).toEqual([0, '']);
    expect(JSON.parse(named.stdout)).toMatchObject({ replayed: 1, superseded: 1, delivered: 1, marked: 2 });
    expect(members()).toEqual(['u-0', 'u-2', 'u-3']);
    const again = await replay('--source', `file:${source()}`);
    expect([again.code, JSON.parse(again.stdout).notReplayed]).toMatchObject([0, { already_replayed: 3 }]);
  });
});

async function until(condition: () => boolean | Promise<boolean>, connector: ConnectorProcess): Promise<void> {
  while (!(await condition())) {
    const ended = await Promise.race([connector.exited, sleep(50, 'running')]);
    if (ended !== 'running') throw new Error(`the connector ended with ${ended}:\n${connector.log()}`);
  }
}
