import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { startConnector } from '../../support/connector-process.ts';
import { runHere } from '../../support/program-here.ts';

let sandbox: Sandbox;
let graph: string;
const token = 'a-token-for-tests';
const folder = mkdtempSync(join(tmpdir(), 'audiences-replace-'));

beforeAll(async () => {
  sandbox = createSandbox({
    audiences: [
      { id: '1', accountId: '77', name: 'Members' },
      { id: '2', accountId: '77', name: 'Worth', isValueBased: true },
      { id: '3', accountId: '77', name: 'Visitors', subtype: 'WEBSITE' },
    ],
  });
  graph = await sandbox.listen();
});

beforeEach(async () => {
  await fetch(`${graph}/_sandbox/reset`, { method: 'POST', headers: { 'content-type': 'application/json' } });
});

afterAll(() => sandbox.close());

const change = async (path: string, value: object) => {
  const answer = await fetch(`${graph}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  expect(answer.ok, await answer.text()).toBe(true);
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const members = (id = '1') => [...sandbox.state.members(id)].sort();

let files = 0;
function fileOf(content: string | Buffer, ending = 'csv'): string {
  files += 1;
  const path = join(folder, `users-${files}.${ending}`);
  writeFileSync(path, content);
  return path;
}

function mappings(settings: object = {}, mapping: object = {}): string {
  files += 1;
  const path = join(folder, `crm-${files}.json`);
  const destination = {
    name: 'crm',
    settings: { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings },
    subscriptions: [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '1', ...mapping } }],
  };
  writeFileSync(path, JSON.stringify(destination));
  return path;
}

const crm = mappings();

async function replace(file: string, parameters: readonly string[] = [], path = crm) {
  const audience = parameters.includes('--audience') ? [] : ['--audience', '1'];
  const options = [...audience, '--mappings', path, '--file', file, ...parameters];
  const finished = await runHere(['audiences', 'replace', ...options], {
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: token },
  });
  expect(finished.stderr).not.toMatch(/\n\s+at |@shop\.example|a-token-for-tests/);
  return finished;
}

interface Batch {
  readonly session: { readonly session_id: number; readonly batch_seq: number; readonly last_batch_flag: boolean };
  readonly payload: { readonly schema: readonly string[]; readonly data: readonly unknown[] };
}

async function batches(edge = 'usersreplace'): Promise<readonly Batch[]> {
  const answer = await fetch(`${graph}/_sandbox/requests`);
  const { requests } = (await answer.json()) as { readonly requests: readonly { path: string; body: Batch }[] };
  return requests.filter(({ path }) => path.endsWith(`/${edge}`)).map(({ body }) => body);
}

/** Somebody is in the audience who is to be gone afterwards. */
async function fill(): Promise<void> {
  await fetch(`${graph}/v26.0/1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ payload: { schema: ['EXTERN_ID'], data: [['before']] } }),
  });
  expect(members()).toEqual(['before']);
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `u-${index}`);
const csvOf = (ids: readonly string[]) => `extern_id\n${ids.join('\n')}\n`;

describe('a replacement by a file', () => {
  test('of 25,000 people leaves exactly these, in one session of batches of at most 10,000', async () => {
    await fill();
    const rows = many(25_000).map((id, index) => `${id};"P${index}@Shop.example ";"Ann; ""A"""\r\n`);
    const { code, stderr } = await replace(fileOf(`\ufeffKundnr;E-Mail;First name\r\n${rows.join('')}`), [
      ...['--columns', 'Kundnr=EXTERN_ID'],
    ]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('25000 rows have replaced the audience');
    expect(members()).toEqual(many(25_000).sort());
    const known = await fetch(`${graph}/_sandbox/audiences/1/members?external_id=u-24999`);
    expect(await known.json()).toEqual({ EXTERN_ID: ['u-24999'], EMAIL: [sha256('p24999@shop.example')] });
    const sent = await batches();
    expect(sent.map(({ session }) => [session.batch_seq, session.last_batch_flag])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(new Set(sent.map(({ session }) => session.session_id)).size).toBe(1);
    expect(new Set(sent.map(({ payload }) => payload.schema.join()))).toEqual(new Set(['EXTERN_ID,EMAIL,FN']));
    expect(sent.map(({ payload }) => payload.data.length)).toEqual([10_000, 10_000, 5_000]);
  });

  test('that would lose more than half of the audience, or a tenth of the file, sends nothing without --yes', async () => {
    await fetch(`${graph}/v26.0/1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ payload: { schema: ['EXTERN_ID'], data: many(3_000).map((id) => [id]) } }),
    });
    const small = fileOf(csvOf(many(1_400)));
    const refused = await replace(small);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('would end with at most 1400')]);
    const bad = await replace(
      fileOf(`extern_id,email\n${many(2_600).join(',\n')},\n${',not-an-address\n'.repeat(400)}`),
    );
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining("400 of 3000 rows (13 %) can't be sent")]);
    expect(members()).toHaveLength(3_000);
    expect((await replace(small, ['--dry-run'])).stderr).toContain('this needs --yes');
    expect((await replace(small, ['--yes'])).code).toBe(0);
    expect(members()).toHaveLength(1_400);
  });

  test.each<[string, string, string]>([
    ['csv', 'csv', 'email,first name\np1@shop.example,Ann\n'],
    ['a text with tabs', 'txt', 'email\tfirst name\np1@shop.example\tAnn\n'],
    ['NDJSON', 'ndjson', '\n{"email":"p1@shop.example","First Name":"Ann","LN":null}\n'],
    ['csv with several columns of a kind', 'csv', 'email,Email,fn\n,P1@shop.example,Ann\n'],
  ])('takes %s', async (_, ending, text) => {
    const { code, stderr } = await replace(fileOf(text, ending));
    expect(code, stderr).toBe(0);
    expect((await batches())[0]?.payload).toEqual({
      schema: ['EMAIL', 'FN'],
      data: [[sha256('p1@shop.example'), sha256('ann')]],
    });
    expect(stderr).toMatch(/warning: 1 people: Meta is unlikely to use/);
  });

  test('hashes as sync-audience does under the same settings', async () => {
    const path = mappings({ hash_external_id: true, default_country: 'se' });
    const traits = { email: 'A@Shop.example', phone: '070-123 45 67', birthday: '1990-02-03', city: 'Göteborg' };
    const event = { type: 'identify', userId: 'U-1', traits, context: {} };
    const explained = await runHere(
      [
        'explain',
        '--mappings',
        mappings({ hash_external_id: true, default_country: 'se' }, { membership: true }),
        '--json',
      ],
      {
        input: JSON.stringify(event),
        environment: { META_ACCESS_TOKEN: token },
      },
    );
    const { payload } = JSON.parse(explained.stdout).deliveries[0].request.body;
    const text = 'external_id,email,phone,birthday,city\nU-1,A@Shop.example,070-123 45 67,1990-02-03,Göteborg\n';
    expect((await replace(fileOf(text), [], path)).code).toBe(0);
    expect((await batches())[0]?.payload).toEqual(payload);
  });

  test('adds people without an external id behind those who have one, and loses nobody', async () => {
    await fill();
    const { code, stderr } = await replace(fileOf('extern_id,email\na,p1@shop.example\n,p2@shop.example\nc,\n'));
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('1 rows have no external id');
    expect(members()).toEqual([sha256('p2@shop.example'), 'a', 'c'].sort());
    expect((await batches('users')).at(-1)?.payload).toEqual({
      schema: ['EMAIL'],
      data: [[sha256('p2@shop.example')]],
    });
  });

  test('of a value-based audience needs a value for each; of another it leaves values out', async () => {
    const file = fileOf('extern_id,value\na,7.5\nb,\nc,-1\n');
    const worth = await replace(file, ['--audience', 'Worth', '--json', '--yes']);
    expect(JSON.parse(worth.stdout)).toMatchObject({
      users: 1,
      refused: [
        { code: 'VALUE_MISSING', lines: [3] },
        { code: 'VALUE_INVALID', lines: [4] },
      ],
    });
    expect(members('2')).toEqual(['a']);
    const plain = await replace(file);
    expect(plain.stderr).toContain('not value-based: values are left out');
    expect(members('1')).toEqual(['a', 'b', 'c']);
  });

  test('with --json prints a report and no progress', async () => {
    const { code, stdout, stderr } = await replace(fileOf(csvOf(many(1_500))), ['--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      audience: { id: '1', name: 'Members' },
      dryRun: false,
      columns: [{ header: 'extern_id', key: 'EXTERN_ID' }],
      schema: ['EXTERN_ID'],
      users: 1_500,
      rows: { replacing: 1_500, adding: 0 },
      sent: { replaced: 1_500, sessionId: expect.stringMatching(/^\d+$/) },
      invalid: 0,
    });
  });

  test('with --dry-run shows columns and counts, and changes nothing', async () => {
    await fill();
    const { code, stderr } = await replace(fileOf('extern_id,email,notes\na,p1@shop.example,x\nb,-,y\n'), [
      '--dry-run',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('2 of 2 people can be sent, as 2 rows of EXTERN_ID, EMAIL');
    expect(stderr).toContain('columns: extern_id as EXTERN_ID, email as EMAIL');
    expect(stderr).toMatch(/csv:1:3: the column "notes" is not known/);
    expect(stderr).toContain('not usable: em of 1 people');
    expect(stderr).toContain('nothing was sent');
    expect(await batches()).toEqual([]);
    expect(members()).toEqual(['before']);
  });

  test.each([
    [99, /unlikely to use an audience of fewer than 100/],
    [1_000, /"<1000"/],
    [1_001, undefined],
  ])('of %i people is warned about as Meta treats it', async (count, warning) => {
    const { stderr } = await replace(fileOf(csvOf(many(count))), ['--dry-run']);
    if (warning === undefined) expect(stderr).not.toContain('warning');
    else expect(stderr).toMatch(warning);
  });
});

describe('trouble on the way', () => {
  const small = mappings({ batch: { max_rows: 500 } });

  test('is gone through with the same batch again, also where the answer was lost', async () => {
    await fill();
    const faults = [
      { kind: 'reset_after', times: 1 },
      { kind: 'error_500', after: 3, times: 2 },
      { kind: 'html_502', after: 6, times: 1 },
      { kind: 'reset_after', after: 8, times: 1 },
      { kind: 'reset_before', after: 10, times: 1 },
    ];
    for (const fault of faults) await change('faults', { ...fault, match: { path: '/usersreplace' } });
    const { code, stderr } = await replace(fileOf(csvOf(many(5_000))), [], small);
    expect(code, stderr).toBe(0);
    expect(members()).toEqual(many(5_000).sort());
    expect(stderr).toMatch(/waiting \d+ s: /);
  });

  test.each<[string, object, RegExp]>([
    ['another replacement runs', { operation_status: 414 }, /is being replaced\. Fix: wait.*sessions/],
    ['the audience is flagged', { flagged: true }, /flagged.*https:.*ask for a review/],
    ['the audience is too large', { approximate_count: 200_000_000 }, /100 million.*in events/],
  ])('%s: it does not start', async (_, value, message) => {
    await change('audiences/1', value);
    const { code, stderr } = await replace(fileOf(csvOf(many(3))));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(await batches()).toEqual([]);
  });

  test('an audience of another kind is not replaced', async () => {
    const { code, stderr } = await replace(fileOf(csvOf(many(3))), ['--audience', 'Visitors']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('only customer lists')]);
  });

  test('another replacement that begins between the look and the first batch is not disturbed', async () => {
    await change('faults', {
      kind: 'graph_error',
      code: 2650,
      subcode: 1870145,
      times: 1,
      match: { path: '/usersreplace' },
    });
    const { code, stderr } = await replace(fileOf(csvOf(many(3))));
    expect(stderr).toMatch(/being replaced.*\[META_2650_1870145\] Fix: Wait until the other replacement has ended/);
    expect(code).toBe(1);
  });

  test.each<[number, RegExp]>([
    [1870158, /more than 90 minutes; the audience holds what arrived.*Fix:/],
    [1870147, /first batch of the session did not arrive.*Fix: Start again/],
    [1870159, /has had its last batch.*Fix: Start again/],
    [1870144, /100 million.*Fix: Add and remove/],
  ])('2650/%i in the midst: what it means, what is left and how to go on', async (subcode, message) => {
    await change('faults', {
      kind: 'graph_error',
      code: 2650,
      subcode,
      after: 2,
      times: 1,
      match: { path: '/usersreplace' },
    });
    const { code, stderr } = await replace(fileOf(csvOf(many(2_000))), [], small);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(
      /1000 of 2000 rows were sent\. Meta ends the session at \d\d:\d\d UTC.*Start again with the same/,
    );
    expect(code).toBe(1);
  });

  test('a token that expires in the midst ends it with the cause and the link', async () => {
    await change('faults', { kind: 'token_expired', after: 2, match: { path: '/usersreplace' } });
    const { code, stdout } = await replace(fileOf(csvOf(many(2_000))), ['--json'], small);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      sent: { replaced: 1_000 },
      error: { code: 'META_190_463', fix: expect.stringContaining('https://business.facebook.com') },
    });
  });

  test('a stop in the midst says what was sent', async () => {
    await change('faults', { kind: 'latency', millis: 1_000, match: { path: '/usersreplace' } });
    const options = ['--audience', '1', '--mappings', small, '--file', fileOf(csvOf(many(5_000)))];
    const command = startConnector({
      arguments: ['audiences', 'replace', ...options],
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: token },
    });
    while (sandbox.state.requests().filter(({ path }) => path.endsWith('/usersreplace')).length < 2) await sleep(50);
    command.kill('SIGTERM');
    expect(await command.exited).toBe(1);
    expect(command.log()).toMatch(/\[STOPPED\]\n(1000|500) of 5000 rows were sent\. Meta ends the session at/);
  });

  test('it gives up before Meta ends the session', async () => {
    // Ten batches take four seconds at least, and it may take three.
    await change('faults', { kind: 'latency', millis: 400, match: { path: '/usersreplace' } });
    const { code, stderr } = await replace(fileOf(csvOf(many(5_000))), ['--max-minutes', '0.05'], small);
    expect(stderr).toMatch(/took too long: Meta ends a session after 90 minutes.*\[REPLACE_TIME_UP\] Fix:/);
    expect(stderr).toMatch(/of 5000 rows were sent\./);
    expect(code).toBe(1);
    expect(members()).toEqual([]);
  });
});

describe('rows that can not be sent', () => {
  const text = 'extern_id,email\na,p1@shop.example\n,-\n,n/a,\nb,,x\n"c"x,\nd,p4@shop.example\n';

  test('are left out and told by line and reason, never by value', async () => {
    const { code, stderr } = await replace(fileOf(text), ['--yes']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('2 of 6 people can be sent');
    expect(stderr).toMatch(/left out: 2 Nothing tells who the person is: .*\[NO_IDENTIFIER\], lines 3, 4/);
    expect(stderr).toContain('left out: 1 the row has 3 cells, the header 2 [ROW_MALFORMED], line 5');
    expect(stderr).toContain('left out: 1 column 1: there is text behind the closing quote [ROW_MALFORMED], line 6');
    expect(members()).toEqual(['a', 'd']);
  });

  test('of NDJSON are told the same way', async () => {
    const { stderr } = await replace(fileOf('{"extern_id":"a"}\n\n5\nnot json\n{"extern_id":""}\n', 'ndjson'), [
      '--yes',
    ]);
    expect(stderr).toContain('left out: 2 the line is no JSON object [NOT_AN_OBJECT], lines 3, 4');
    expect(stderr).toMatch(/\[NO_IDENTIFIER\], line 5/);
    expect(members()).toEqual(['a']);
  });

  test.each([
    ['--max-rejected', ['--max-rejected', '3'], crm],
    ['max_rejected_per_batch', [], mappings({ max_rejected_per_batch: 0 })],
  ])('stop it before anything is sent when they are more than %s', async (_, parameters, path) => {
    await fill();
    const { code, stderr } = await replace(fileOf(text), parameters, path);
    expect(stderr).toMatch(/4 of 6 rows can't be sent, and at most \d may be left out; nothing was sent/);
    expect(code).toBe(1);
    expect(members()).toEqual(['before']);
  });

  test('for Meta are told by line, and by the exit code if they are too many', async () => {
    await change('audiences/1', { invalid: { values: ['u-1', 'u-7'], reason: 'invalid value' } });
    const file = fileOf(csvOf(many(10)));
    const { code, stderr } = await replace(file);
    expect(stderr).toMatch(/not taken: 2, lines 3, 9: Meta took the request, but not this row: invalid value/);
    expect(code).toBe(0);
    expect((await replace(file, ['--max-rejected', '1'])).code).toBe(1);
    expect(members()).toHaveLength(8);
  });

  test('all of them: the audience stays as it is', async () => {
    await fill();
    const { code, stderr } = await replace(fileOf('email\n-\n'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('nobody who can be sent; the audience stays')]);
    expect(members()).toEqual(['before']);
  });
});

describe('a file that can not be used', () => {
  test.each<[string, string | Buffer, string, readonly string[], number, RegExp]>([
    [
      'no column that identifies',
      'name,city\nAnn,Lund\n',
      'csv',
      [],
      1,
      /csv:1:1: no column tells who.*"name", "city"/,
    ],
    ['no header', 'p1@shop.example,Ann\n', 'csv', [], 1, /csv:1: the first row seems to hold a person/],
    ['another encoding', Buffer.from('email,fn\na,M\u00fcller\n', 'latin1'), 'csv', [], 1, /csv:2: .*"CSV UTF-8"/],
    ['an unknown key', 'a\nb\n', 'csv', ['--columns', 'a=SHOE'], 2, /"SHOE" is no column of an audience: EXTERN_ID/],
    [
      'a column that is not there',
      'email\n',
      'csv',
      ['--columns', 'Mail=EMAIL'],
      2,
      /has no column "Mail"; it has "email"/,
    ],
    ['no equals sign', 'email\n', 'csv', ['--columns', 'Mail'], 2, /"Mail" is not header=KEY/],
    ['nothing in it', '', 'csv', [], 1, /is empty: its first row must name the columns/],
    ['an unknown ending', 'x', 'xlsx', [], 2, /name it \.ndjson, \.csv, \.txt/],
    ['too many minutes', 'email\n', 'csv', ['--max-minutes', '90'], 2, /at most 80/],
  ])('%s: says where and what to do', async (_, text, ending, parameters, exit, message) => {
    const { code, stderr } = await replace(fileOf(text, ending), parameters);
    expect(stderr).toMatch(message);
    expect(code).toBe(exit);
    expect(await batches()).toEqual([]);
  });

  test('is not there', async () => {
    const { code, stderr } = await replace('/no/such/users.csv');
    expect([code, stderr]).toEqual([1, expect.stringContaining('/no/such/users.csv does not exist')]);
  });

  test('has a column that is left out on purpose, without a warning', async () => {
    const { stderr } = await replace(fileOf('extern_id,email,x\na,p1@shop.example,1\n'), ['--columns', 'email=,x=']);
    expect(stderr).not.toContain('not known');
    expect((await batches())[0]?.payload.schema).toEqual(['EXTERN_ID']);
  });
});
