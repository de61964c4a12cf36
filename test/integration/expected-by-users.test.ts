import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

type Members = Readonly<Record<string, unknown>>;

const presets = resolve(import.meta.dirname, '../../mappings/presets');
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const track = (event: string, properties: Members, more: Members = {}) => ({
  type: 'track',
  event,
  properties,
  ...more,
});

describe('what users of other products expect, from a file to the audience', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox({
      audiences: [
        { id: '1', accountId: '1234567890', name: 'members' },
        { id: '2', accountId: '1234567890', name: 'by replace' },
      ],
    });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'expected-'));
  });
  afterEach(() => sandbox.close());

  const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'a-token-for-tests' });
  const write = (name: string, text: string | Buffer) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const destination = (action: string, mapping: Members, settings: Members = {}) =>
    write(
      'destination.json',
      JSON.stringify({
        name: 'crm',
        settings: { ad_account_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings },
        subscriptions: [{ name: 'All', action, trigger: 'type = "track" or type = "identify"', mapping }],
      }),
    );

  async function run(mappings: string, source: string, records = 'events') {
    const place = join(folder, 'letters.ndjson');
    const parameters = ['run', '--mappings', mappings, '--source', `file:${source}`, '--once'];
    const finished = await runProgram([...parameters, '--dead-letters', `file:${place}`], {
      environment: { ...environment(), RECORDS: records },
    });
    const text = existsSync(place) ? readFileSync(place, 'utf8').trim() : '';
    return { ...finished, letters: text === '' ? [] : text.split('\n').map((line) => JSON.parse(line)) };
  }

  const events = (list: readonly object[]) =>
    write('events.ndjson', list.map((event) => `${JSON.stringify(event)}\n`).join(''));

  test('threshold 0 and a malformed e-mail: exit 1, one dead letter, the count in the message', async () => {
    const mappings = destination('sync-audience', { audience_id: '1' }, { max_rejected_per_batch: 0 });
    const { code, stderr, letters } = await run(mappings, events([track('new', { email: 'not-an-address' })]));
    expect(code).toBe(1);
    expect(letters).toMatchObject([{ error: { code: 'NO_IDENTIFIER' } }]);
    expect(stderr).toContain('1 rejected, threshold 0.');
    expect(stderr).not.toContain('not-an-address');
  });

  test('threshold 0 and a row that Meta finds invalid: exit 1, its dead letter, and the fingerprint of what is in the file', async () => {
    const refused = hash('jo@shop.example');
    await fetch(`${graph}/_sandbox/audiences/1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invalid: [{ values: [refused], reason: 'Invalid value' }] }),
    });
    const mappings = destination('sync-audience', { audience_id: '1' }, { max_rejected_per_batch: 0 });
    const people = [track('new', { email: 'Jo@shop.example' }), track('new', { email: 'al@shop.example' })];
    const { code, stderr, letters } = await run(mappings, events(people));
    expect(code).toBe(1);
    expect(letters).toMatchObject([{ error: { code: 'AUDIENCE_ROW_INVALID' } }]);
    expect(stderr).toContain(`Invalid value — 1 sample; e.g. ${refused.slice(0, 8)}*** at `);
    const printed = await runProgram(['fingerprint', 'Jo@shop.example'], { environment: environment() });
    expect(printed.stdout).toContain(`${refused.slice(0, 8)}  as em`);
  });

  test('400 computed traits, then 5 changes of an audience: 5 members and no dead letter', async () => {
    const computed = (key: string, value: unknown, at: number) => ({
      type: 'identify',
      userId: `u-${at}`,
      traits: { [key]: value },
      context: { personas: { computation_key: key } },
    });
    const traits = Array.from({ length: 400 }, (_, at) => computed('lifetime_value', at * 1.5, at));
    const changes = Array.from({ length: 5 }, (_, at) => computed('vip', true, at));
    const { code, stderr, letters } = await run(join(presets, 'audience-engage.json'), events([...traits, ...changes]));
    expect(code, stderr).toBe(0);
    expect(letters).toEqual([]);
    const made = sandbox.state.audiences().find(({ name }) => name === 'vip');
    expect(sandbox.state.members(made?.id ?? '').size).toBe(5);
  });

  test('300 empty deltas of a cohort, then one with a user, who is added', async () => {
    const delta = (users: readonly object[]) => track('Cohort', { operation: 'add', cohort_name: 'members', users });
    const deltas = Array.from({ length: 300 }, () => delta([]));
    const source = events([...deltas, delta([{ user_id: 'u-1' }])]);
    const { code, stderr, letters } = await run(join(presets, 'audience-cohorts.json'), source);
    expect(code, stderr).toBe(0);
    expect(letters).toEqual([]);
    expect([...sandbox.state.members('1')]).toEqual(['u-1']);
  });

  test('session 5 to add, then to delete, then another list: one dead letter, and the list is delivered', async () => {
    const list = (properties: Members) => track('LIST', properties);
    const source = events([
      list({ sessionIdAdd: 5, userListAdd: [{ EXTERN_ID: 'u-1' }] }),
      list({ sessionIdDelete: 5, userListDelete: [{ EXTERN_ID: 'u-1' }] }),
      list({ userListAdd: [{ EXTERN_ID: 'u-2' }] }),
    ]);
    const { code, stderr, letters } = await run(destination('sync-audience-list', { audience_id: '1' }), source);
    expect(code, stderr).toBe(0);
    expect(letters).toHaveLength(1);
    expect(letters[0].error.message).toContain('SESSION_REUSED');
    expect([...sandbox.state.members('1')].sort()).toEqual(['u-1', 'u-2']);
  });

  test('a cohort of 100,000 of whom 30 % are broken: the others are in, and one dead letter names the entries', async () => {
    const users = Array.from({ length: 100_000 }, (_, at) =>
      at % 10 < 3 ? { country: 'SE' } : { user_id: `u-${at}` },
    );
    const cohort = track('Cohort', { operation: 'add', cohort_name: 'members', users });
    const { code, stderr, letters } = await run(join(presets, 'audience-cohorts.json'), events([cohort]));
    expect(code, stderr).toBe(0);
    expect(letters).toHaveLength(1);
    expect(letters[0].error.message).toContain('30000 of 100000');
    expect(sandbox.state.members('1').size).toBe(70_000);
  });

  /** With its repeated columns, as Meta gives it. */
  const columns = 'email,email,email,phone,phone,phone,madid,fn,ln,zip,ct,st,country,dob,doby,gen,age,uid,value';
  const people = [
    'a@shop.example,b@shop.example,,1-650-561-5622,,,,Ann,Lind,94035,Menlo Park,CA,US,2/1/90,1990,F,34,,12',
    'c@shop.example,,,,,,,Bo,Ek,22222,Lund,,SE,,1985,M,41,,3',
  ];
  const csv = `${[columns, ...people].join('\n')}\n`;

  test.each([
    ['.csv', csv],
    ['.txt', csv.replaceAll(',', '\t')],
    ['.csv in UTF-16 with semicolons', Buffer.from(`\uFEFF${csv.replaceAll(',', ';')}`, 'utf16le')],
  ])('the template of a customer list as %s: the same members by run, explain and replace', async (kind, text) => {
    const file = write(`people${kind.slice(0, 4)}`, text);
    const mappings = destination('sync-audience', { audience_id: '1' });
    const ran = await run(mappings, file, 'rows');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.letters).toEqual([]);
    const mails = ['a', 'b', 'c'].map((name) => hash(`${name}@shop.example`));
    const members = async (id: string) => {
      const answer = await fetch(`${graph}/_sandbox/audiences/${id}/members`);
      return (await answer.text()).trim().split('\n').sort();
    };
    const byRun = await members('1');
    for (const mail of mails) expect(byRun.join(), kind).toContain(mail);

    const explained = await runProgram(['explain', '--mappings', mappings, '--json', file], {
      environment: { ...environment(), RECORDS: 'rows' },
    });
    expect(explained.code, explained.stderr).toBe(0);
    for (const mail of mails) expect(explained.stdout).toContain(mail);

    const replace = ['audiences', 'replace', '--mappings', mappings, '--audience', '2', '--file', file];
    const replaced = await runProgram(replace, { environment: environment() });
    expect(replaced.code, replaced.stderr).toBe(0);
    expect(await members('2')).toEqual(byRun);
  });
});
