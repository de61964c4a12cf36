import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const program = resolve(import.meta.dirname, '../../bin/meta-actions.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** This process's environment with nothing in it that the program would read, a free ops port, and what is given. */
export function programEnvironment(given: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(KAFKA_|META_|NOTIFY_|OPS_|SCHEMA_REGISTRY_|SOURCES$|NODE_OPTIONS|VITEST|(HTTPS?|NO)_PROXY$)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), OPS_PORT: '0', ...given };
}

/** Runs the program to its end, with `input` on stdin. */
export function runProgram(
  parameters: readonly string[],
  options: {
    readonly input?: string | Buffer;
    readonly environment?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...parameters], {
    cwd: options.cwd,
    env: programEnvironment(options.environment),
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
