import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { committedOffsets, createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { runProgram } from '../support/program.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = mkdtempSync(join(tmpdir(), 'meta-actions-init-topic-'));
}, 60_000);

afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('init proposes what fits the newest events of a topic, names the topic in .env.example, and commits nothing', async () => {
  const topic = uniqueName('init');
  const brokers = stage.broker.brokers;
  await createTopic(brokers, topic, { partitions: 2 });
  const events = [samples['Order Completed'], samples['Product Added'], samples['Signed In']];
  await produce(
    brokers,
    topic,
    events.map((event) => ({ value: JSON.stringify(event) })),
  );
  const environment = { KAFKA_BROKERS: brokers.join(','), KAFKA_GROUP_ID: topic };
  const { code, stdout, stderr } = await runProgram(['init', folder, '--topic', topic, '--json'], { environment });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    preset: 'web-shop',
    subscriptions: expect.arrayContaining([
      { name: 'Purchase', action: 'purchase' },
      { name: 'Add to Cart', action: 'add-to-cart' },
    ]),
    coverage: { events: 3, unmet: [{ type: 'track', name: 'Signed In', events: 1 }] },
  });
  const written = readFileSync(join(folder, '.env.example'), 'utf8');
  expect(written).toContain(`KAFKA_BROKERS=${brokers.join(',')}\nKAFKA_TOPICS=${topic}\n`);
  expect((await committedOffsets(brokers, topic, topic)).size).toBe(0);
});
