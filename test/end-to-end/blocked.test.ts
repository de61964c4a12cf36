import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

const blockedPixel = '1111111111';
const healthyPixel = '2222222222';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test('a destination whose token has expired says how to mend it, keeps nobody else waiting, and goes on with a new one', async () => {
  const token = join(stage.folder, 'token');
  writeFileSync(token, 'a-token-that-expires');
  stage.destination('blocked', { pixel_id: blockedPixel, access_token: { $file: 'token' } });
  stage.destination('healthy', { pixel_id: healthyPixel });
  await stage.fault({ kind: 'token_expired', match: { path: blockedPixel } });
  const topic = uniqueName('blocked');
  await createTopic(stage.broker.brokers, topic, { partitions: 4 });
  const records = Array.from({ length: 200 }, (_, index) => orderRecord(topic, index));
  const valid = records.filter(({ eventId }) => eventId !== undefined);
  await produce(stage.broker.brokers, topic, valid);
  const connector = stage.start(topic);
  await expect.poll(async () => (await stage.arrived(healthyPixel)).size).toBe(valid.length);
  await expect.poll(() => connector.log()).toContain('a lane is blocked');
  const readiness = await (await fetch(`${connector.opsUrl()}/readyz`)).text();
  expect(readiness).toMatch(/lane blocked is blocked: .*Fix: /);
  expect((await stage.arrived(blockedPixel)).size).toBe(0);

  await stage.fault();
  writeFileSync(token, 'a-token-that-works');
  await expect.poll(async () => (await stage.arrived(blockedPixel)).size).toBe(valid.length);
  await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
  for (const pixel of [blockedPixel, healthyPixel]) {
    expect([...(await stage.arrived(pixel)).values()].filter((times) => times !== 1)).toEqual([]);
  }
  expect(await stage.deadLetters(topic)).toEqual([]);
  connector.kill('SIGTERM');
  expect(await connector.exited).toBe(0);
});
