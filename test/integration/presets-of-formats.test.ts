import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { block, header } from '../support/avro-container.ts';
import { daysOf, framed, sampleOf, schemaOf, typeOf } from '../support/avro-samples.ts';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { runProgram } from '../support/program.ts';
import { registryServer, type RegistryServer } from '../support/registry-server.ts';
import { openStage, type Stage } from '../support/stage.ts';

const root = resolve(import.meta.dirname, '../..');
const presetOf = (name: string) => join(root, 'mappings', 'presets', `${name}.json`);
const sourcesOf = (name: string) => join(root, 'examples', 'sources', `${name}.json`);
const folder = mkdtempSync(join(tmpdir(), 'presets-of-formats-'));
const key = JSON.stringify({ type: 'record', name: 'Key', fields: [{ name: 'id', type: 'long' }] });

let registry: RegistryServer;
let stage: Stage;

beforeAll(async () => {
  registry = await registryServer({
    '/schemas/ids/1': { schema: schemaOf('avro-orders') },
    '/schemas/ids/2': { schema: schemaOf('audience-cdc-avro') },
    '/schemas/ids/3': { schema: key },
  });
  stage = await openStage({ audiences: [{ id: '33', accountId: '1234567890', name: 'Customers' }] });
});

afterAll(async () => {
  await Promise.all([registry.close(), stage.close()]);
  rmSync(folder, { recursive: true });
});

describe('a preset of another format than calls of the Segment spec', () => {
  let sandbox: Sandbox;
  let environment: Readonly<Record<string, string>>;

  beforeEach(async () => {
    sandbox = createSandbox({ strictIdentifiers: true, requireActionSource: true });
    environment = { META_GRAPH_URL: await sandbox.listen(), META_ACCESS_TOKEN: 'a-token-of-the-preset' };
    return () => sandbox.close();
  });

  async function run(preset: string, events: string, more: Readonly<Record<string, string>>) {
    const letters = `${events}.letters`;
    const all = ['run', '--mappings', presetOf(preset), '--source', `file:${events}`, '--once'];
    const { code, stderr } = await runProgram([...all, '--dead-letters', `file:${letters}`], {
      environment: { ...environment, ...more },
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error:')]);
    expect(readFileSync(letters, 'utf8')).toBe('');
    const received = sandbox.state.events().map(({ event }) => event);
    expect(JSON.stringify(received).toLowerCase()).not.toMatch(/ada\.kettle|bea\.cup|161 496|customer-\d/);
    return new Map(received.map((event) => [event['event_id'], event]));
  }

  test.each([
    [
      'cloudevents',
      'cloudevents',
      { 'ce-order-1': ['Purchase', 94.8], 'ce-sign-up-1': ['CompleteRegistration', undefined] },
    ],
    [
      'snowplow',
      'rows',
      {
        '5b8c0000-0000-4000-8000-000000000001': ['PageView', undefined],
        '5b8c0000-0000-4000-8000-000000000002': ['AddToCart', 64.9],
        '5b8c0000-0000-4000-8000-000000000003': ['Purchase', 94.8],
      },
    ],
    [
      'rudderstack',
      'rudderstack',
      {
        'rs-page': ['PageView', undefined],
        'rs-view': ['ViewContent', 64.9],
        'rs-cart': ['AddToCart', 64.9],
        'rs-checkout': ['InitiateCheckout', 94.8],
        'rs-order': ['Purchase', 94.8],
      },
    ],
  ] as const)('%s sends its sample, which Meta takes', async (preset, records, expected) => {
    const events = join(folder, `${preset}.ndjson`);
    copyFileSync(join(root, 'examples', 'events', 'presets', `${preset}.ndjson`), events);
    const received = await run(preset, events, { RECORDS: records });
    const found = [...received].map(([id, event]) => {
      const custom = event['custom_data'] as { readonly value?: number } | undefined;
      return [id, [event['event_name'], custom?.value]];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('avro-orders sends its sample, from a container file and from messages of a registry', async () => {
    const type = typeOf(schemaOf('avro-orders'));
    const paidAt = Date.now() - 60_000;
    const orders = sampleOf('avro-orders', (event) => {
      const customer = event['customer'] as Record<string, unknown>;
      const cents = Buffer.alloc(4);
      cents.writeInt32BE(Math.round(Number(event['total']) * 100));
      return { ...event, paid_at: paidAt, total: cents, customer: { ...customer, id: BigInt(String(customer['id'])) } };
    });
    const container = join(folder, 'avro-orders.avro');
    const values = orders.map((order) => type.toBuffer(order));
    const schema: unknown = JSON.parse(schemaOf('avro-orders'));
    writeFileSync(container, Buffer.concat([header('deflate', schema), block('deflate', values)]));
    const base64 = join(folder, 'avro-orders.b64');
    writeFileSync(base64, values.map((value) => `${framed(1, value).toString('base64')}\n`).join(''));
    const bodies: unknown[] = [];
    for (const [path, more] of [
      [container, { RECORDS: 'rows' }],
      [base64, { SOURCES: sourcesOf('avro-orders'), SCHEMA_REGISTRY_URL: registry.url }],
    ] as const) {
      const received = await run('avro-orders', path, more);
      expect([...received.keys()]).toEqual(['7d2f6f0e-0000-4000-8000-000000000001']);
      bodies.push(received.get('7d2f6f0e-0000-4000-8000-000000000001'));
    }
    expect(bodies[0]).toMatchObject({
      event_name: 'Purchase',
      event_time: Math.floor(paidAt / 1000),
      custom_data: { value: 94.8, currency: 'EUR', num_items: 3 },
      // Of 9223372036854775807, every digit.
      user_data: { external_id: ['b34a1c30a715f6bf8b7243afa7fab883ce3612b7231716bdcbbdc1982e1aed29'] },
    });
    expect(bodies[1]).toEqual(bodies[0]);
  });
});

test('the preset audience-cdc-avro adds and removes by changes of rows, and removes by tombstones', async () => {
  const [values, keys] = [typeOf(schemaOf('audience-cdc-avro')), typeOf(key)];
  const row = (found: unknown) => {
    const columns = found as Record<string, unknown> | null;
    return columns && { ...columns, id: BigInt(String(columns['id'])), born: daysOf(columns['born']) };
  };
  const changes = sampleOf('audience-cdc-avro', ({ before, after, source, op, ts_ms: at }) => ({
    before: row(before),
    after: row(after),
    source: { ...(source as object), ts_ms: BigInt((source as { ts_ms: number }).ts_ms) },
    op,
    ts_ms: BigInt(Number(at)),
  }));
  const keyOf = (id: bigint) => framed(3, keys.toBuffer({ id }));
  const messageOf = (change: (typeof changes)[number]) => ({
    key: keyOf((change.after ?? change.before)?.id ?? 0n),
    value: framed(2, values.toBuffer(change)),
  });
  const topic = `${uniqueName('cdc')}.customers`;
  await createTopic(stage.broker.brokers, topic, { partitions: 1 });
  copyFileSync(presetOf('audience-cdc-avro'), join(stage.folder, 'customers.json'));
  const connector = stage.start(topic, {
    SOURCES: sourcesOf('audience-cdc-avro'),
    SCHEMA_REGISTRY_URL: registry.url,
  });
  const members = () => [...stage.sandbox.state.members('33')].sort();
  const [created, updated, second, deleted] = changes;
  if (created === undefined || updated === undefined || second === undefined || deleted === undefined)
    throw new Error('the sample has four changes');
  await produce(stage.broker.brokers, topic, [created, updated, second].map(messageOf));
  await expect.poll(members).toEqual(['1', '2']);
  await produce(stage.broker.brokers, topic, [messageOf(deleted)]);
  await expect.poll(members).toEqual(['2']);
  await produce(stage.broker.brokers, topic, [
    { key: keyOf(1n), value: null },
    { key: keyOf(2n), value: null },
  ]);
  await expect.poll(members).toEqual([]);
  await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
  expect(await stage.deadLetters(topic)).toEqual([]);
  connector.kill('SIGTERM');
  expect(await connector.exited).toBe(0);
});
