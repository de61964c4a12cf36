import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { lettersOnce } from '../support/letters-once.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

const pixel = '1111111111';
const otherPixel = '2222222222';

describe('rule 37: SIGHUP reads the mappings again', () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;
  let running: ConnectorProcess[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => broker?.stop());
  beforeEach(async () => {
    sandbox = createSandbox({ audiences: [{ id: '33', accountId: '77', name: 'members' }] });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'reload-'));
  });
  afterEach(async () => {
    for (const connector of running) connector.kill('SIGKILL');
    await Promise.all(running.map(({ exited }) => exited));
    running = [];
    await sandbox.close();
  });

  function destination(name: string, settings: object, subscriptions: readonly object[] = [orders]): void {
    const text = JSON.stringify({ name, settings: { access_token: { $env: 'TOKEN' }, ...settings }, subscriptions });
    writeFileSync(join(folder, `${name}.json`), text);
  }
  const orders = { name: 'Orders', action: 'purchase' };
  const faults = (method: string, body?: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  async function eventsAt(wanted: string): Promise<readonly Record<string, unknown>[]> {
    const lines = (await (await fetch(`${graph}/_sandbox/events?ids=true`)).text()).split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).filter(({ dataset }) => dataset === wanted);
  }

  const environment = (topic: string) => ({
    KAFKA_BROKERS: broker.brokers.join(','),
    KAFKA_TOPICS: topic,
    KAFKA_GROUP_ID: topic,
    KAFKA_FROM: 'earliest',
    KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
    META_GRAPH_URL: graph,
    META_REQUEST_TIMEOUT_MS: '2000',
    META_HAND_OVER_MARGIN_MS: '500',
    TOKEN: 'a-token-that-works',
  });

  function start(topic: string, ...more: readonly string[]): ConnectorProcess {
    const connector = startConnector({
      arguments: ['run', '--mappings', folder, ...more],
      environment: environment(topic),
    });
    running.push(connector);
    return connector;
  }

  async function topicOf(count: number): Promise<string> {
    const topic = uniqueName('reload');
    await createTopic(broker.brokers, topic, { partitions: 4 });
    await send(topic, 0, count);
    return topic;
  }

  const send = (topic: string, from: number, to: number) => {
    const all = Array.from({ length: to + 20 }, (_, index) => orderRecord(topic, index));
    return produce(broker.brokers, topic, all.filter(({ eventId }) => eventId !== undefined).slice(from, to));
  };

  /** A producer that tries again on a new topic may write a record twice. */
  const written = async (topic: string) => (await readAll(broker.brokers, topic)).length;

  const lettersOf = async (topic: string) => lettersOnce(await readAll(broker.brokers, `${topic}.dead-letters`));

  const metric = async (connector: ConnectorProcess, line: RegExp) =>
    expect.poll(async () => (await fetch(`${connector.opsUrl()}/metrics`)).text()).toMatch(line);

  test('what waits for a destination that was removed becomes dead letters, and its lane is gone', async () => {
    destination('blocked', { pixel_id: pixel });
    destination('healthy', { pixel_id: otherPixel });
    await faults('POST', { kind: 'token_expired', match: { path: pixel } });
    const topic = await topicOf(200);
    const connector = start(topic);
    await expect.poll(async () => (await eventsAt(otherPixel)).length).toBe(200);
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    rmSync(join(folder, 'blocked.json'));
    connector.kill('SIGHUP');
    await expect.poll(async () => (await fetch(`${connector.opsUrl()}/readyz`)).status).toBe(200);
    await expect
      .poll(async () => [...(await committedOffsets(broker.brokers, topic, topic)).values()].reduce((a, b) => a + b, 0))
      .toBe(await written(topic));
    const letters = await lettersOf(topic);
    expect(letters).toHaveLength(await written(topic));
    expect(new Set(letters.map(({ headers }) => String(headers['meta-actions.code'])))).toEqual(
      new Set(['SUBSCRIPTION_REMOVED']),
    );
    await metric(connector, /lane_blocked\{lane="blocked"\} 0/);
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
  });

  test('a blocked lane goes on with the token that the new configuration names', async () => {
    writeFileSync(join(folder, 'old.txt'), 'revoked-token');
    writeFileSync(join(folder, 'new.txt'), 'a-token-that-works');
    destination('shop', { pixel_id: pixel, access_token: { $file: 'old.txt' } });
    await faults('POST', { kind: 'token_expired', match: { path: pixel } });
    const topic = await topicOf(50);
    const connector = start(topic);
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    await faults('DELETE');
    destination('shop', { pixel_id: pixel, access_token: { $file: 'new.txt' }, api_version: 'v25.0' });
    connector.kill('SIGHUP');
    await expect.poll(async () => (await eventsAt(pixel)).length).toBe(50);
    const { requests } = (await (await fetch(`${graph}/_sandbox/requests`)).json()) as {
      requests: { path: string; status: number }[];
    };
    const paths = requests.filter(({ status }) => status === 200).map(({ path }) => path.split('/')[1]);
    expect(new Set(paths)).toEqual(new Set(['v25.0']));
  });

  describe('of a destination of audiences', () => {
    const members = { name: 'Members', action: 'sync-audience', mapping: { audience_id: '33' } };
    const audience = { ad_account_id: '77', batch: { linger_ms: 20 } };
    const blockedAudience = { kind: 'token_expired', match: { path: '33' } };

    async function started(): Promise<{ readonly topic: string; readonly connector: ConnectorProcess }> {
      destination('crm', { ...audience, access_token: { $env: 'TOKEN' } }, [members]);
      destination('shop', { pixel_id: pixel });
      await faults('POST', blockedAudience);
      const topic = uniqueName('reload');
      await createTopic(broker.brokers, topic, { partitions: 4 });
      const values = Array.from({ length: 30 }, (_, at) => ({ type: 'track', event: 'new', userId: `u-${at}` }));
      await produce(
        broker.brokers,
        topic,
        values.map((value) => ({ key: value.userId, value: JSON.stringify(value) })),
      );
      const connector = start(topic);
      await expect.poll(() => connector.log()).toContain('a lane is blocked');
      return { topic, connector };
    }

    test('the newest settings are used for what waits', async () => {
      const { connector } = await started();
      await faults('DELETE');
      destination('crm', { ...audience, api_version: 'v25.0' }, [members]);
      connector.kill('SIGHUP');
      await expect.poll(() => sandbox.state.members('33').size).toBe(30);
      const { requests } = (await (await fetch(`${graph}/_sandbox/requests`)).json()) as {
        requests: { path: string; status: number }[];
      };
      const paths = requests.filter(({ status }) => status === 200).map(({ path }) => path.split('/')[1]);
      expect(new Set(paths)).toEqual(new Set(['v25.0']));
    });

    test('what waits for a removed one becomes dead letters, and nothing of it is blocked any more', async () => {
      const { topic, connector } = await started();
      rmSync(join(folder, 'crm.json'));
      connector.kill('SIGHUP');
      await expect.poll(async () => (await fetch(`${connector.opsUrl()}/readyz`)).status).toBe(200);
      await expect.poll(async () => (await lettersOf(topic)).length).toBe(await written(topic));
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
    });
  });

  test('a subscription that is removed leaves no blocked audience behind, though its destination stays', async () => {
    const audience = (id: string) => ({ name: `Members ${id}`, action: 'sync-audience', mapping: { audience_id: id } });
    destination('crm', { ad_account_id: '77', batch: { linger_ms: 20 } }, [audience('33'), audience('404')]);
    const topic = uniqueName('reload');
    await createTopic(broker.brokers, topic, { partitions: 4 });
    const value = JSON.stringify({ type: 'track', event: 'new', userId: 'u-1' });
    await produce(broker.brokers, topic, [{ key: 'u-1', value }]);
    const connector = start(topic);
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    destination('crm', { ad_account_id: '77', batch: { linger_ms: 20 } }, [audience('33')]);
    connector.kill('SIGHUP');
    await expect.poll(async () => (await fetch(`${connector.opsUrl()}/readyz`)).status).toBe(200);
    await expect.poll(() => sandbox.state.members('33').size).toBe(1);
    await expect.poll(async () => (await lettersOf(topic)).length).toBe(await written(topic));
  });

  describe('rule 38: run --destination', () => {
    test('runs that one only, with a group of its own', async () => {
      destination('one', { pixel_id: pixel });
      destination('two', { pixel_id: otherPixel });
      const topic = await topicOf(30);
      for (const [name, at] of [
        ['one', pixel],
        ['two', otherPixel],
      ] as const) {
        const { code, stderr } = await runProgram(['run', '--once', '--mappings', folder, '--destination', name], {
          environment: environment(topic),
        });
        expect(stderr).not.toContain('error');
        expect(code).toBe(0);
        expect(await eventsAt(at)).toHaveLength(30);
        const committed = await committedOffsets(broker.brokers, `${topic}-${name}`, topic);
        expect([...committed.values()].reduce((a, b) => a + b, 0)).toBe(await written(topic));
      }
      expect((await committedOffsets(broker.brokers, topic, topic)).size).toBe(0);
    });

    test('a name that there is not ends it with the names that there are', async () => {
      destination('one', { pixel_id: pixel });
      destination('two', { pixel_id: otherPixel });
      const { code, stderr } = await runProgram(['run', '--mappings', folder, '--destination', 'three'], {
        environment: environment('any'),
      });
      expect(code).toBe(2);
      expect(stderr).toContain('--destination three: the mappings hold one, two');
    });

    test('a file is read for each destination from a place of its own', async () => {
      destination('one', { pixel_id: pixel });
      destination('two', { pixel_id: otherPixel });
      const file = join(folder, 'orders.ndjson');
      writeFileSync(file, Array.from({ length: 5 }, (_, at) => `${orderRecord('file', at).value}\n`).join(''));
      for (const name of ['one', 'two']) {
        const run = await runProgram(
          ['run', '--once', '--source', `file:${file}`, '--mappings', folder, '--destination', name],
          { environment: environment('any') },
        );
        expect(run.code).toBe(0);
      }
      expect(await eventsAt(pixel)).toHaveLength(5);
      expect(await eventsAt(otherPixel)).toHaveLength(5);
    });
  });
});
