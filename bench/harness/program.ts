import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoopFigures } from './loop-figures.ts';
import { scratch } from './scratch.ts';

/** A process that is measured: the product, its floor or a peer. Figures come from /proc, so this needs Linux. */
export interface Program {
  /** Resolves when it has said so on stderr: a member of its group, about to read. */
  readonly ready: Promise<void>;
  /** User and system time of all its threads, and of the processes that it runs, in milliseconds. */
  cpuMillis(): number;
  residentBytes(): number;
  peakResidentBytes(): number;
  /** Everything it said. */
  log(): string;
  /** Its exit code, when it ends by itself. */
  readonly ended: Promise<number | null>;
  /** Pauses of its event loop count from now on; of what isn't metered there are none to count. */
  countPauses(): void;
  /** It stands still, without notice, until it goes on. */
  pause(): void;
  goOn(): void;
  /** For how long it has stood still. */
  pausedMillis(): number;
  /** Asks it to end. Resolves with nothing for what isn't metered; rejects unless it ended with 0. */
  stop(): Promise<LoopFigures | undefined>;
  /** At once, if it still runs. */
  kill(): void;
}

export interface ProgramOptions {
  /** Default: Node, which runs the first of the arguments. */
  readonly command?: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Default: this repository. */
  readonly folder?: string;
  /** False: nothing looks at its event loop, which wakes each of its processes 200 times a second. */
  readonly metered?: boolean;
  /** Gets what it prints; default: nobody does. */
  readonly stdoutFile?: string;
}

const root = resolve(import.meta.dirname, '../..');
const meter = join(root, 'bench', 'loop-meter.js');
/** Of the Dockerfile, for whatever is measured. */
const asInTheImage = { MALLOC_ARENA_MAX: '1' };
/** Linux counts processor time in hundredths of a second. */
const millisPerTick = 10;

export function startProgram(options: ProgramOptions): Program {
  const meterFile = join(scratch('meter'), 'figures.json');
  const { command } = options;
  const isMetered = command === undefined && options.metered !== false;
  const preload = isMetered ? ['--import', meter] : [];
  const child = spawn(command ?? process.execPath, [...preload, ...options.arguments], {
    cwd: options.folder ?? root,
    env: { ...inherited(), ...asInTheImage, BENCH_METER_FILE: meterFile, OPS_PORT: '0', ...options.environment },
    stdio: ['ignore', options.stdoutFile === undefined ? 'ignore' : openSync(options.stdoutFile, 'w'), 'pipe'],
  });
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  child.once('exit', () => process.off('exit', atExit));
  const name = command ?? options.arguments[0];
  let log = '';
  const ready = new Promise<void>((fulfil, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-100_000);
      // The word of the floor and the peers, and the product's line; of an earlier commit of it, the floor's word.
      if (/^ready|"kind":"started"/m.test(log)) fulfil();
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${log}`)));
  });
  ready.catch(() => undefined);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const known = new Map<string, number>();
  /** The last known value, of a process that has just ended by itself. */
  function last(key: string, read: () => number): number {
    try {
      known.set(key, read());
    } catch {
      // It is gone from /proc.
    }
    return known.get(key) ?? Number.NaN;
  }
  let pausedMillis = 0;
  let pausedAt: number | undefined;
  function goOn(): void {
    if (pausedAt === undefined) return;
    pausedMillis += performance.now() - pausedAt;
    pausedAt = undefined;
    child.kill('SIGCONT');
  }
  const status = (key: string) =>
    last(key, () => {
      const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1024;
    });
  return {
    ready,
    cpuMillis: () => last('cpu', () => cpuMillisOf(child.pid ?? 0)),
    residentBytes: () => status('VmRSS'),
    peakResidentBytes: () => status('VmHWM'),
    log: () => log,
    ended,
    countPauses: () => void (isMetered && child.kill('SIGUSR2')),
    pause() {
      pausedAt ??= performance.now();
      child.kill('SIGSTOP');
    },
    goOn,
    pausedMillis: () => pausedMillis + (pausedAt === undefined ? 0 : performance.now() - pausedAt),
    async stop() {
      goOn();
      child.kill('SIGTERM');
      const code = await ended;
      // A signal that finds it on its way out ends it the hard way.
      const wasDone = code === 0 || (code === null && existsSync(meterFile));
      if (!wasDone) throw new Error(`${name} ended with ${code}:\n${log}`);
      return isMetered ? (JSON.parse(readFileSync(meterFile, 'utf8')) as LoopFigures) : undefined;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function cpuMillisOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((each) => each !== '');
  const ofChildren = children.reduce((sum, each) => sum + cpuMillisOf(Number(each)), 0);
  return (Number(fields[11]) + Number(fields[12])) * millisPerTick + ofChildren;
}

/** This process's environment with nothing in it that the product would read. */
function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(KAFKA_|META_|OPS_|NODE_|(HTTPS?|NO)_PROXY$|WORKERS$)/i.test(name),
    ),
  );
}
