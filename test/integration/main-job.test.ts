import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, purchaseMappings, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  type ReadMessage,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { type OrderRecord, orderRecord } from '../support/orders.ts';

/** The embedded broker keeps 5 MiB a partition, and is there for the way, not for the load. */
const external = process.env['KAFKA_BROKERS'] !== undefined;
const count = external ? 50_000 : 3000;

describe(`from Kafka to Meta, ${count} events, killed twice on the way`, () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    broker = await brokerForTests();
    sandbox = createSandbox();
    graph = await sandbox.listen();
  }, 120_000);

  afterAll(async () => {
    await sandbox.close();
    await broker.stop();
  });

  test('loses nothing, sets aside exactly what is invalid, and commits to the end', async () => {
    const topic = uniqueName('orders');
    const group = uniqueName('group');
    await createTopic(broker.brokers, topic, { partitions: 6 });
    const records = Array.from({ length: count }, (_, index) => orderRecord(topic, index));
    const start = () =>
      startConnector({
        arguments: ['run', '--mappings', purchaseMappings()],
        environment: {
          KAFKA_BROKERS: broker.brokers.join(','),
          KAFKA_TOPICS: topic,
          KAFKA_GROUP_ID: group,
          KAFKA_FROM: 'earliest',
          KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
          META_GRAPH_URL: graph,
        },
      });
    let connector = start();
    const producing = produceAll(topic, records);
    for (const share of [0.25, 0.6]) {
      await until(() => sandbox.state.summary().events.unique >= records.length * share, connector);
      connector.kill('SIGKILL');
      expect(await connector.exited).toBe(null);
      connector = start();
    }
    await producing;
    const source = await readAll(broker.brokers, topic);
    const ends = endsOf(source);
    await until(async () => equal(await committedOffsets(broker.brokers, group, topic), ends), connector);

    const missing = records.filter(({ eventId }) => eventId !== undefined && sandbox.state.received(eventId) === 0);
    expect(missing.map(({ eventId }) => eventId)).toEqual([]);
    expect(sandbox.state.summary().events.unique).toBe(records.filter(({ eventId }) => eventId !== undefined).length);

    await compareLetters(`${topic}.dead-letters`, source, records);

    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
    expect(connector.log()).not.toContain('@example.com');
    expect(connector.log()).not.toContain('integration-test-token');
  }, 300_000);

  async function produceAll(topic: string, records: readonly OrderRecord[]): Promise<void> {
    const portion = 500;
    for (let index = 0; index < records.length; index += portion) {
      await produce(
        broker.brokers,
        topic,
        records.slice(index, index + portion).map(({ key, value }) => ({ key, value, headers: { source: 'shop' } })),
      );
    }
  }

  /** Letters are a set of (position, subscription): one may be written twice after a kill. */
  async function compareLetters(topic: string, source: readonly ReadMessage[], records: readonly OrderRecord[]) {
    const codes = new Map(
      records.filter(({ code }) => code !== undefined).map(({ value, code }) => [value.toString('base64'), code]),
    );
    const wanted = new Map<string, string>();
    const originals = new Map<string, ReadMessage>();
    for (const message of source) {
      const code = codes.get(message.value?.toString('base64') ?? '');
      if (code === undefined) continue;
      const subscription = ['NOT_JSON', 'INVALID_UTF8', 'UNKNOWN_TYPE'].includes(code) ? '' : 'Orders';
      const place = `${message.partition}/${message.offset} ${subscription}`;
      wanted.set(place, code);
      originals.set(place, message);
    }
    const found = new Map<string, string>();
    for (const letter of await readAll(broker.brokers, topic)) {
      const header = (name: string) => String(letter.headers[`meta-actions.${name}`] ?? '');
      const place = `${header('partition')}/${header('offset')} ${header('subscription')}`;
      found.set(place, header('code'));
      const original = originals.get(place);
      expect(letter.value?.equals(original?.value ?? Buffer.alloc(0))).toBe(true);
      expect(letter.key?.equals(original?.key ?? Buffer.alloc(0))).toBe(true);
      expect(String(letter.headers['source'])).toBe('shop');
    }
    expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...wanted].sort()));
    expect(found.size).toBeGreaterThan(0);
  }
});

function endsOf(messages: readonly ReadMessage[]): Readonly<Record<number, number>> {
  const ends: Record<number, number> = {};
  for (const { partition, offset } of messages) ends[partition] = Math.max(ends[partition] ?? 0, offset + 1);
  return ends;
}

function equal(committed: ReadonlyMap<number, number>, ends: Readonly<Record<number, number>>): boolean {
  return Object.entries(ends).every(([partition, end]) => committed.get(Number(partition)) === end);
}

async function until(condition: () => boolean | Promise<boolean>, connector: ConnectorProcess): Promise<void> {
  while (!(await condition())) {
    const ended = await Promise.race([connector.exited, sleep(100, 'running')]);
    if (ended !== 'running') throw new Error(`the connector ended with ${ended}:\n${connector.log()}`);
  }
}
