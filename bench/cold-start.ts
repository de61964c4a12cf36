/**
 * How long the program takes until it does what it was asked for, by the clock and of the processor, beside Node doing
 * nothing: medians, by turns. What of the processor it takes hardly depends on what else the machine does.
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
  'explain --help': { parameters: [program, 'explain', '--help'] },
  'explain of one event': { parameters: [program, 'explain', join(root, 'examples/events/order-completed.json')] },
  'run until it reads': { parameters: [program, 'run', '--source', `file:${events}`], ready: '"kind":"started"' },
};

interface Taken {
  /** Milliseconds until it is ready, or has ended. */
  readonly clock: number;
  /** Milliseconds of the processor until it has ended, of user and system. */
  readonly processor: number;
}

/** Each program tells at its end what it has taken. */
const tellingFile = join(folder, 'telling.cjs');
writeFileSync(
  tellingFile,
  `process.on('exit', () => {
     const { user, system } = process.cpuUsage();
     require('node:fs').writeSync(3, String((user + system) / 1000));
   });`,
);

async function takenBy({ parameters, ready }: Start): Promise<Taken> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--require', tellingFile, ...parameters], {
    cwd: root,
    env: { PATH: process.env['PATH'], META_ACCESS_TOKEN: 'a-token-of-nobody', OPS_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let readyAt: number | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (ready === undefined || readyAt !== undefined) return;
    printed += chunk.toString();
    if (!printed.includes(ready)) return;
    readyAt = performance.now();
    child.kill('SIGTERM');
  });
  let told = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  await new Promise((done) => child.on('close', done));
  if (ready !== undefined && readyAt === undefined) throw new Error(`${parameters.join(' ')} was never ready`);
  return { clock: (readyAt ?? performance.now()) - began, processor: Number(told) };
}

try {
  const all = { 'node -e 0': nothing, ...starts };
  const taken = new Map<string, Taken[]>(Object.keys(all).map((name) => [name, []]));
  // The first time everything is compiled.
  for (const start of Object.values(all)) await takenBy(start);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, start] of Object.entries(all)) taken.get(name)?.push(await takenBy(start));
  }
  const medianOf = (name: string, what: keyof Taken) => median((taken.get(name) ?? []).map((each) => each[what]));
  const shown = (name: string, what: keyof Taken) => {
    const [millis, floor] = [medianOf(name, what), medianOf('node -e 0', what)];
    return `${millis.toFixed(0).padStart(6)} ms ${(millis / floor).toFixed(1).padStart(5)} ×`;
  };
  console.log(`${''.padEnd(22)} ${'by the clock'.padStart(16)} ${'processor'.padStart(16)}`);
  for (const name of taken.keys())
    console.log(`${name.padEnd(22)} ${shown(name, 'clock')} ${shown(name, 'processor')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
