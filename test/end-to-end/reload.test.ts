import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectorProcess } from '../support/connector-process.ts';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

const pixel = '1111111111';
const otherPixel = '2222222222';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function metricSays(connector: ConnectorProcess, line: RegExp): Promise<void> {
  await expect.poll(async () => (await fetch(`${connector.opsUrl()}/metrics`)).text()).toMatch(line);
}

test('rule 37: a wrong file is told with its place and changes nothing; a right one takes effect', async () => {
  stage.destination('shop', { pixel_id: pixel });
  const topic = uniqueName('reload');
  await createTopic(stage.broker.brokers, topic, { partitions: 4 });
  const valid = Array.from({ length: 80 }, (_, index) => orderRecord(topic, index)).filter(
    ({ eventId }) => eventId !== undefined,
  );
  const send = (from: number, to: number) => produce(stage.broker.brokers, topic, valid.slice(from, to));
  const count = async (at: string) => (await stage.arrived(at)).size;
  await send(0, 20);
  const connector = stage.start(topic);
  await expect.poll(() => count(pixel)).toBe(20);

  writeFileSync(join(stage.folder, 'shop.json'), '{\n  "name": "shop",\n  "settings": { "pixel": "1" } }');
  connector.kill('SIGHUP');
  await expect.poll(() => connector.log()).toContain('the new configuration is wrong');
  expect(connector.log()).toMatch(/shop\.json:3:17: error: /);
  await metricSays(connector, /config_reloads_total\{result="refused"\} 1/);
  await send(20, 40);
  await expect.poll(() => count(pixel)).toBe(40);

  stage.destination('shop', { pixel_id: pixel });
  stage.destination('new', { pixel_id: otherPixel });
  connector.kill('SIGHUP');
  await metricSays(connector, /config_reloads_total\{result="applied"\} 1/);
  await send(40, 60);
  await expect.poll(() => count(otherPixel)).toBe(20);
  await expect.poll(() => count(pixel)).toBe(60);
  connector.kill('SIGTERM');
  expect(await connector.exited).toBe(0);
  expect(await stage.deadLetters(topic)).toEqual([]);
});
