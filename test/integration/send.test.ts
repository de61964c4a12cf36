import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

const audience = '120200000000000001';
let folder: string;
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meta-actions-send-'));
  sandbox = createSandbox({
    tokens: ['a-token-that-works'],
    datasets: ['1234567890'],
    audiences: [{ id: audience, accountId: '55', name: 'Buyers' }],
  });
  graph = await sandbox.listen();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox?.close();
});

const orders = { name: 'Orders', action: 'purchase' };
const buyers = {
  name: 'Buyers',
  action: 'sync-audience',
  trigger: 'event = "Order Completed"',
  mapping: { audience_id: audience, membership: true },
};

function mappingsWith(subscriptions: readonly object[], settings: object = {}): string {
  const path = join(mkdtempSync(join(folder, 'mappings-')), 'shop.json');
  const all = { pixel_id: '1234567890', ad_account_id: '55', access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings };
  writeFileSync(path, JSON.stringify({ name: 'shop', settings: all, subscriptions }));
  return path;
}

interface Sent {
  readonly status: string;
  readonly requests: readonly { readonly method: string; readonly body: unknown; readonly answer?: unknown }[];
  readonly error?: { readonly code: string };
}

async function send(mappings: string, parameters: readonly string[], token = 'a-token-that-works', input = '') {
  const { code, stdout, stderr } = await runProgram(['send', '--mappings', mappings, ...parameters], {
    input,
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: token, NO_PROXY: '*' },
  });
  const results = () => (JSON.parse(stdout) as { readonly results: readonly Sent[] }).results;
  return { code, stdout, stderr, results };
}

async function received(): Promise<string> {
  return (await fetch(`${graph}/_sandbox/requests`)).text();
}

const sample = ['--sample', 'Order Completed'];

describe('meta-actions send', () => {
  it('sends a conversion to the Test events, and shows request, answer, trace id and where to look', async () => {
    const { code, stdout } = await send(mappingsWith([orders]), [...sample, '--test-event-code', 'TEST7']);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ Orders (purchase → shop): accepted');
    expect(stdout).toMatch(/request {2}POST \/v[\d.]+\/1234567890\/events\n.*"test_event_code":"TEST7"/);
    expect(stdout).toMatch(/answer {3}HTTP 200 .*"events_received":1/);
    expect(stdout).toMatch(/trace id \S+/);
    expect(stdout).toContain('Test events, code TEST7');
    expect(await received()).toContain('TEST7');
  });

  it('sends what counts only when told to', async () => {
    const mappings = mappingsWith([orders]);
    const before = await received();
    const unsaid = await send(mappings, sample);
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('--test-event-code') });
    // Outside of a terminal nobody can be asked.
    const unasked = await send(mappings, [...sample, '--real']);
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
    expect(await received()).toBe(before);
    const real = await send(mappings, [...sample, '--real', '--yes', '--json']);
    expect(real.code).toBe(0);
    expect(JSON.stringify(real.results()[0]?.requests)).not.toContain('test_event_code');
  });

  it('adds an invented user to an audience and takes them out again, and nobody real', async () => {
    const { code, stdout, results } = await send(mappingsWith([buyers]), [...sample, '--json', '--show-identifiers']);
    expect(code).toBe(0);
    expect(results()[0]?.requests).toMatchObject([
      { method: 'POST', answer: { status: 200, body: { num_received: 1 } } },
      { method: 'DELETE', answer: { status: 200, body: { num_received: 1 } } },
    ]);
    const [added, removed] = results()[0]?.requests ?? [];
    const data = (body: unknown) => (body as { payload: { schema: unknown; data: unknown } }).payload;
    expect(data(removed?.body)).toEqual(data(added?.body));
    // The hash of the sample's address.
    expect(stdout).not.toContain(createHash('sha256').update('ada@example.com').digest('hex'));
    expect(stdout).toContain('meta-actions-test-');
    const view = await (await fetch(`${graph}/_sandbox/audiences/${audience}`)).json();
    expect(JSON.stringify(view)).not.toContain('meta-actions-test-');
  });

  it('names cause and fix of what Meta refuses', async () => {
    const coded = ['--test-event-code', 'TEST7', '--json', ...sample];
    const badToken = await send(mappingsWith([orders]), coded, 'another-token');
    expect({ code: badToken.code, requests: badToken.results()[0]?.requests }).toMatchObject({
      code: 1,
      requests: [{ error: { code: 'META_190', fix: expect.stringContaining('token') } }],
    });
    const noPixel = await send(mappingsWith([orders], { pixel_id: '99' }), coded);
    expect({ code: noPixel.code, requests: noPixel.results()[0]?.requests }).toMatchObject({
      code: 1,
      requests: [{ error: { code: expect.stringMatching(/^META_100/), fix: expect.any(String) } }],
    });
    const noAudience = { ...buyers, mapping: { ...buyers.mapping, audience_id: '404' } };
    const unknown = await send(mappingsWith([noAudience]), ['--json', ...sample]);
    expect({ code: unknown.code, result: unknown.results()[0] }).toMatchObject({
      code: 1,
      result: { status: 'refused', error: { fix: expect.any(String) } },
    });
  });

  it('keeps identifiers back unless they are to be shown, and says why nothing is sent', async () => {
    const mappings = mappingsWith([{ ...orders, mapping: { custom_data: { note: { '@path': '$.userId' } } } }]);
    const event = JSON.stringify({
      ...{ type: 'track', event: 'Order Completed', messageId: 'm-1', userId: 'user-4711' },
      ...{
        properties: { total: 1, currency: 'EUR' },
        context: { userAgent: 'x', page: { url: 'https://a.example/' } },
      },
    });
    const coded = ['--test-event-code', 'TEST7'];
    expect((await send(mappings, coded, undefined, event)).stdout).not.toContain('user-4711');
    expect((await send(mappings, [...coded, '--show-identifiers'], undefined, event)).stdout).toContain('user-4711');
    const nothing = await send(mappings, [...coded, '--sample', 'Page']);
    expect(nothing).toMatchObject({ code: 1, stdout: expect.stringContaining('not sent (trigger)') });
    const misspelt = await send(mappings, ['--sample', 'Order Complete', ...coded]);
    expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "Order Completed"') });
    const several = await send(mappings, coded, undefined, `${event}\n${event}\n`);
    expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining('--index') });
  });
});
