import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { listening } from '../support/listening.ts';
import { orderRecord } from '../support/orders.ts';

/** A connector at a sandbox that refuses its token, with a webhook. `answers`: false: the webhook hangs. */
async function blockedRun(answers: boolean) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      bodies.push(body);
      if (answers) response.end();
    });
  });
  const webhook = await listening(server);
  const sandbox = createSandbox();
  const graph = await sandbox.listen();
  const fault = (method: 'POST' | 'DELETE') =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'token_expired' }),
      }),
    });
  await fault('POST');
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  const file = join(folder, 'orders.ndjson');
  const orders = Array.from({ length: 20 }, (_, index) => orderRecord('notify', index));
  writeFileSync(file, orders.map(({ value }) => `${value}\n`).join(''));
  const mappings = purchaseMappings();
  const connector = startConnector({
    arguments: ['run', '--mappings', mappings, '--source', `file:${file}`],
    environment: {
      META_GRAPH_URL: graph,
      NOTIFY_URL: `http://127.0.0.1:${webhook.port}/geheim`,
      NOTIFY_INTERVAL_MS: '1000',
    },
  });
  onTestFinished(async () => {
    connector.kill('SIGKILL');
    await connector.exited;
    await Promise.all([webhook.close(), sandbox.close()]);
    for (const path of [folder, mappings]) rmSync(path, { recursive: true, force: true });
  });
  const emails = orders.flatMap(({ value }) => /[\w.+-]+@[\w.-]+/.exec(String(value))?.[0] ?? []);
  return { connector, bodies, fault, emails };
}

test('a webhook is told of a lane that is blocked, with the fix, and that it sends again', async () => {
  const { connector, bodies, fault, emails } = await blockedRun(true);
  const changes = () => bodies.flatMap((body) => JSON.parse(body).changes);
  await expect.poll(changes).toMatchObject([{ kind: 'lane_blocked', state: 'begun', subject: 'lane shop' }]);
  expect(changes()[0].fix).toMatch(/token/);
  await fault('DELETE');
  connector.kill('SIGHUP');
  await expect.poll(changes).toMatchObject([{}, { kind: 'lane_blocked', state: 'ended' }]);
  connector.kill('SIGTERM');
  expect(await connector.exited, connector.log()).toBe(0);
  expect(emails.length).toBeGreaterThan(0);
  expect(bodies.filter((body) => emails.some((email) => body.includes(email)))).toEqual([]);
  expect(connector.log()).not.toContain('geheim');
});

test('a webhook that hangs keeps nothing from being delivered, and the connector stops in order', async () => {
  const { connector, bodies, fault } = await blockedRun(false);
  await expect.poll(() => bodies.length).toBe(1);
  await fault('DELETE');
  connector.kill('SIGHUP');
  const settled = async () => {
    const text = await (await fetch(`${connector.opsUrl()}/metrics`)).text();
    return /meta_actions_delivered_total\{[^}]*\} (\d+)/.exec(text)?.[1] ?? '0';
  };
  await expect.poll(settled).not.toBe('0');
  connector.kill('SIGTERM');
  expect(await connector.exited, connector.log()).toBe(0);
});
