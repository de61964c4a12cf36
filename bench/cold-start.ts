/**
 * How long the program takes until it does what it was asked for, beside Node doing nothing: medians, by turns.
 *
 *     npx node bench/cold-start.ts [--rounds 15]
 *
 * From a clone the sources run as they are; Node keeps what it compiled, so the first start of all takes longer.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './harness/statistics.ts';

const root = resolve(import.meta.dirname, '..');
const program = join(root, 'bin/meta-actions.js');
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const folder = mkdtempSync(join(tmpdir(), 'meta-actions-cold-start-'));
const events = join(folder, 'events.ndjson');
writeFileSync(events, '');

interface Start {
  readonly parameters: readonly string[];
  /** What it logs when it is there; absent: its end counts. */
  readonly ready?: string;
}

const nothing: Start = { parameters: ['-e', '0'] };
const starts: Readonly<Record<string, Start>> = {
  '--help': { parameters: [program, '--help'] },
  'validate --help': { parameters: [program, 'validate', '--help'] },
  'explain of one event': { parameters: [program, 'explain', join(root, 'examples/events/order-completed.json')] },
  'run until it reads': { parameters: [program, 'run', '--source', `file:${events}`], ready: '"kind":"started"' },
};

async function millisOf({ parameters, ready }: Start): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, parameters, {
    cwd: root,
    env: { PATH: process.env['PATH'], META_ACCESS_TOKEN: 'a-token-of-nobody', OPS_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  let readyAt: number | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    if (ready === undefined || readyAt !== undefined) return;
    printed += chunk.toString();
    if (!printed.includes(ready)) return;
    readyAt = performance.now();
    child.kill('SIGTERM');
  });
  await new Promise((done) => child.on('close', done));
  if (ready !== undefined && readyAt === undefined) throw new Error(`${parameters.join(' ')} was never ready`);
  return (readyAt ?? performance.now()) - began;
}

try {
  const all = { 'node -e 0': nothing, ...starts };
  const taken = new Map<string, number[]>(Object.keys(all).map((name) => [name, []]));
  // The first time everything is compiled.
  for (const start of Object.values(all)) await millisOf(start);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, start] of Object.entries(all)) taken.get(name)?.push(await millisOf(start));
  }
  const floor = median(taken.get('node -e 0') ?? []);
  for (const [name, millis] of taken) {
    const middle = median(millis);
    console.log(`${name.padEnd(22)} ${middle.toFixed(0).padStart(5)} ms  ${(middle / floor).toFixed(1).padStart(5)} ×`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
