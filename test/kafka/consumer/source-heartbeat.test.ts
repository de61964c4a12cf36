import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokerForTests, createTopic, quickSource, type TestBroker, uniqueName } from '../../support/kafka-broker.ts';
import { startMember } from '../../support/kafka-member.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

/** The whole thread stands still, as in a process that is stopped for a moment. */
function standStill(millis: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

test('DELIVERY 24: an answer that is read late makes a heartbeat no younger than its sending', async () => {
  const topic = uniqueName('heartbeat');
  await createTopic(broker.brokers, topic);
  const one = await startMember({ ...quickSource(broker), topics: [topic], groupId: uniqueName('group') });
  const ages: number[] = [];
  let seen = one.source.heartbeatAt();
  expect(seen).toBeGreaterThan(performance.now() - 5_000);
  // An answer may also be read at once; sooner or later one comes while the thread stands still.
  for (const end = Date.now() + 60_000; !ages.some((age) => age > 300) && Date.now() < end; ) {
    standStill(400);
    for (let turns = 0; turns < 3; turns++) {
      await turn();
      if (one.source.heartbeatAt() === seen) continue;
      seen = one.source.heartbeatAt();
      ages.push(performance.now() - seen);
    }
  }
  await one.source.stop();
  expect(Math.max(...ages)).toBeGreaterThan(300);
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
});
