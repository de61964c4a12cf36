import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

const page = readFileSync(new URL('../../docs/guides/first-audience.md', import.meta.url), 'utf8');

/** The page's blocks of one kind: what stands behind it in the first line, and the text. */
function blocks(kind: string): readonly (readonly [string, string])[] {
  return [...page.matchAll(/^```(\w+ \w+) ?(\S*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === kind)
    .map(([, , name = '', body = '']) => [name, body] as const);
}

function commandsOf(kind: string): readonly string[] {
  return blocks(kind).flatMap(([, body]) => body.trim().split('\n'));
}

test('the guide to a first audience leads to one, from its files by its commands', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'first-audience-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const sandbox = createSandbox();
  const url = await sandbox.listen();
  onTestFinished(() => sandbox.close());
  for (const [name, body] of blocks('json file')) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), body);
  }
  const offline = commandsOf('sh run');
  expect(offline).toEqual(['meta-actions validate', 'meta-actions test', 'meta-actions explain events.ndjson']);
  const [settings = '', ...online] = commandsOf('sh sandbox');
  const environment = { META_GRAPH_URL: url, META_ACCESS_TOKEN: /META_ACCESS_TOKEN=(\S+)/.exec(settings)?.[1] ?? '' };
  const printed: string[] = [];
  for (const command of [...offline, ...online]) {
    const { code, stdout } = await runProgram(command.split(' ').slice(1), { cwd, environment });
    expect([command, code]).toEqual([command, 0]);
    printed.push(stdout);
  }
  expect(printed[3]).toMatch(/delivered: +1\n.*1 superseded/s);
  expect(printed[4]).toMatch(/normal +Paying customers/);
});
