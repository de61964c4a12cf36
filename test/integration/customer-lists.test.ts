import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

const preset = resolve(import.meta.dirname, '../../mappings/presets/audience-backfill.json');
const audience = { id: '120200000000000007', accountId: '1234567890', name: 'Newsletter readers' };

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let sandbox: Sandbox;
let graph: string;
let folder: string;

beforeEach(async () => {
  sandbox = createSandbox({ audiences: [audience] });
  graph = await sandbox.listen();
  folder = mkdtempSync(join(tmpdir(), 'customer-lists-'));
});
afterEach(() => sandbox.close());

const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'list-token', RECORDS: 'rows' });
const members = () => [...sandbox.state.members(audience.id)].sort();

function fileOf(content: string | Buffer, ending: string): string {
  const path = join(folder, `customers.${ending}`);
  writeFileSync(path, content);
  return path;
}

interface Finding {
  readonly members: readonly string[];
  readonly stderr: string;
}

async function byRun(file: string): Promise<Finding> {
  const { code, stderr } = await runProgram(['run', '--mappings', preset, '--source', `file:${file}`, '--once'], {
    environment: environment(),
  });
  expect(code, stderr).toBe(0);
  return { members: members(), stderr };
}

async function byReplace(file: string): Promise<Finding> {
  const parameters = [
    'audiences',
    'replace',
    '--mappings',
    preset,
    '--audience',
    audience.name,
    '--file',
    file,
    '--yes',
  ];
  const { code, stderr } = await runProgram(parameters, { environment: environment() });
  expect(code, stderr).toBe(0);
  return { members: members(), stderr };
}

interface Explained {
  readonly deliveries: readonly {
    readonly request?: {
      readonly body: { readonly payload: { readonly schema: string[]; readonly data: unknown[][] } };
    };
  }[];
}

/** Who would be in the audience: sent to the sandbox by hand, request by request. */
async function byExplain(file: string): Promise<Finding> {
  const { code, stdout, stderr } = await runProgram(['explain', '--mappings', preset, '--json', file], {
    environment: environment(),
  });
  expect(code, stderr).toBe(0);
  const explained = stdout
    .trim()
    .split('\n')
    .map((line): Explained => JSON.parse(line));
  for (const { request } of explained.flatMap(({ deliveries }) => deliveries)) {
    const answer = await fetch(`${graph}/v26.0/${audience.id}/users`, {
      method: 'POST',
      headers: { authorization: 'Bearer list-token', 'content-type': 'application/json' },
      body: JSON.stringify({ payload: request?.body.payload }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }
  return { members: members(), stderr };
}

const ways = { run: byRun, explain: byExplain, 'audiences replace': byReplace };

// Meta: the template of a customer list, with its repeated columns and their names.
const header = 'email,email,email,phone,phone,phone,madid,fn,ln,zip,ct,st,country,dob,doby,gen,age,uid,value'.split(
  ',',
);
const rows = [
  'maja@shop.example,maja@work.example,,+46 70 123 45 67,,,,Maja,Berg,222 22,Lund,,SE,1980-02-01,1980,F,45,1234567890,25',
  ',noor@shop.example,,,,,,Noor,,1011,Amsterdam,,NL,,,,,,',
  ',,,,+46 70 765 43 21,,,Ola,,,,,SE',
  ',,,,,,AB1234CD-E123-12FG-J123-0123456789AB,,,,,,,,,,,,7.5',
].map((row) => row.split(','));

const template = (separator: string, lineBreak = '\n') =>
  [header, ...rows].map((cells) => cells.join(separator) + lineBreak).join('');

/** Maja is one person, whom both of her addresses and her phone belong to. */
const everybody = [
  hash('maja@shop.example'),
  hash('noor@shop.example'),
  hash('46707654321'),
  'ab1234cd-e123-12fg-j123-0123456789ab',
].sort();

describe('Meta’s template of a customer list', () => {
  test.each<[string, string, string | Buffer]>([
    ['.csv', 'csv', template(',')],
    ['.txt of tabs', 'txt', template('\t', '\r\n')],
    ['.csv in UTF-16 with semicolons', 'csv', Buffer.from(`\ufeff${template(';', '\r\n')}`, 'utf16le')],
  ])(
    'as %s has the same members by run, explain and audiences replace',
    async (_, ending, content) => {
      const file = fileOf(content, ending);
      const found: Record<string, readonly string[]> = {};
      for (const [name, way] of Object.entries(ways)) {
        await fetch(`${graph}/_sandbox/reset`, { method: 'POST', headers: { 'content-type': 'application/json' } });
        found[name] = (await way(file)).members;
      }
      expect(found).toEqual({ run: everybody, explain: everybody, 'audiences replace': everybody });
      expect(
        existsSync(`${file}.dead-letters.ndjson`) && readFileSync(`${file}.dead-letters.ndjson`, 'utf8'),
      ).toBeFalsy();
    },
    60_000,
  );

  test('explain reads its rows as rows without being told so', async () => {
    const file = fileOf(template(','), 'csv');
    const { code, stdout, stderr } = await runProgram(['explain', '--mappings', preset, '--json', file], {
      environment: { META_ACCESS_TOKEN: 'list-token' },
    });
    const lines = stdout.trim().split('\n');
    expect([code, lines.length]).toEqual([0, rows.length]);
    expect(JSON.parse(lines[0] ?? '').deliveries[0].status).toBe('ready');
    expect(stderr).toContain('no mapping reads the column "age"');
  }, 60_000);

  test('a column that is not read is a warning', async () => {
    const file = fileOf(template(','), 'csv');
    const run = await byRun(file);
    expect(run.stderr).toContain(`${file}:1:17: no mapping reads the column \\"age\\"`);
    expect(run.stderr).not.toContain('column \\"email\\"');
    const replaced = await byReplace(file);
    expect(replaced.stderr).toContain(`${file}:1:17: the column "age" is not known`);
  }, 60_000);
});

describe('a file of cells as people really send it', () => {
  const german = 'Kunden-Nr.;E-Mail-Adresse;Vorname;PLZ;Ort;Land\r\n';
  test.each<[string, string | Buffer, readonly string[]]>([
    [
      'a title, and German names',
      `Kundenliste, Stand Mai\r\n\r\n${german}k-1;a@shop.example;Ännchen;01234;Köln;DE\r\n`,
      ['k-1'],
    ],
    ['sep= and missing cells', `sep=;\n${german}k-1;a@shop.example\nk-2\n`, ['k-1', 'k-2']],
    [
      'bars, blanks and three kinds of line ends',
      'client id | code client | courriel\r| k-1 |\nx | k-2 | \r\ny|k-3|b@shop.example',
      ['k-1', 'k-2', 'k-3'],
    ],
    [
      'a quote that is never closed',
      'customer_id,email\nk-1,"a@shop.example\nk-2,b@shop.example\nk-3,\n',
      ['k-2', 'k-3'],
    ],
  ])(
    'with %s is read by each command alike, and no row is lost without a word',
    async (_, content, expected) => {
      const file = fileOf(content, 'csv');
      const found: Record<string, readonly string[]> = {};
      for (const [name, way] of Object.entries({ run: byRun, 'audiences replace': byReplace })) {
        await fetch(`${graph}/_sandbox/reset`, { method: 'POST', headers: { 'content-type': 'application/json' } });
        found[name] = (await way(file)).members;
      }
      expect(found).toEqual({ run: expected, 'audiences replace': expected });
    },
    60_000,
  );

  test('a row that can not be read is a dead letter that names its line', async () => {
    const file = fileOf('Title\ncustomer_id,email\nk-1,"a@shop.example\nk-2,b@shop.example\nk-3,,x\n', 'csv');
    await byRun(file);
    const letters = readFileSync(`${file}.dead-letters.ndjson`, 'utf8').trim().split('\n');
    expect(letters.map((line) => JSON.parse(line).error)).toMatchObject([
      { code: 'ROW_MALFORMED', message: 'line 3: column 2: the quote is never closed' },
      { code: 'ROW_MALFORMED', message: 'line 5: the row has 3 cells, the header 2' },
    ]);
    expect(members()).toEqual(['k-2']);
  }, 60_000);

  test('a file without a header, or in another encoding, is one error that names the line', async () => {
    for (const [content, message] of [
      ['a@shop.example,Ann\nb@shop.example,Bo\n', /customers\.csv:1: the first row seems to hold a person/],
      [Buffer.from('E-Mail;Straße\na@shop.example;x\n', 'latin1'), /customers\.csv:1: the line is not UTF-8/],
    ] as const) {
      const file = fileOf(content, 'csv');
      for (const parameters of [
        ['run', '--mappings', preset, '--source', `file:${file}`, '--once'],
        ['explain', '--mappings', preset, file],
        ['audiences', 'replace', '--mappings', preset, '--audience', audience.name, '--file', file],
      ]) {
        const { code, stderr } = await runProgram(parameters, { environment: environment() });
        expect(stderr).toMatch(message);
        expect(code).toBeGreaterThan(0);
      }
    }
  }, 60_000);
});
