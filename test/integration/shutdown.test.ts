import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { promptMillis } from '../support/prompt.ts';

/** For what is in flight: so long that no machine takes half of it for an end that waits for nothing. */
const stopWaitsMillis = 600_000;

describe('the end of the process', () => {
  let sandbox: Sandbox;
  let graph: string;
  let file: string;

  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    file = join(mkdtempSync(join(tmpdir(), 'shutdown-')), 'orders.ndjson');
    const values = Array.from({ length: 40 }, (_, index) => orderRecord('shutdown', index).value);
    writeFileSync(file, Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')])));
  });
  afterEach(() => sandbox.close());

  const committed = () => JSON.parse(readFileSync(`${file}.offset`, 'utf8')).offset;
  const fault = (body: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const start = (...more: readonly string[]) =>
    startConnector({
      arguments: ['run', '--mappings', purchaseMappings(), '--source', `file:${file}`, ...more],
      environment: { META_GRAPH_URL: graph, SHUTDOWN_TIMEOUT_MS: String(stopWaitsMillis) },
    });

  async function underWay(): Promise<void> {
    await expect.poll(() => sandbox.state.requests().length).toBeGreaterThan(0);
  }

  test('waits for requests under way, commits them and exits 0', async () => {
    await fault({ kind: 'latency', millis: 1500 });
    const connector = start();
    await connector.ready();
    await underWay();
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
    expect(committed()).toBe(readFileSync(file).length);
    expect(sandbox.state.summary().events).toMatchObject({ unique: 40, accepted: 40 });
  });

  test('a second signal ends it at once, and nothing that was not settled is committed', async () => {
    await fault({ kind: 'hang' });
    const connector = start();
    await connector.ready();
    await underWay();
    connector.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${connector.opsUrl()}/readyz`)).status).toBe(503);
    const before = Date.now();
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(1);
    expect(Date.now() - before).toBeLessThan(stopWaitsMillis / 2);
    expect(committed()).toBe(0);
  });

  test('a blocked lane does not hold it, and its offsets stay', async () => {
    await fault({ kind: 'token_invalid' });
    const connector = start();
    await underWay();
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    const before = Date.now();
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(1);
    expect(Date.now() - before).toBeLessThan(stopWaitsMillis / 2);
    expect(connector.log()).toContain('"kind":"stopped","clean":false');
    expect(committed()).toBe(0);
  });

  test('a start that fails leaves nothing behind that keeps the process', async () => {
    const connector = start('--dead-letters', 'file:/nowhere/letters.ndjson');
    expect(await connector.exited).toBe(1);
    expect(connector.log()).toMatch(/error: .*nowhere/);
  });

  test('a signal during the start ends it within seconds', async () => {
    // Takes connections and never answers.
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connector = startConnector({
      arguments: ['run', '--mappings', purchaseMappings()],
      environment: { META_GRAPH_URL: graph, KAFKA_BROKERS: `127.0.0.1:${port}`, KAFKA_TOPICS: 'orders' },
    });
    await new Promise((resolve) => silent.once('connection', resolve));
    const before = Date.now();
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
    const took = Date.now() - before;
    expect(took).toBeLessThan(await promptMillis());
    silent.close();
    expect(connector.log()).not.toContain('    at ');
  });
});
