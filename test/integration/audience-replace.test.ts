import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

describe('replacements in events', () => {
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    sandbox = createSandbox({
      audiences: ['1', '2', '3', '4'].map((id) => ({ id, accountId: '77', name: `audience ${id}` })),
    });
    graph = await sandbox.listen();
  });

  afterAll(() => sandbox.close());

  const list = (operation: string, users: readonly unknown[]) => ({
    type: 'track',
    event: 'List',
    properties: { operation, users },
  });
  const ids = (...names: readonly string[]) => names.map((EXTERN_ID) => ({ EXTERN_ID }));
  const members = (audience: string) => [...sandbox.state.members(audience)].sort();
  const change = (audience: string, value: object) =>
    fetch(`${graph}/_sandbox/audiences/${audience}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });

  async function run(audience: string, events: readonly object[]) {
    const folder = mkdtempSync(join(tmpdir(), 'replacements-'));
    const [file, letters] = [join(folder, 'events.ndjson'), join(folder, 'letters.ndjson')];
    const destination = {
      name: 'crm',
      settings: { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' }, batch: { linger_ms: 200 } },
      subscriptions: [{ name: 'Lists', action: 'sync-audience-list', mapping: { audience_id: audience } }],
    };
    writeFileSync(join(folder, 'crm.json'), JSON.stringify(destination));
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const places = ['--source', `file:${file}`, '--dead-letters', `file:${letters}`];
    const finished = await runProgram(['run', '--mappings', join(folder, 'crm.json'), '--once', ...places], {
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'integration-test-token' },
    });
    expect(finished.code, finished.stderr).toBe(0);
    const written = readFileSync(letters, 'utf8').trim();
    return written === '' ? [] : written.split('\n').map((line) => JSON.parse(line).error);
  }

  test('rule 31: leave those whom they name and what comes after them, in order', async () => {
    const letters = await run('1', [
      list('add', ids('before-1', 'before-2', 'kept')),
      list('replace', ids('kept', 'new-1', 'new-2')),
      list('add', ids('after')),
      list('remove', ids('new-1')),
    ]);
    expect(letters).toEqual([]);
    expect(members('1')).toEqual(['after', 'kept', 'new-2']);
  });

  test('take people without an external id along with those who have one', async () => {
    const users = [{ EXTERN_ID: 'a', EMAIL: 'a@shop.example' }, { EMAIL: 'b@shop.example' }, { EXTERN_ID: 'c' }];
    expect(await run('2', [list('add', ids('before')), list('replace', users)])).toEqual([]);
    expect(members('2')).toHaveLength(3);
    expect(members('2')).not.toContain('before');
  });

  test('have a dead letter that names the entries that Meta or we can not take, also beyond the samples', async () => {
    const bad = Array.from({ length: 130 }, (_, index) => `bad-${index}`);
    await change('3', { invalid: { values: bad, reason: 'not to our liking' } });
    const letters = await run('3', [list('replace', [...ids(...bad, 'good'), 5])]);
    expect(letters).toMatchObject([{ code: 'ENTRIES_REJECTED', field: 'users' }]);
    expect(letters[0].message).toContain("1 of 132 users can't be used: users[131] (NOT_AN_OBJECT).");
    expect(letters[0].message).toContain('130 entries were refused: users[0] (AUDIENCE_ROW_INVALID)');
    expect(members('3')).toEqual(['good']);
  });

  test('rule 31: wait, and so does all that comes after, while another replacement runs', async () => {
    await change('4', { operation_status: 414 });
    const running = run('4', [list('add', ids('a')), list('replace', ids('b'))]);
    await sleep(2_000);
    expect(members('4')).toEqual([]);
    await change('4', { operation_status: 200 });
    expect(await running).toEqual([]);
    expect(members('4')).toEqual(['b']);
  });
});
