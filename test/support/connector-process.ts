import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program, programEnvironment } from './program.ts';

export interface ConnectorProcess {
  readonly pid: number;
  /** Everything that it wrote to stderr so far. */
  log(): string;
  /** Everything that it wrote to stdout so far. */
  printed(): string;
  /** Bytes of resident memory; undefined when it has ended. */
  residentBytes(): Promise<number | undefined>;
  kill(signal: NodeJS.Signals): void;
  /** To its stdin, if it has one; `taken`: it has been read. */
  feed(text: string, taken?: () => void): void;
  /** Nobody reads its stdout any more. */
  leaveUnread(): void;
  /** Resolves with the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  /** Resolves when `/readyz` says ready. */
  ready(): Promise<void>;
  opsUrl(): string | undefined;
}

export interface ConnectorProcessOptions {
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: the one of this repository. */
  readonly program?: string;
  /** It has an open stdin. */
  readonly fed?: true;
}

/** Starts the program as users do, with nothing of this process's environment that it would read. */
export function startConnector(options: ConnectorProcessOptions): ConnectorProcess {
  const child: ChildProcess = spawn(process.execPath, [options.program ?? program, ...options.arguments], {
    env: programEnvironment({ META_ACCESS_TOKEN: 'integration-test-token', LOG_LEVEL: 'info', ...options.environment }),
    stdio: [options.fed === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  // A test that fails leaves nobody behind.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  // What is fed to one that has ended goes nowhere.
  child.stdin?.on('error', () => undefined);
  let log = '';
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const opsUrl = () => /"ops":"(http:[^"]+)"/.exec(log)?.[1];
  return {
    pid: child.pid ?? 0,
    log: () => log,
    printed: () => printed,
    kill: (signal) => void child.kill(signal),
    feed: (text, taken) => void child.stdin?.write(text, taken),
    leaveUnread: () => void child.stdout?.destroy(),
    exited,
    opsUrl,
    async residentBytes() {
      try {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
      } catch {
        return undefined;
      }
    },
    async ready() {
      for (;;) {
        if (child.exitCode !== null) throw new Error(`the connector ended with ${child.exitCode}:\n${log}`);
        const url = opsUrl();
        if (url !== undefined) {
          const answer = await fetch(`${url}/readyz`).catch(() => undefined);
          if (answer?.ok === true) return;
        }
        await sleep(50);
      }
    },
  };
}

/** A mappings folder with one destination: purchases of one pixel. */
export function purchaseMappings(more: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'mappings-'));
  const destination = {
    name: 'shop',
    settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' }, ...more },
    subscriptions: [{ name: 'Orders', action: 'purchase' }],
  };
  writeFileSync(join(folder, 'shop.json'), JSON.stringify(destination, null, 2));
  return folder;
}
