import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { createRecordDecoding } from '../../src/connector/record-decoding.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { planRecord } from '../../src/pipeline/route/plan.ts';
import { registryServer, type RegistryServer } from '../support/registry-server.ts';
import { avroSchemas, protoFiles, type SchemaIds, shopOrder } from '../support/shop-orders.ts';

const ids: SchemaIds = { avro: [1, 2], protobuf: [3, 4] };
const at = Date.UTC(2026, 4, 6, 7, 8, 9, 123);
const folder = mkdtempSync(join(tmpdir(), 'record-decoding-'));
let registry: RegistryServer;

beforeAll(async () => {
  registry = await registryServer({
    '/schemas/ids/1': { schema: avroSchemas[0] },
    '/schemas/ids/2': { schema: avroSchemas[1] },
    '/schemas/ids/3': { schema: protoFiles[0], schemaType: 'PROTOBUF' },
    '/schemas/ids/4': { schema: protoFiles[1], schemaType: 'PROTOBUF' },
  });
  writeFileSync(
    join(folder, 'shop.json'),
    JSON.stringify({
      name: 'shop',
      settings: { pixel_id: '1234567890', access_token: { $env: 'TOKEN' } },
      subscriptions: [{ name: 'Orders', action: 'purchase' }],
    }),
  );
  writeFileSync(
    join(folder, 'sources.json'),
    JSON.stringify({
      topics: { avro: { format: 'avro' }, proto: { format: 'protobuf' }, '/^any/': { format: 'auto' } },
    }),
  );
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await registry.close();
});

function record(topic: string, value: Buffer): SourceRecord {
  return { topic, partition: 0, offset: 0, next: 1, timestamp: at, key: null, value, headers: undefined };
}

describe('orders in Avro and Protobuf of two versions', () => {
  test('make the same bodies as in JSON, byte for byte', async () => {
    const destination = await loadDestination(join(folder, 'shop.json'), { environment: { TOKEN: 't' } });
    const settings = readSettings({ SOURCES: join(folder, 'sources.json'), SCHEMA_REGISTRY_URL: registry.url });
    const decoding = createRecordDecoding(settings, systemClock, () => undefined);
    const orders = Array.from({ length: 500 }, (_, index) => shopOrder(`m-${index}`, index, at, ids));
    const signal = new AbortController().signal;
    const bodiesOf = async (records: readonly SourceRecord[]) => {
      await decoding.prepare(records, signal);
      return records.map((one) => {
        const { decisions } = planRecord(one, [destination], { decode: decoding.options }, at + 1000, () => false);
        return decisions.map((decision) =>
          decision.kind === 'deliver' ? decision.ready.body.toString() : decision.kind,
        );
      });
    };
    const expected = await bodiesOf(orders.map(({ json }) => record('json', json)));
    expect(expected.flat().length).toBe(500);
    expect(expected.flat()[7]).toContain('"Purchase"');
    expect(await bodiesOf(orders.map(({ avro }) => record('avro', avro)))).toEqual(expected);
    expect(await bodiesOf(orders.map(({ protobuf }) => record('proto', protobuf)))).toEqual(expected);
    const mixed = orders.map(({ json, avro, protobuf }, index) => [json, avro, protobuf][index % 3] ?? json);
    expect(await bodiesOf(mixed.map((value) => record('any-orders', value)))).toEqual(expected);
    expect(registry.asked.length).toBe(4);
  });
});
