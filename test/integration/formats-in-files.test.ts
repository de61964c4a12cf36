import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avro from 'avsc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';
import { registryServer, type RegistryServer } from '../support/registry-server.ts';
import { avroSchemas, protoFiles, shopOrder } from '../support/shop-orders.ts';

const count = 60;
const at = Date.now();
const orders = Array.from({ length: count }, (_, index) =>
  shopOrder(`m-${index}`, index, at, { avro: [1, 2], protobuf: [3, 4] }),
);

describe('files of other formats than JSON', () => {
  let sandbox: Sandbox;
  let registry: RegistryServer;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    registry = await registryServer({
      '/schemas/ids/1': { schema: avroSchemas[0] },
      '/schemas/ids/2': { schema: avroSchemas[1] },
      '/schemas/ids/3': { schema: protoFiles[0], schemaType: 'PROTOBUF' },
      '/schemas/ids/4': { schema: protoFiles[1], schemaType: 'PROTOBUF' },
    });
    folder = mkdtempSync(join(tmpdir(), 'formats-in-files-'));
    const settings = { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } };
    const subscriptions = [{ name: 'Orders', action: 'purchase' }];
    writeFileSync(join(folder, 'shop.json'), JSON.stringify({ name: 'shop', settings, subscriptions }));
    const topics = { '/^file:.*\\.b64$/': { format: 'auto' } };
    writeFileSync(join(folder, 'sources'), JSON.stringify({ topics }));
  });

  afterEach(async () => {
    await Promise.all([sandbox.close(), registry.close()]);
    rmSync(folder, { recursive: true });
  });

  function meta(parameters: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const environment = {
      META_GRAPH_URL: graph,
      META_ACCESS_TOKEN: 'formats-token',
      SOURCES: join(folder, 'sources'),
      SCHEMA_REGISTRY_URL: registry.url,
      ...more,
    };
    return runProgram([...parameters, '--mappings', join(folder, 'shop.json')], { environment });
  }

  const run = (path: string, more?: Readonly<Record<string, string>>, ...parameters: readonly string[]) =>
    meta(['run', '--once', '--source', `file:${path}`, ...parameters], more);

  /** What Meta would get of each event, by its id. */
  async function bodies(path: string, ...parameters: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { stdout, stderr } = await meta(['explain', path, '--json', ...parameters]);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    return new Map(
      lines.map((line) => {
        const { event, deliveries } = JSON.parse(line) as {
          event: { messageId: string };
          deliveries: { request: { body: unknown } }[];
        };
        return [event.messageId, JSON.stringify(deliveries[0]?.request.body)];
      }),
    );
  }

  function written(name: string, lines: readonly string[]): string {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  }

  test('are explained and sent as the same orders in JSON are', async () => {
    const json = written(
      'orders.ndjson',
      orders.map((order) => order.json.toString()),
    );
    const mixed = orders.map((order, index) => (index % 2 === 0 ? order.avro : order.protobuf).toString('base64'));
    const base64 = written('orders.b64', mixed);
    const container = join(folder, 'orders.avro');
    const encoder = avro.createFileEncoder(container, JSON.parse(avroSchemas[0]) as avro.Schema, {
      codec: 'deflate',
      blockSize: 2000,
    });
    for (const order of orders) {
      const { timestamp, ...call } = JSON.parse(order.json.toString()) as { timestamp: string };
      encoder.write({ ...call, timestamp: Date.parse(timestamp) });
    }
    const closed = new Promise((resolve) => encoder.on('finish', resolve));
    encoder.end();
    await closed;

    const expected = await bodies(json);
    expect(expected.size).toBe(count);
    expect(await bodies(base64, '--topic', 'file:orders.b64')).toEqual(expected);
    expect(await bodies(container)).toEqual(expected);

    for (const path of [base64, container]) {
      const { code, stderr } = await run(path);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
      expect(sandbox.state.summary().events.unique).toBe(count);
    }
    for (const order of orders) {
      const { messageId } = JSON.parse(order.json.toString()) as { readonly messageId: string };
      expect(sandbox.state.received(messageId)).toBe(2);
    }
    // A second run has nothing left to send.
    expect((await run(container)).code).toBe(0);
    expect(sandbox.state.received('m-0')).toBe(2);
  });

  test('have dead letters that are replayed as they were read', async () => {
    const unknown = Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), orders[0]?.avro.subarray(5) ?? Buffer.alloc(0)]);
    const path = written(
      'orders.b64',
      [unknown, orders[1]?.avro ?? unknown].map((value) => value.toString('base64')),
    );
    expect((await run(path)).code).toBe(0);
    expect(sandbox.state.summary().events.unique).toBe(1);
    const letters = `${path}.dead-letters.ndjson`;
    expect(readFileSync(letters, 'utf8')).toContain('SCHEMA_UNKNOWN');
    registry.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ schema: avroSchemas[0] }));
    };
    const { code, stdout } = await meta(['replay', '--from', `file:${letters}`]);
    expect([code, stdout]).toEqual([0, expect.any(String)]);
    expect(sandbox.state.received('m-0')).toBe(1);
  });

  test('end a run whose registry is away, with the cause, and nothing of them is lost', async () => {
    const path = written(
      'orders.b64',
      orders.map((order) => order.avro.toString('base64')),
    );
    registry.answer = (_request, response) => void response.writeHead(200).end('<html>log in</html>');
    const { code, stderr } = await run(path, {}, '--max-blocked', '0.01');
    expect(code).toBe(1);
    expect(stderr).toContain('READING_WAITS');
    expect(stderr).toContain('what answers is not the API of a schema registry');
    expect(stderr).toContain('Fix: check SCHEMA_REGISTRY_URL');
    expect(sandbox.state.summary().events.unique).toBe(0);
    expect(
      existsSync(`${path}.dead-letters.ndjson`) && readFileSync(`${path}.dead-letters.ndjson`, 'utf8'),
    ).toBeFalsy();
    registry.answer = undefined;
    expect((await run(path)).code).toBe(0);
    expect(sandbox.state.summary().events.unique).toBe(count);
  });
});
