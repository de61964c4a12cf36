import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/releases');
const releases = globSync('*/about.json', { cwd: fixtures }).map(dirname);
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  sandbox = createSandbox();
  graph = await sandbox.listen();
});
afterAll(() => sandbox?.close());

describe.each(releases)('what %s has left in files is read by this release', (release) => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** A copy, as if the process of that release had ended here. */
  function copied(): string {
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    folders.push(folder);
    cpSync(join(fixtures, release), folder, { recursive: true });
    const path = join(folder, 'orders.ndjson.offset');
    const inode = String(statSync(join(folder, 'orders.ndjson'), { bigint: true }).ino);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), inode }));
    return folder;
  }

  const run = (folder: string, ...parameters: readonly string[]) =>
    runProgram([...parameters, '--mappings', 'mappings/web-store.json'], {
      cwd: folder,
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'releases-test-token' },
    });

  test('mappings mean what they meant: the tests that came with them pass', async () => {
    const folder = copied();
    for (const mappings of ['mappings', 'mappings/presets']) {
      const { code, stdout, stderr } = await runProgram(['test', mappings], {
        cwd: folder,
        environment: { META_ACCESS_TOKEN: 'releases-test-token' },
      });
      expect(code, stdout + stderr).toBe(0);
    }
  });

  test('a position: reading goes on behind it', async () => {
    const { code, stdout, stderr } = await run(copied(), 'run', '--source', 'file:orders.ndjson', '--once');
    expect(code, stdout + stderr).toBe(0);
    const text = await (await fetch(`${graph}/_sandbox/events?ids=true`)).text();
    expect([...text.matchAll(/"event_id":"(\w+)"/g)].map(([, id]) => id)).toEqual(['four']);
  });

  test('dead letters and marks: a replay takes those that were not replayed', async () => {
    const letters = ['--from', 'file:orders.ndjson.dead-letters.ndjson', '--source', 'file:orders.ndjson'];
    const { code, stdout, stderr } = await run(copied(), 'replay', '--dry-run', '--json', ...letters);
    expect(code, stdout + stderr).toBe(0);
    const shown = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).letter);
    // The first letter was replayed, and failed again: it is marked, and its own letter has taken its place.
    expect(shown.map(({ offset, hops }) => [offset, hops])).toEqual([
      [451, 0],
      [242, 1],
    ]);
  });
});
