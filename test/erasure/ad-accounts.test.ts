import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { createRecordDecoding } from '../../src/connector/record-decoding.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import { erase } from '../../src/erasure/erase.ts';
import { sha256 } from '../../src/identity/hash.ts';
import { graphClient } from '../../src/meta/graph-client.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'erasure-accounts-'));
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  const audience = (id: string, accountId: string) => ({ id, accountId, name: `list ${id}` });
  sandbox = createSandbox({ audiences: [audience('1', '77'), audience('2', '88')] });
  graph = await sandbox.listen();
});
afterAll(() => sandbox.close());

async function destination(name: string, settings: object, subscription: object = {}, token = 'token-of-77') {
  const path = join(folder, `${name}.json`);
  const mapping = { audience_id: '1' };
  writeFileSync(
    path,
    JSON.stringify({
      name,
      settings: { access_token: { $env: 'TOKEN' }, ...settings },
      subscriptions: [{ name: 'Members', action: 'sync-audience', mapping, ...subscription }],
    }),
  );
  return loadDestination(path, { environment: { TOKEN: token } });
}

async function add(audience: string, account: string, key: string, value: string): Promise<void> {
  const answer = await fetch(`${graph}/v26.0/${audience}/users`, {
    method: 'POST',
    headers: { authorization: `Bearer token-of-${account}`, 'content-type': 'application/json' },
    body: JSON.stringify({ payload: { schema: [key], data: [[value]] } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

type Destinations = Awaited<ReturnType<typeof destination>>[];

async function erased(destinations: Destinations, person: Readonly<Record<string, string>>) {
  const settings = readSettings({ META_GRAPH_URL: graph });
  const client = graphClient({ baseUrl: graph });
  const receipt = await erase({
    ...{ people: [person], unusable: [], settings, destinations, places: [] },
    decoding: createRecordDecoding(settings, systemClock, () => undefined),
    call: { client, lane: 'erasure', clock: systemClock, telemetry: { emit: () => undefined } },
    signal: new AbortController().signal,
  });
  await client.close();
  return receipt;
}

test('erases who was added by an earlier version of the identity rules', async () => {
  await add('1', '77', 'PHONE', sha256('330612345678'));
  const destinations = [await destination('crm', { ad_account_id: '77' })];
  expect(await erased(destinations, { ph: '+33 (06) 12 34 56 78' })).toMatchObject({ complete: true });
  expect(sandbox.state.members('1').size).toBe(0);
});

test('erases who was added by another destination of the ad account, which reads people in its own way', async () => {
  await add('1', '77', 'PHONE', sha256('436641234567'));
  await add('1', '77', 'EXTERN_ID', sha256('crm-4711'));
  const destinations = [
    await destination('de', { ad_account_id: '77', default_country: 'DE' }),
    await destination('at', { ad_account_id: '77', default_country: 'AT', hash_external_id: true }),
  ];
  const receipt = await erased(destinations, { ph: '0664 1234567', external_id: 'crm-4711' });
  expect(receipt.meta).toMatchObject([{ adAccount: 'act_77' }]);
  expect(sandbox.state.members('1').size).toBe(0);
});

test('erases an id that a subscription sends in the clear', async () => {
  await add('1', '77', 'EXTERN_ID', 'Ann@Shop.example');
  const destinations = [await destination('clear', { ad_account_id: '77' }, { in_the_clear: ['external_id'] })];
  await erased(destinations, { external_id: 'Ann@Shop.example' });
  expect(sandbox.state.members('1').size).toBe(0);
});

test('erases from the ad account that the mapping of a subscription names', async () => {
  await add('2', '88', 'EXTERN_ID', 'crm-1');
  const mapping = { audience_name: 'list 2', ad_account_id: '88' };
  const destinations = [await destination('other', {}, { mapping }, 'token-of-88')];
  const receipt = await erased(destinations, { external_id: 'crm-1' });
  expect(receipt).toMatchObject({ complete: true, notes: [], meta: [{ adAccount: 'act_88' }] });
  expect(sandbox.state.members('2').size).toBe(0);
});
