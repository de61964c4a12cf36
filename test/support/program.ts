import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../bin/meta-actions.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end, with `input` on stdin. */
export function runProgram(
  parameters: readonly string[],
  options: { readonly input?: string | Buffer; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(KAFKA_|META_|OPS_|NODE_OPTIONS|VITEST)/.test(name),
  );
  const child = spawn(process.execPath, [program, ...parameters], {
    env: { ...Object.fromEntries(inherited), OPS_PORT: '0', ...options.environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((done) => {
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}
