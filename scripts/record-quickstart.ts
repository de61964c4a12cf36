/**
 * Runs the commands of docs/quickstart.md in a clean folder, against a sandbox, and writes what they print into the page.
 *
 *     node scripts/record-quickstart.ts
 *
 * A test fails when the page isn't what this would write.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createSandbox } from '../src/sandbox/server.ts';

export const page = resolve(import.meta.dirname, '../docs/quickstart.md');
const program = resolve(import.meta.dirname, '../bin/meta-actions.js');

/** A block of the page with commands, each behind `$ `, the lines that belong to it behind `> `, and what they print. */
const recorded = /```console\n([\s\S]*?)```/g;
/** The port of the sandbox in the page. */
const shownPort = '9465';

/** The page with what its commands print now. */
export async function recordedPage(written: string): Promise<string> {
  const blocks = [...written.matchAll(recorded)].map(([, block = '']) => commandsOf(block));
  const outputs = await printedBy(blocks.flat().map(({ lines }) => lines.join('\n')));
  let at = 0;
  return written.replaceAll(recorded, () => {
    const commands = blocks.shift() ?? [];
    const played = commands.map(({ shown }) => `${shown}\n${outputs[at++] ?? ''}`);
    return `\`\`\`console\n${played.join('')}\`\`\``;
  });
}

function commandsOf(block: string) {
  const commands: { shown: string; lines: string[] }[] = [];
  for (const line of block.split('\n')) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ shown: line, lines: [line.slice(2)] });
    else if (line.startsWith('> ') && last !== undefined) {
      last.shown += `\n${line}`;
      last.lines.push(line.slice(2));
    }
  }
  return commands;
}

/** What each of the commands prints, one after another in one shell. A command that fails says so. */
async function printedBy(commands: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-quickstart-'));
  const sandbox = createSandbox();
  try {
    const port = new URL(await sandbox.listen()).port;
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'shop'));
    const shim = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
    writeFileSync(join(folder, 'bin/meta-actions'), shim, { mode: 0o755 });
    const mark = '=== the end of a command';
    const script = commands.flatMap((command) => [
      command.replaceAll(shownPort, port),
      `code=$?; [ $code = 0 ] || echo "(exit code $code)"; echo "${mark}"`,
    ]);
    const shell = spawn('bash', ['-c', `exec 2>&1\n${script.join('\n')}`], {
      cwd: join(folder, 'shop'),
      env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, OPS_PORT: '0', NO_PROXY: '*' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed = (await text(shell.stdout)).split(`${mark}\n`);
    return printed.map((each) => withoutChance(each, port));
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without what is another one each time. */
function withoutChance(printed: string, port: string): string {
  return printed
    .replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${shownPort}`)
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-11-30T09:00:00.000Z');
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, await recordedPage(readFileSync(page, 'utf8')));
