import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import type { RecordedSpan } from '../support/recording-tracer.ts';
import { openStage, type Stage } from '../support/stage.ts';

const pixel = '1234567890';
const folder = mkdtempSync(join(tmpdir(), 'tracing-'));
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('with an SDK loaded, each order can be followed from the span that produced it to the request that delivered it', async () => {
  stage.destination('shop', { pixel_id: pixel });
  const topic = uniqueName('tracing');
  await createTopic(stage.broker.brokers, topic, { partitions: 1 });
  const traceOf = (index: number) => String(index + 1).padStart(32, '0');
  const orders = Array.from({ length: 100 }, (_, index) => ({
    ...orderRecord(topic, index),
    headers: { traceparent: `00-${traceOf(index)}-00000000000000aa-01` },
  }));
  await produce(stage.broker.brokers, topic, orders);
  const file = join(folder, 'spans.ndjson');
  const load = `--import ${fileURLToPath(new URL('../support/spans-to-file.ts', import.meta.url))}`;
  const connector = stage.start(topic, { NODE_OPTIONS: load, SPANS: file });
  const valid = orders.filter(({ eventId }) => eventId !== undefined);
  await expect.poll(async () => (await stage.arrived(pixel)).size).toBe(valid.length);
  await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
  connector.kill('SIGTERM');
  expect(await connector.exited, connector.log()).toBe(0);

  const text = readFileSync(file, 'utf8');
  const spans = text
    .trim()
    .split('\n')
    .map((line): RecordedSpan => JSON.parse(line));
  const named = (name: string) => spans.filter((span) => span.name === name);
  const tracesOf = (list: readonly RecordedSpan[]) =>
    new Set(list.flatMap(({ links }) => links.map(({ context }) => context.traceId)));
  const delivered = new Set(valid.map((order) => traceOf(orders.indexOf(order))));
  expect(tracesOf(named(`poll ${topic}`))).toEqual(new Set(orders.map((_, index) => traceOf(index))));
  expect(tracesOf(named(`process ${topic}`))).toEqual(delivered);
  const batches = new Set(named(`process ${topic}`).map(({ spanId }) => spanId));
  const requests = spans.filter(({ attributes }) => String(attributes['url.full']).endsWith(`/${pixel}/events`));
  expect(requests.length).toBeGreaterThanOrEqual(batches.size);
  expect(requests.every(({ parent }) => parent !== undefined && batches.has(parent))).toBe(true);

  const emails = orders.flatMap(({ value }) => /[\w.+-]+@[\w.-]+/.exec(String(value))?.[0] ?? []);
  expect(emails.length).toBeGreaterThan(0);
  expect([...emails, 'integration-test-token'].filter((secret) => text.includes(secret))).toEqual([]);
});
