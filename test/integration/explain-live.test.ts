import { afterAll, beforeAll, expect, test } from 'vitest';
import { committedOffsets, createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { openStage, type Stage } from '../support/stage.ts';

const minute = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, minute);

afterAll(() => stage.close());

const order = (index: number, timestamp: number) => ({
  key: `k-${index}`,
  timestamp: String(timestamp),
  value: JSON.stringify({
    type: 'track',
    event: 'Order Completed',
    messageId: `m-${index}`,
    userId: `u-${index}`,
    timestamp: new Date(timestamp).toISOString(),
    context: { ip: '198.51.100.7', userAgent: 'Mozilla/5.0', page: { url: 'https://shop.example.com/' } },
    properties: { total: 5, currency: 'EUR' },
  }),
});

test('explain reads live records of a topic, the newest or from a time on, and commits nothing', async () => {
  const topic = uniqueName('explain-live');
  await createTopic(stage.broker.brokers, topic, { partitions: 2 });
  const mapping = { order_id: { '@path': '$.context.kafka.key' } };
  stage.destination('shop', { pixel_id: '1234567890' }, [{ name: 'Orders', action: 'purchase', mapping }]);
  stage.destination('others', { pixel_id: '99' }, [{ name: 'Elsewhere', action: 'purchase', topics: ['another'] }]);
  const start = Date.now() - 20 * minute;
  const orders = Array.from({ length: 20 }, (_, index) => order(index, start + index * minute));
  await produce(stage.broker.brokers, topic, orders);

  const explained = async (...parameters: readonly string[]) => {
    const all = ['explain', '--source', 'kafka', '--topic', topic, '--json', ...parameters];
    const { code, stdout, stderr } = await stage.run(topic, ...all);
    expect([code, stderr]).toEqual([0, '']);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: { messageId: string }; deliveries: unknown[]; skipped: unknown[] });
  };
  const idsOf = async (...parameters: readonly string[]) =>
    (await explained(...parameters)).map(({ event }) => event.messageId);

  const [newest] = await explained('--limit', '1');
  expect(newest?.event.messageId).toBe('m-19');
  expect(JSON.stringify(newest?.deliveries)).toContain('"order_id":"k-19"');
  expect(newest?.skipped).toEqual([{ destination: 'others', subscription: 'Elsewhere', reason: 'topics' }]);
  expect(await idsOf('--limit', '3')).toEqual(['m-17', 'm-18', 'm-19']);
  const since = new Date(start + 15 * minute).toISOString();
  expect((await idsOf('--from', since)).sort()).toEqual(['m-15', 'm-16', 'm-17', 'm-18', 'm-19']);
  expect(await idsOf('--from', 'earliest', '--limit', '20')).toHaveLength(20);
  expect((await committedOffsets(stage.broker.brokers, topic, topic)).size).toBe(0);
  for (const wrong of [
    ['--source', 'kafka'],
    ['--source', 'pulsar', '--topic', topic],
  ]) {
    const { code, stderr } = await stage.run(topic, 'explain', ...wrong);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--source')]);
  }
});
