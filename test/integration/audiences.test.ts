import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { runProgram } from '../support/program.ts';
import { seeded } from '../support/seeded.ts';

describe('a file of members', () => {
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    sandbox = createSandbox({
      audiences: [
        { id: '1', accountId: '77', name: 'members' },
        { id: '2', accountId: '77', name: 'worth', isValueBased: true },
        { id: '3', accountId: '77', name: 'twice' },
        { id: '4', accountId: '77', name: 'twice' },
        { id: '5', accountId: '77', name: 'visitors', subtype: 'WEBSITE' },
      ],
    });
    graph = await sandbox.listen();
  });

  afterAll(() => sandbox.close());

  const member = (userId: string, more: object = {}) => ({ type: 'track', event: 'new', userId, properties: more });

  async function run(events: readonly object[], mapping: object, settings: object = {}, more: readonly string[] = []) {
    const folder = mkdtempSync(join(tmpdir(), 'audience-file-'));
    const file = join(folder, 'events.ndjson');
    const letters = join(folder, 'letters.ndjson');
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const finished = await runProgram(
      [
        'run',
        '--mappings',
        audienceMappings(settings, mapping),
        '--source',
        `file:${file}`,
        '--once',
        '--dead-letters',
        `file:${letters}`,
        ...more,
      ],
      { environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'integration-test-token' } },
    );
    return { finished, letters };
  }

  test('rows with different keys are all taken, and nobody’s key is lost', async () => {
    const events = [
      member('u-1', { email: 'a@shop.example' }),
      member('u-2', { email: ['b@shop.example', 'c@shop.example'], phone: '+46701234567' }),
      { ...member(''), properties: { email: 'd@shop.example' } },
      { ...member('u-5'), context: { device: { advertisingId: 'AB12-34' } } },
    ];
    const { finished } = await run(events, { audience_id: '1' });
    expect(finished.code, finished.stderr).toBe(0);
    const keys = await fetch(`${graph}/_sandbox/audiences/1/members`).then((answer) => answer.text());
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    for (const key of ['u-1', 'u-2', 'u-5', 'ab12-34', '46701234567', 'a', 'b', 'c', 'd']) {
      const sent = /^[abcd]$/.test(key) ? hash(`${key}@shop.example`) : key.startsWith('467') ? hash(key) : key;
      expect(keys, key).toContain(sent);
    }
    expect(sandbox.state.members('1').size).toBe(4);
  });

  test('of 1,000 people who join and leave again and again within one flush, the last change of each wins', async () => {
    const random = seeded(11);
    const people = Array.from({ length: 1_000 }, (_, index) => `again-${index}`);
    const joins = new Map<string, boolean>();
    const events = Array.from({ length: 10 }, () => people.filter(() => random() < 0.6))
      .flat()
      .sort(() => random() - 0.5)
      .map((person) => {
        const joining = random() < 0.5;
        joins.set(person, joining);
        return { ...member(person), event: joining ? 'new' : 'deleted' };
      });
    const before = sandbox.state.summary().requests.total;
    const { finished, letters } = await run(events, { audience_id: '1' }, { batch: { linger_ms: 5_000 } });
    expect(finished.code, finished.stderr).toBe(0);
    expect(existsSync(letters) && readFileSync(letters, 'utf8')).toBeFalsy();
    const members = [...sandbox.state.members('1')].filter((name) => name.startsWith('again-'));
    expect(members.sort()).toEqual([...joins].flatMap(([person, joined]) => (joined ? [person] : [])).sort());
    // The audience looked at, one removal, one addition: nobody was in both.
    expect(sandbox.state.summary().requests.total - before).toBe(3);
  });

  test('of 10,000 rows 350 bad ones are set aside, each with the reason of Meta, and the others are in', async () => {
    const bad = Array.from({ length: 350 }, (_, index) => `person-${index * 28}`);
    await fetch(`${graph}/_sandbox/audiences/1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invalid: { values: bad, reason: 'invalid value' } }),
    });
    const events = Array.from({ length: 10_000 }, (_, index) => member(`person-${index}`));
    const { finished, letters } = await run(events, { audience_id: '1' });
    expect(finished.code, finished.stderr).toBe(0);
    const written = readFileSync(letters, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written).toHaveLength(350);
    for (const { error } of written) {
      expect(error).toMatchObject({ code: 'AUDIENCE_ROW_INVALID' });
      expect(error.message).toContain('invalid value');
    }
    const named = written.map(({ value }) => JSON.parse(value).userId).sort();
    expect(named).toEqual([...bad].sort());
    expect([...sandbox.state.members('1')].filter((name) => name.startsWith('person-'))).toHaveLength(9650);
  });

  test('rule 17: more rejected than max_rejected_per_batch stops the audience with a report of fingerprints', async () => {
    await fetch(`${graph}/_sandbox/audiences/1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ invalid: { values: ['x-1', 'x-2'], reason: 'invalid value' } }),
    });
    const events = ['x-0', 'x-1', 'x-2'].map((id) => member(id));
    const { finished } = await run(events, { audience_id: '1' }, { max_rejected_per_batch: 1 }, [
      '--max-blocked',
      '0.02',
    ]);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(/2 rejected, threshold 1\. \[invalid value — 2 samples; e\.g\. [0-9a-f]{8}\*\*\*/);
    expect(finished.stderr).not.toContain('x-1');
    expect(sandbox.state.members('1').has('x-0')).toBe(true);
  });

  test('a value-based audience gets no row without a value', async () => {
    const events = [member('rich', { ltv: 12.5 }), member('unknown')];
    const { finished, letters } = await run(events, { audience_id: '2', value: { '@path': '$.properties.ltv' } });
    expect(finished.code, finished.stderr).toBe(0);
    expect(JSON.parse(readFileSync(letters, 'utf8'))).toMatchObject({ error: { code: 'VALUE_MISSING' } });
    expect([...sandbox.state.members('2')]).toEqual(['rich']);
  });

  test.each([
    [
      'rule 29: several audiences of the name',
      { audience_name: 'twice' },
      /AUDIENCE_NAME_AMBIGUOUS|called "twice": [34], [34]/,
    ],
    ['rule 29: an audience that is no customer list', { audience_id: '5' }, /only customer lists/],
    [
      'an audience that is not there and may not be made',
      { audience_name: 'nobody', create_audience: false },
      /may not be created/,
    ],
  ])('%s blocks, and nothing is set aside', async (_, mapping, message) => {
    const { finished, letters } = await run([member('u')], mapping, {}, ['--max-blocked', '0.02']);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(message);
    expect(existsSync(letters) ? readFileSync(letters, 'utf8') : '').toBe('');
  });
});

describe('the presets of audiences', () => {
  const mail = (name: string) => createHash('sha256').update(`${name}@example.com`).digest('hex');

  test.each<[string, string, readonly string[], string?]>([
    ['audience-engage', 'loyal_customers', ['cust-1']],
    ['audience-reverse-etl', 'Warehouse customers', ['cust-1']],
    ['audience-rudderstack-lists', 'crm', [mail('maja'), mail('ole')]],
    ['audience-cohorts', 'Power users', [mail('maja')]],
    ['audience-cdc', 'Customers', ['1', '4'], 'debezium'],
    ['audience-backfill', 'Newsletter readers', ['cust-1', mail('noor')], 'rows'],
  ])('%s leaves in the audience whom its sample says', async (preset, audience, members, records = 'events') => {
    const sandbox = createSandbox({
      audiences: [{ id: '120200000000000001', accountId: '1234567890', name: 'crm' }],
    });
    const graph = await sandbox.listen();
    const root = resolve(import.meta.dirname, '../..');
    const folder = mkdtempSync(join(tmpdir(), 'audience-preset-'));
    const name = preset === 'audience-backfill' ? `${preset}.csv` : `${preset}.ndjson`;
    const file = join(folder, name);
    copyFileSync(join(root, 'examples/events/presets', name), file);
    const mappings = join(root, 'mappings/presets', `${preset}.json`);
    const finished = await runProgram(['run', '--mappings', mappings, '--source', `file:${file}`, '--once'], {
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'integration-test-token', RECORDS: records },
    });
    expect(finished.code, finished.stderr).toBe(0);
    expect(
      existsSync(`${file}.dead-letters.ndjson`) && readFileSync(`${file}.dead-letters.ndjson`, 'utf8'),
    ).toBeFalsy();
    const found = sandbox.state.audiences().find(({ name }) => name === audience);
    expect([...sandbox.state.members(found?.id ?? '')].sort()).toEqual([...members].sort());
    await sandbox.close();
  });
});

test('a file of cells is not run as events, each of which would be a dead letter', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'cells-')), 'people.csv');
  writeFileSync(file, 'email\na@example.com\n');
  const finished = await runProgram(['run', '--mappings', audienceMappings(), '--source', `file:${file}`, '--once'], {
    environment: { META_ACCESS_TOKEN: 'integration-test-token' },
  });
  expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining('RECORDS must be rows')]);
});

test('rule 27: an address that a changed row no longer has is removed before the new one is added', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const sample = readFileSync(join(root, 'examples/events/presets/audience-cdc.ndjson'), 'utf8');
  const mappings = join(root, 'mappings/presets/audience-cdc.json');
  const { stdout } = await runProgram(['explain', '--mappings', mappings, '--json', '-'], {
    input: sample.split('\n').find((line) => line.includes('"op":"u"')) ?? '',
    environment: { RECORDS: 'debezium', META_ACCESS_TOKEN: 'integration-test-token' },
  });
  const { deliveries } = JSON.parse(stdout);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(
    deliveries.map(({ request }: { request: { method: string; body: { payload: object } } }) => [
      request.method,
      request.body.payload,
    ]),
  ).toEqual([
    ['DELETE', { schema: ['EMAIL'], data: [[hash('maja@example.com')]] }],
    [
      'POST',
      { schema: ['EXTERN_ID', 'EMAIL', 'PHONE'], data: [['1', hash('maja.new@example.com'), hash('46701234567')]] },
    ],
  ]);
});
