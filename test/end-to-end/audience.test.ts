import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { openStage, type Stage } from '../support/stage.ts';

const people = 200;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ audiences: [{ id: '33', accountId: '77', name: 'gold' }] });
});
afterAll(() => stage?.close());

test('people who join and leave end in the audience as their last change says', async () => {
  stage.destination('crm', { ad_account_id: '77', batch: { linger_ms: 100 } }, [
    { name: 'Members', action: 'sync-audience', mapping: { audience_id: '33' } },
  ]);
  const topic = uniqueName('members');
  await createTopic(stage.broker.brokers, topic, { partitions: 4 });
  const connector = stage.start(topic);
  await connector.ready();
  const user = (index: number) => `user-${index}`;
  const change = (index: number, event: 'new' | 'deleted') => ({
    key: user(index),
    value: JSON.stringify({ type: 'track', event, userId: user(index), messageId: `${topic}-${event}-${index}` }),
  });
  const everybody = Array.from({ length: people }, (_, index) => index);
  const leaving = everybody.filter((index) => index % 4 === 0);
  await produce(
    stage.broker.brokers,
    topic,
    everybody.map((index) => change(index, 'new')),
  );
  await expect.poll(() => stage.sandbox.state.members('33').size).toBe(people);
  await produce(
    stage.broker.brokers,
    topic,
    leaving.map((index) => change(index, 'deleted')),
  );
  await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
  const staying = everybody.filter((index) => !leaving.includes(index)).map(user);
  expect([...stage.sandbox.state.members('33')].sort()).toEqual(staying.sort());
  expect(await stage.deadLetters(topic)).toEqual([]);
  connector.kill('SIGTERM');
  expect(await connector.exited).toBe(0);
});
