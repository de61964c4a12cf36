import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { vi } from 'vitest';
import { program, programEnvironment } from './program.ts';

/** `meta-actions demo`, as somebody would start it. */
export interface RunningDemo {
  readonly broker: string;
  readonly console: string;
  readonly sandbox: string;
  /** The folder of its mappings. */
  readonly mappings: string;
  stop(): Promise<void>;
}

export async function startDemo(environment: Readonly<Record<string, string>> = {}): Promise<RunningDemo> {
  const child = spawn(process.execPath, [program, 'demo'], { env: programEnvironment(environment) });
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = `${printed}${chunk}`.slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const closed = once(child, 'close');
  const named = (name: string) => new RegExp(`^${name} +(\\S+)`, 'm').exec(printed)?.[1];
  await vi.waitUntil(() => named('mappings') !== undefined || child.exitCode !== null, { timeout: 120_000 });
  const [broker, console, sandbox, mappings] = ['broker', 'console', 'sandbox', 'mappings'].map(named);
  if (broker === undefined || console === undefined || sandbox === undefined || mappings === undefined)
    throw new Error(`the demo did not start: ${printed}`);
  return {
    broker,
    console: console.replace(/\/$/, ''),
    sandbox,
    mappings,
    async stop() {
      child.kill('SIGINT');
      await closed;
    },
  };
}
