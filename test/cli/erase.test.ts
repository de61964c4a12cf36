import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDeadLetter } from '../../src/file/dead-letter-line.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { fillAudiences, lettersFile, people, peopleFile, personIn, strangers } from '../support/people-to-erase.ts';
import { program, programEnvironment, runProgram } from '../support/program.ts';
import { runHere } from '../support/program-here.ts';

const audiences = ['1', '2', '3', '4', '5'];
const folder = mkdtempSync(join(tmpdir(), 'erase-'));
const mappings = join(folder, 'crm.json');
const csv = join(folder, 'people.csv');
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  sandbox = createSandbox({ audiences: audiences.map((id) => ({ id, accountId: '77', name: `list ${id}` })) });
  graph = await sandbox.listen();
  writeFileSync(csv, peopleFile);
  const destination = {
    name: 'crm',
    settings: { ad_account_id: '77', default_country: 'DE', access_token: { $env: 'META_ACCESS_TOKEN' } },
    subscriptions: [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '1' } }],
  };
  writeFileSync(mappings, JSON.stringify(destination));
});
afterAll(() => sandbox.close());

async function erase(...parameters: readonly string[]) {
  const finished = await runHere(['erase', '--mappings', mappings, ...parameters], {
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'token-of-77' },
  });
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  expect(personIn(finished.stdout + finished.stderr)).toBeUndefined();
  return finished;
}

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('erase', () => {
  test('takes 1,000 people out of five audiences and 200 letters, and leaves everybody else', async () => {
    await fillAudiences(graph, '77', audiences);
    const path = await lettersFile(folder, 'taken');
    const before = linesOf(path);
    const { code, stdout } = await erase('--file', csv, '--from', `file:${path}`, '--json');
    const receipt = JSON.parse(stdout);
    expect(receipt).toMatchObject({
      people: 1000,
      complete: true,
      meta: [{ adAccount: 'act_77', requests: 3, taken: { EXTERN_ID: 1000, EMAIL: 1000, PHONE: 1000 }, invalid: 0 }],
      places: [{ place: `file:${path}`, read: 300, erased: 200, replayedKeys: 200 }],
      foundNowhere: 800,
    });
    expect(code).toBe(0);
    for (const id of audiences) expect([...sandbox.state.members(id)].sort(), id).toEqual([...strangers].sort());
    const after = linesOf(path);
    expect(personIn(after.join('\n') + readFileSync(`${path}.replayed`, 'utf8'))).toBeUndefined();
    expect(after).toHaveLength(300);
    for (const [index, line] of after.entries()) {
      if (index % 3 === 2) expect(line).toBe(before[index]);
      else {
        const { record, failure, eventId, people: keys } = parseDeadLetter(line) ?? {};
        expect([record?.offset, failure?.code, record?.key, record?.value]).toEqual([
          index,
          'FIELD_MISSING',
          null,
          null,
        ]);
        expect([eventId, keys]).toEqual([undefined, undefined]);
      }
    }
    const left = linesOf(`${path}.replayed`);
    expect(left).toHaveLength(100);
  });

  test('finds a letter of the connector by the keys that it has written, even without its value', async () => {
    const events = join(folder, 'events.ndjson');
    writeFileSync(
      events,
      `{"type":"track","event":"Members","userId":"${people[7]?.id}","traits":{"email":"n/a"}}\n{\n`,
    );
    const path = `${events}.dead-letters.ndjson`;
    const source = ['--source', `file:${events}`, '--once'];
    const environment = { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'token-of-77', ENVELOPE: 'inner' };
    await runProgram(['run', '--mappings', mappings, ...source], { environment });
    const [written = ''] = linesOf(path);
    const { value: _, ...keyed } = JSON.parse(written);
    expect(keyed.people).toEqual([expect.stringMatching(/^[\w-]{16}$/)]);
    writeFileSync(path, `${JSON.stringify({ ...keyed, value: '' })}\n`);
    const { stdout } = await erase('--file', csv, '--from', `file:${path}`);
    expect(stdout).toContain('1 of 1 letters emptied');
  });

  test('tells what failed, does the rest, and exits with 1', async () => {
    await fillAudiences(graph, '77', audiences);
    const path = await lettersFile(folder, 'failed');
    const fault = { kind: 'token_expired', match: { path: 'usersofanyaudience' } };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${graph}/_sandbox/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
    const missing = join(folder, 'not-there.ndjson');
    const { code, stdout } = await erase('--file', csv, '--from', `file:${missing}`, `file:${path}`);
    await fetch(`${graph}/_sandbox/faults`, { method: 'DELETE' });
    expect(stdout).toMatch(/not-there\.ndjson: .*does not exist/);
    expect(stdout).toContain('200 of 300 letters emptied');
    expect(stdout).toMatch(/ad account act_77: nothing was asked; then it failed: .*\[/);
    expect(stdout).toContain('NOT complete');
    expect(code).toBe(1);
    expect(sandbox.state.members('1').size).toBe(1050);
  });

  test('of a file with nobody who can be found says what a row needs', async () => {
    const path = join(folder, 'nobody.csv');
    writeFileSync(path, 'email,city\n,Berlin\n');
    const { code, stderr } = await erase('--file', path);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/nothing was erased\. A row needs an e-mail.*\[FILE_NO_USERS\]/),
    ]);
  });

  test('on a full disk changes nothing of the letters, says so, and leaves no half of a file', async () => {
    const path = await lettersFile(folder, 'full');
    const bytes = readFileSync(path);
    const marks = readFileSync(`${path}.replayed`);
    // A file may grow to 16 KiB here, and the next write to it fails, as on a disk that is full.
    const command = `ulimit -f 16; exec "$@"`;
    const parameters = ['erase', '--mappings', mappings, '--file', csv, '--from', `file:${path}`];
    const child = spawn('bash', ['-c', command, 'bash', process.execPath, program, ...parameters], {
      env: programEnvironment({
        META_GRAPH_URL: graph,
        META_ACCESS_TOKEN: 'token-of-77',
        NODE_DISABLE_COMPILE_CACHE: '1',
      }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(stdout).toMatch(/Nothing was changed.*\[ERASURE_UNWRITABLE\]/);
    expect(stdout).toContain('NOT complete');
    expect(status).toBe(1);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readFileSync(`${path}.replayed`).equals(marks)).toBe(true);
    expect(readdirSync(folder).filter((name) => /erasing|\.lock$/.test(name))).toEqual([]);
  });

  test('refuses to look nowhere', async () => {
    const pixel = join(folder, 'pixel.json');
    const settings = { pixel_id: '1', access_token: { $env: 'META_ACCESS_TOKEN' } };
    writeFileSync(
      pixel,
      JSON.stringify({ name: 'web', settings, subscriptions: [{ name: 'Orders', action: 'purchase' }] }),
    );
    const { code, stdout, stderr } = await erase('--mappings', pixel, '--person', 'email=ann@else.example');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('nothing to erase from');
  });

  test('refuses what is no key of a person, without repeating it', async () => {
    const { code, stderr, stdout } = await erase('--person', 'shoe=person.1@erase.example');
    expect(stderr).toMatch(/email=…/);
    expect(stderr + stdout).not.toContain('person.1');
    expect(code).toBe(2);
  });
});
