import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings } from '../support/connector-process.ts';
import { brokerForTests, createTopic, produce, readAll, type TestBroker, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

const meta = 'META_100_2804050';

type Kind = 'good' | 'refused' | 'no value' | 'too old';

/** 500 of 2,000 end as letters: 200 that Meta refuses, 150 without a value, 150 that are too old. */
function kindOf(index: number): Kind {
  const place = index % 40;
  if (place < 4) return 'refused';
  if (place < 7) return 'no value';
  return place < 10 ? 'too old' : 'good';
}

interface Order {
  readonly id: string;
  readonly kind: Kind;
  readonly value: Buffer;
}

function orders(run: string): readonly Order[] {
  const valid = JSON.parse(orderRecord(run, 1).value.toString());
  return Array.from({ length: 2000 }, (_, index): Order => {
    const kind = kindOf(index);
    const id = `${run}-${index}`;
    const event = {
      ...valid,
      messageId: id,
      ...(kind === 'no value' && { properties: { order_id: id } }),
      ...(kind === 'too old' && { timestamp: '2020-01-01T00:00:00Z' }),
    };
    return { id, kind, value: Buffer.from(JSON.stringify(event)) };
  });
}

describe('replay', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'replay-'));
  });
  afterEach(() => sandbox.close());

  const faults = (method: string, body?: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const refuse = (all: readonly Order[]) =>
    faults('POST', {
      kind: 'refuse_event',
      event_ids: all.filter(({ kind }) => kind === 'refused').map(({ id }) => id),
    });
  const received = (all: readonly Order[], kind: Kind) =>
    all.filter((one) => one.kind === kind).map(({ id }) => sandbox.state.received(id));
  const times = (count: number, each: number) => Array.from({ length: count }, () => each);

  describe('from a file', () => {
    const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'replay-token' });
    const letterPath = () => join(folder, 'letters.ndjson');
    const lines = (path: string) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '');

    async function letters(all: readonly Order[]): Promise<void> {
      const file = join(folder, 'orders.ndjson');
      writeFileSync(file, Buffer.concat(all.flatMap(({ value }) => [value, Buffer.from('\n')])));
      await refuse(all);
      const { code, stderr } = await runProgram(
        [
          'run',
          '--mappings',
          purchaseMappings(),
          '--source',
          `file:${file}`,
          '--once',
          '--dead-letters',
          `file:${letterPath()}`,
        ],
        { environment: environment() },
      );
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    }

    const replay = (...more: readonly string[]) =>
      runProgram(['replay', '--mappings', purchaseMappings(), '--from', `file:${letterPath()}`, ...more], {
        environment: environment(),
      });

    test('rule 34: of 500 letters of three codes, those of one are sent once when the cause is fixed', async () => {
      const all = orders('file');
      await letters(all);
      expect(lines(letterPath())).toHaveLength(500);
      expect(received(all, 'good')).toEqual(times(1500, 1));
      await faults('DELETE');

      const dry = await replay('--code', meta, '--dry-run', '--json');
      expect(dry.code).toBe(0);
      const shown = dry.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
      expect(shown).toHaveLength(200);
      expect(new Set(shown.map(({ status }) => status))).toEqual(new Set(['ready']));
      expect(received(all, 'refused')).toEqual(times(200, 0));

      const first = await replay('--code', meta, '--json');
      expect([first.code, first.code === 0 ? '' : first.stderr]).toEqual([0, '']);
      expect(JSON.parse(first.stdout)).toMatchObject({
        read: 500,
        selected: 200,
        replayed: 200,
        delivered: 200,
        marked: 200,
      });
      expect(first.stderr).toContain('200 delivered, 0 set aside again');
      expect(received(all, 'refused')).toEqual(times(200, 1));
      expect(received(all, 'good')).toEqual(times(1500, 1));
      expect([...received(all, 'no value'), ...received(all, 'too old')]).toEqual(times(300, 0));

      const second = await replay('--code', meta, '--json');
      expect(second.code).toBe(0);
      expect(JSON.parse(second.stdout)).toMatchObject({ replayed: 0, notReplayed: { already_replayed: 200 } });
      expect(received(all, 'refused')).toEqual(times(200, 1));
      expect(lines(letterPath())).toHaveLength(500);
    }, 120_000);

    test('rule 34: what fails again is a new letter with one hop more, at most five', async () => {
      const all = orders('hops').slice(0, 40);
      await letters(all);
      const ofCode = () =>
        lines(letterPath())
          .map((line) => JSON.parse(line))
          .filter(({ error }) => error.code === meta);
      expect(ofCode().map(({ error }) => error.hops)).toEqual([undefined, undefined, undefined, undefined]);
      for (let hops = 1; hops <= 5; hops++) {
        const { code } = await replay('--code', meta);
        expect(code).toBe(0);
        const last = ofCode().slice(-4);
        expect(last.map(({ error }) => error.hops)).toEqual([hops, hops, hops, hops]);
        expect(last.map(({ value }) => value)).toEqual(
          ofCode()
            .slice(0, 4)
            .map(({ value }) => value),
        );
        expect(last.map(({ headers }) => headers)).toEqual([undefined, undefined, undefined, undefined]);
      }
      const sixth = await replay('--code', meta, '--json');
      expect(JSON.parse(sixth.stdout)).toMatchObject({ replayed: 0, notReplayed: { too_many_hops: 4 } });
      expect(ofCode()).toHaveLength(24);
    }, 120_000);

    test('rule 34: only the failed subscription gets it, a limit holds, and an unknown subscription stays unmarked', async () => {
      const all = orders('some').slice(0, 40);
      await letters(all);
      await faults('DELETE');
      const limited = await replay('--code', meta, '--limit', '1', '--json');
      expect(JSON.parse(limited.stdout)).toMatchObject({ replayed: 1, delivered: 1 });

      const two = mkdtempSync(join(tmpdir(), 'mappings-'));
      writeFileSync(
        join(two, 'shop.json'),
        JSON.stringify({
          name: 'shop',
          settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
          subscriptions: [
            { name: 'Orders', action: 'purchase' },
            { name: 'All', action: 'custom-event', trigger: 'type = "track"', mapping: { event_name: 'Seen' } },
          ],
        }),
      );
      const rest = await replay('--code', meta, '--mappings', two, '--json');
      expect(JSON.parse(rest.stdout)).toMatchObject({ replayed: 3, delivered: 3 });
      expect(received(all, 'refused')).toEqual(times(4, 1));

      const renamed = mkdtempSync(join(tmpdir(), 'mappings-'));
      writeFileSync(
        join(renamed, 'shop.json'),
        readFileSync(join(two, 'shop.json'), 'utf8').replace('"Orders"', '"Sales"'),
      );
      const unknown = await replay('--code', 'EVENT_TOO_OLD', '--mappings', renamed, '--json');
      expect(unknown.code).toBe(1);
      expect(JSON.parse(unknown.stdout)).toMatchObject({ replayed: 0, notReplayed: { unknown_subscription: 3 } });
      const since = await replay('--since', '2999-01-01T00:00:00Z', '--json');
      expect(JSON.parse(since.stdout)).toMatchObject({ read: 10, selected: 0 });
    }, 120_000);
  });

  describe('from a topic', () => {
    let broker: TestBroker;
    beforeAll(async () => {
      broker = await brokerForTests();
    }, 120_000);
    afterAll(() => broker.stop());

    test('rule 34: letters of one code are sent once, and their marks outlive the process', async () => {
      const topic = uniqueName('replayed-orders');
      const all = orders(topic);
      await createTopic(broker.brokers, topic, { partitions: 4 });
      await produce(
        broker.brokers,
        topic,
        all.map(({ id, value }) => ({ key: id, value })),
      );
      await refuse(all);
      const environment = {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '10000',
        META_GRAPH_URL: graph,
        META_ACCESS_TOKEN: 'replay-token',
      };
      const run = (...parameters: readonly string[]) =>
        runProgram([...parameters, '--mappings', purchaseMappings()], { environment });
      const once = await run('run', '--once');
      expect([once.code, once.code === 0 ? '' : once.stderr]).toEqual([0, '']);
      expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toHaveLength(500);
      await faults('DELETE');
      const first = await run('replay', '--code', meta, '--json');
      expect([first.code, first.code === 0 ? '' : first.stderr]).toEqual([0, '']);
      expect(JSON.parse(first.stdout)).toMatchObject({ read: 500, selected: 200, delivered: 200, marked: 200 });
      expect(received(all, 'refused')).toEqual(times(200, 1));
      const second = await run('replay', '--code', meta, '--json');
      expect(JSON.parse(second.stdout)).toMatchObject({ replayed: 0, notReplayed: { already_replayed: 200 } });
      expect(received(all, 'refused')).toEqual(times(200, 1));
      expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toHaveLength(500);
    }, 240_000);
  });
});
