import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asAdmin, committedOffsets, createTopic, produce, testClient, uniqueName } from '../support/kafka-broker.ts';
import { onApacheKafka } from '../support/needs.ts';
import { runProgram } from '../support/program.ts';
import { openStage, type Stage } from '../support/stage.ts';

const minute = 60_000;
const start = Date.now() - 20 * minute;
let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = mkdtempSync(join(tmpdir(), 'diff-live-'));
}, minute);

afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

function order(index: number, total = 10 * index) {
  const timestamp = start + index * minute;
  const context = { userAgent: 'Mozilla/5.0', page: { url: 'https://shop.example.com/' } };
  const ids = { messageId: `m-${index}`, userId: `u-${index}`, timestamp: new Date(timestamp).toISOString() };
  const properties = { total, currency: 'EUR' };
  const value = { type: 'track', event: 'Order Completed', ...ids, context, properties };
  return { partition: 0, timestamp: String(timestamp), value: JSON.stringify(value) };
}

function mappings(name: string, trigger: string): string {
  const path = join(folder, `${name}.json`);
  const settings = { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } };
  const subscriptions = [{ name: 'Orders', action: 'purchase', trigger }];
  writeFileSync(path, JSON.stringify({ name: 'shop', settings, subscriptions }));
  return path;
}

async function diff(topic: string, ...parameters: readonly string[]) {
  const environment = { KAFKA_BROKERS: stage.broker.brokers.join(','), KAFKA_TOPICS: topic, KAFKA_GROUP_ID: topic };
  const { code, stdout, stderr } = await runProgram(['diff', ...parameters, '--json'], { environment });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as {
    readonly records: number;
    readonly notes: readonly string[];
    readonly subscriptions: readonly {
      readonly lost: number;
      readonly gained: number;
      readonly deadLettersGo: object;
    }[];
  };
}

const wide = 'event = "Order Completed"';
const narrow = 'event = "Order Completed" and properties.total > 100';

describe('diff', () => {
  test('reads what topics hold from a time on, up to their end, and commits nothing', async () => {
    const topic = uniqueName('diff-live');
    await createTopic(stage.broker.brokers, topic, { partitions: 1 });
    await produce(
      stage.broker.brokers,
      topic,
      Array.from({ length: 20 }, (_, index) => order(index)),
    );
    const sides = [mappings('wide', wide), mappings('narrow', narrow)];
    const all = await diff(topic, ...sides, '--source', 'kafka');
    expect(all).toMatchObject({ records: 20, notes: [], subscriptions: [{ lost: 11, gained: 0 }] });
    const since = new Date(start + 15 * minute).toISOString();
    expect(await diff(topic, ...sides, '--source', 'kafka', '--from', since)).toMatchObject({ records: 5 });
    expect((await committedOffsets(stage.broker.brokers, topic, topic)).size).toBe(0);
  });

  function endOf(topic: string): Promise<number> {
    return asAdmin(stage.broker.brokers, async (admin) => Number((await admin.fetchTopicOffsets(topic))[0]?.high));
  }

  test('says that a history has a gap', onApacheKafka, async () => {
    const topic = uniqueName('diff-gap');
    await createTopic(stage.broker.brokers, topic, { partitions: 1 });
    await produce(
      stage.broker.brokers,
      topic,
      Array.from({ length: 20 }, (_, index) => order(index)),
    );
    await asAdmin(stage.broker.brokers, async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '12' }] });
    });
    const path = mappings('gap', wide);
    const whole = await diff(topic, path, path, '--source', 'kafka', '--from', '1h');
    expect(whole.records).toBe(8);
    expect(whole.notes).toEqual([expect.stringContaining(`partition 0 of ${topic} has lost its first 12 records`)]);
    const since = new Date(start + 15 * minute).toISOString();
    expect(await diff(topic, path, path, '--source', 'kafka', '--from', since)).toMatchObject({
      records: 5,
      notes: [],
    });
    // The marker of a transaction takes an offset, as a record does that compaction has taken.
    const producer = testClient(stage.broker.brokers).producer({ transactionalId: topic, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [order(20)] });
    await transaction.commit();
    await producer.disconnect();
    // The broker writes it after it has said that the transaction is committed.
    await expect.poll(() => endOf(topic)).toBe(22);
    await produce(stage.broker.brokers, topic, [order(21)]);
    expect(await diff(topic, path, path, '--source', 'kafka', '--from', since)).toMatchObject({
      records: 7,
      notes: [expect.stringContaining(`1 offsets of ${topic} hold no record`)],
    });
  });

  test('compares what the connector runs by with the files, over the dead letters that it wrote', async () => {
    const topic = uniqueName('diff-running');
    await createTopic(stage.broker.brokers, topic, { partitions: 1 });
    stage.destination('shop', { pixel_id: '1234567890' }, [{ name: 'Orders', action: 'purchase', trigger: wide }]);
    const connector = stage.start(topic);
    await connector.ready();
    await produce(stage.broker.brokers, topic, [
      order(1),
      { ...order(2), value: order(2).value.replace('"EUR"', 'null') },
    ]);
    await expect.poll(() => stage.committedToEnd(topic), { timeout: minute }).toBe(true);
    const url = connector.opsUrl() ?? '';
    const currency = { currency: 'EUR' };
    stage.destination('shop', { pixel_id: '1234567890' }, [
      { name: 'Orders', action: 'purchase', trigger: wide, mapping: currency },
    ]);
    const letters = await diff(topic, 'running', stage.folder, '--url', url, '--dead-letters', 'topic:');
    expect(letters).toMatchObject({
      records: 1,
      subscriptions: [{ gained: 1, lost: 0, deadLettersGo: { PURCHASE_CURRENCY_MISSING: 1 } }],
    });
    expect(await diff(topic, stage.folder, 'running', '--url', url, '--source', 'kafka')).toMatchObject({
      records: 2,
      subscriptions: [{ gained: 0, lost: 1 }],
    });
  });
});
