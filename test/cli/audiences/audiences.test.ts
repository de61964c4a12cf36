import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { runHere } from '../../support/program-here.ts';

let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  sandbox = createSandbox({
    audiences: [
      { id: '1', accountId: '77', name: 'Members' },
      { id: '2', accountId: '77', name: 'Twice' },
      { id: '3', accountId: '77', name: 'Twice' },
      { id: '4', accountId: '77', name: 'Visitors', subtype: 'WEBSITE' },
      { id: '5', accountId: '77', name: 'Suspect' },
      { id: '6', accountId: '88', name: 'Elsewhere' },
    ],
  });
  graph = await sandbox.listen();
});

afterAll(() => sandbox.close());

const change = (path: string, value: object) =>
  fetch(`${graph}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });

function mappings(...destinations: readonly { readonly name: string; readonly account?: string }[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'audiences-cli-'));
  for (const { name, account } of destinations) {
    const settings = { ...(account && { ad_account_id: account }), access_token: { $env: 'META_ACCESS_TOKEN' } };
    const subscriptions = [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '1' } }];
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, settings, subscriptions }));
  }
  return folder;
}

const crm = mappings({ name: 'crm', account: '77' });

async function audiences(parameters: readonly string[], path = crm) {
  const finished = await runHere(['audiences', ...parameters, '--mappings', path], {
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'a-token-for-tests' },
  });
  expect(finished.stderr).not.toMatch(/\n\s+at |a-token-for-tests/);
  return finished;
}

async function json(...parameters: readonly string[]) {
  const { code, stdout, stderr } = await audiences([...parameters, '--json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('audiences', () => {
  test('list shows those of the ad account, as a table and as JSON', async () => {
    const { code, stdout } = await audiences(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ID\s+KIND\s+SIZE\s+STATUS\s+NAME\n/);
    expect(stdout).toMatch(/^1\s+CUSTOM\s+<1000\s+normal\s+Members$/m);
    expect(stdout).not.toContain('Elsewhere');
    expect(await json('list')).toContainEqual(expect.objectContaining({ id: '4', subtype: 'WEBSITE' }));
  });

  test('show takes an audience by its id or its name', async () => {
    expect(await json('show', '--audience', 'Members')).toMatchObject({ id: '1', operation: { code: 200 } });
    const { stdout } = await audiences(['show', '--audience', '1']);
    expect(stdout).toMatch(/^name\s+Members$/m);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['a name that nobody has', ['show', '--audience', 'Nobody'], 1, /no audience called "Nobody"/],
    [
      'a name that several have',
      ['show', '--audience', 'Twice'],
      1,
      /audiences of the ad account have the name \w{8}.*: [23], [23]/,
    ],
    ['an id that is not there', ['show', '--audience', '999'], 1, /does not exist, or the token has no access.*Fix:/],
    ['no audience', ['show'], 2, /--audience/],
    ['no such command', ['paint'], 2, /paint/],
    ['a retention that Meta does not have', ['create', '--name', 'x', '--retention-days', '500'], 2, /1 to 180/],
    ['a source that Meta does not have', ['create', '--name', 'x', '--customer-file-source', 'ME'], 2, /USER_PROVIDED/],
  ])('%s ends with what to do', async (_, parameters, exit, message) => {
    const { code, stderr } = await audiences(parameters);
    expect(stderr).toMatch(message);
    expect(code).toBe(exit);
  });

  test('create makes an audience once, with what was asked for', async () => {
    const options = ['--description', 'who pays', '--retention-days', '30', '--value-based'];
    const made = await json('create', '--name', 'New', ...options, '--customer-file-source', 'PARTNER_PROVIDED_ONLY');
    expect(made).toMatchObject({ name: 'New', created: true });
    expect(await json('create', '--name', 'New')).toEqual({ ...made, created: false });
    expect(sandbox.state.audiences().filter(({ name }) => name === 'New')).toHaveLength(1);
    expect(await json('show', '--audience', made.id)).toMatchObject({
      description: 'who pays',
      retentionDays: 30,
      valueBased: true,
      customerFileSource: 'PARTNER_PROVIDED_ONLY',
    });
  });

  test('create makes no second audience when the answer got lost', async () => {
    await change('faults', { kind: 'reset_after', times: 1, match: { method: 'POST' } });
    expect(await json('create', '--name', 'Lost')).toMatchObject({ created: true });
    expect(sandbox.state.audiences().filter(({ name }) => name === 'Lost')).toHaveLength(1);
  });

  test.each<[string, string, object, RegExp]>([
    ['normal', '1', { operation_status: 200 }, /uploads\s+200: normal$/m],
    [
      'flagged',
      '5',
      { flagged: true },
      /uploads\s+471: flagged: it takes no uploads\. Resolve what .* https:\/\/business/,
    ],
    ['in replacement', '5', { operation_status: 414 }, /uploads\s+414: being replaced/],
    ['of a failed replacement', '5', { operation_status: 415 }, /415: .*did not finish\. Replace it again/],
    ['of many invalid rows', '5', { operation_status: 412 }, /412: many of the rows were invalid\./],
    ['too small', '5', { delivery_status: 300 }, /ads\s+300: too small for ads\. Send more people/],
    ['of another kind', '4', {}, /kind\s+WEBSITE: no customer list/],
  ])('status says of one that is %s what that means, and the fix', async (_, id, value, text) => {
    await change(`audiences/${id}`, value);
    const { code, stdout } = await audiences(['status', '--audience', id]);
    expect(stdout).toMatch(text);
    expect(code).toBe(0);
    expect(await json('status', '--audience', id)).toMatchObject({ id, status: [{ about: 'kind' }, {}, {}] });
  });

  test('sessions lists the uploads, newest first', async () => {
    const post = (session_id: string, last_batch_flag: boolean) =>
      fetch(`${graph}/v26.0/1/users`, {
        method: 'POST',
        headers: { authorization: 'Bearer a-token-for-tests', 'content-type': 'application/json' },
        body: JSON.stringify({
          session: { session_id, batch_seq: 1, last_batch_flag },
          payload: { schema: ['EXTERN_ID'], data: [['a']] },
        }),
      });
    await post('41', true);
    await post('42', false);
    expect(await json('sessions', '--audience', 'Members')).toMatchObject([
      { id: '42', received: 1, stage: 'uploading' },
      { id: '41', received: 1, stage: 'finished' },
    ]);
    const { stdout } = await audiences(['sessions', '--audience', '1']);
    expect(stdout).toMatch(/^SESSION\s+STARTED[\s\S]+^42\s+\d{4}-/m);
  });
});

describe('which destination', () => {
  test('is the only one with an ad account, or the one that is named', async () => {
    expect((await audiences(['list'], mappings({ name: 'shop' }, { name: 'crm', account: '77' }))).code).toBe(0);
    const two = mappings({ name: 'a', account: '77' }, { name: 'b', account: '88' });
    const { stdout } = await audiences(['list', '--destination', 'b'], two);
    expect(stdout).toContain('Elsewhere');
  });

  test.each<[string, readonly string[], string, RegExp]>([
    [
      'of several',
      ['list'],
      mappings({ name: 'a', account: '77' }, { name: 'b', account: '88' }),
      /--destination: a, b/,
    ],
    ['that is not there', ['list', '--destination', 'x'], crm, /no destination "x".*: crm/],
    ['without an ad account', ['list'], mappings({ name: 'shop' }), /set ad_account_id in .*shop\.json/],
  ])('one %s is wrong usage', async (_, parameters, path, message) => {
    const { code, stderr } = await audiences(parameters, path);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('what is missing at Meta', () => {
  test.each<[string, object, RegExp]>([
    ['terms', { terms: 'custom_audience' }, /terms.*customaudiences\/tos\/\?act=88/],
    ['a business', { in_business: false }, /linked to no business.*Fix:.*https:\/\//],
    ['a permission', { access: 'no_permission' }, /Fix:.*ads_management/],
  ])('%s: the command says so, with the link', async (_, value, message) => {
    await change('accounts/88', { terms: 'accepted', in_business: true, access: 'granted', ...value });
    const { code, stderr } = await audiences(['create', '--name', 'x'], mappings({ name: 'b', account: '88' }));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
