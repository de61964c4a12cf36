import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { type Order, type OrderKind, ordersToReplay, refusedCode } from '../support/orders-to-replay.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const received = (all: readonly Order[], kind: OrderKind) =>
  all.filter((one) => one.kind === kind).map(({ id }) => stage.sandbox.state.received(id));
const times = (count: number, each: number) => Array.from({ length: count }, () => each);

test('rule 34: dead letters of one code are sent once, and their marks outlive the process', async () => {
  stage.destination('shop', { pixel_id: '1234567890' });
  const topic = uniqueName('replayed-orders');
  const all = ordersToReplay(topic);
  await createTopic(stage.broker.brokers, topic, { partitions: 4 });
  await produce(
    stage.broker.brokers,
    topic,
    all.map(({ id, value }) => ({ key: id, value })),
  );
  const refused = all.filter(({ kind }) => kind === 'refused').map(({ id }) => id);
  await stage.fault({ kind: 'refuse_event', event_ids: refused });
  const once = await stage.run(topic, 'run', '--once');
  expect([once.code, once.code === 0 ? '' : once.stderr]).toEqual([0, '']);
  expect(await stage.deadLetters(topic)).toHaveLength(500);
  await stage.fault();
  const first = await stage.run(topic, 'replay', '--code', refusedCode, '--json');
  expect([first.code, first.code === 0 ? '' : first.stderr]).toEqual([0, '']);
  const summary = JSON.parse(first.stdout) as { readonly read: number };
  expect(summary).toMatchObject({ selected: 200, delivered: 200, marked: 200 });
  // A letter that a busy broker was slow to confirm lies there twice.
  expect(summary.read).toBeGreaterThanOrEqual(500);
  expect(received(all, 'refused')).toEqual(times(200, 1));
  const second = await stage.run(topic, 'replay', '--code', refusedCode, '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ replayed: 0, notReplayed: { already_replayed: 200 } });
  expect(received(all, 'refused')).toEqual(times(200, 1));
  expect(await stage.deadLetters(topic)).toHaveLength(500);
});
