import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '../../support/program-here.ts';
import { registryServer, type RegistryServer } from '../../support/registry-server.ts';
import { avroSchemas, shopOrder } from '../../support/shop-orders.ts';

const folder = mkdtempSync(join(tmpdir(), 'explain-topic-'));
const at = Date.now();
const order = (index: number) => shopOrder(`m-${index}`, index * 2, at, { avro: [1], protobuf: [9] });
let registry: RegistryServer;

beforeAll(async () => {
  registry = await registryServer({ '/schemas/ids/1': { schema: avroSchemas[0] } });
  const settings = { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } };
  writeFileSync(
    join(folder, 'shop.json'),
    JSON.stringify({ name: 'shop', settings, subscriptions: [{ name: 'Orders', action: 'purchase' }] }),
  );
  writeFileSync(`${folder}.sources`, JSON.stringify({ topics: { orders: { format: 'avro' } } }));
  const values = [order(1).avro, Buffer.from([0, 0, 0, 0, 77, 2]), order(2).avro];
  writeFileSync(`${folder}.values`, values.map((value) => `${value.toString('base64')}\n`).join(''));
});

afterAll(async () => {
  for (const path of [folder, `${folder}.sources`, `${folder}.values`]) rmSync(path, { recursive: true });
  await registry.close();
});

async function explained(...parameters: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const environment = { SOURCES: `${folder}.sources`, SCHEMA_REGISTRY_URL: registry.url, META_ACCESS_TOKEN: 't' };
  const all = ['explain', `${folder}.values`, '--topic', 'orders', '--json', '--mappings', folder, ...parameters];
  const { stdout, code, stderr } = await runHere(all, { environment });
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('explain --topic', () => {
  test('reads values in base64 as the topic is read, and says which of them can not be', async () => {
    const [first, unknown, last] = await explained();
    expect(first).toMatchObject({
      event: { type: 'track', messageId: 'm-1' },
      deliveries: [{ subscription: 'Orders', status: 'ready' }],
    });
    expect(JSON.stringify(unknown)).toContain('SCHEMA_UNKNOWN');
    expect(JSON.stringify(unknown)).toContain('schema id 77, subject orders-value');
    expect(last).toMatchObject({ event: { messageId: 'm-2' } });
  });

  test('tries a mapping on them', async () => {
    const [first, unknown] = await explained('--mapping', '{"@path":"$.properties.total"}');
    expect(first).toMatchObject({ result: 12.99 });
    expect(unknown).toMatchObject({ error: { code: 'SCHEMA_UNKNOWN' } });
  });
});
