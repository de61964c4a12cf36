import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readSettings } from '../../src/config/environment.ts';
import { createSupervisor, type Supervisor } from '../../src/workers/supervisor.ts';

/** A supervisor of two workers that are programs of a few lines, which looks at them often. */
export interface SupervisorStage {
  readonly supervisor: Supervisor;
  /** Every process that was a worker, in the order of their starts. */
  readonly children: readonly ChildProcess[];
  /** The lines of its log of this kind. */
  said(kind: string): readonly string[];
  close(): Promise<void>;
}

/** @param script Of each worker; CommonJS. */
export function openSupervisorStage(script: string): SupervisorStage {
  const folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  const file = join(folder, 'worker.cjs');
  writeFileSync(file, script);
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  const supervisor = createSupervisor({
    settings: readSettings({ OPS_PORT: '0', META_ACCESS_TOKEN: 'test-token' }),
    workers: 2,
    version: '1.2.3',
    log: pino({}, { write: (line) => void lines.push(line) }),
    spawn() {
      const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
      const child = spawn(process.execPath, [file], { stdio: [...stdio], serialization: 'advanced' });
      children.push(child);
      return child;
    },
    writeLine: () => undefined,
    pages: {
      begun() {},
      runs() {},
      news() {},
      decision() {},
      serve: () => ({ routes() {}, close: async () => undefined }),
    },
    monotonic: () => performance.now(),
    pollMillis: 100,
    restartWaits: { firstMillis: 1, longestMillis: 1 },
  });
  return {
    supervisor,
    children,
    said: (kind) => lines.filter((line) => line.includes(`"kind":"${kind}"`)),
    async close() {
      supervisor.kill();
      await supervisor.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
