import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('a command that is done ends its process, whatever was left open, with its exit code', async () => {
  const exitWith = resolve(import.meta.dirname, '../../../src/cli/command/exit.ts');
  const script = `
    import { createServer } from 'node:net';
    import { exitWith } from ${JSON.stringify(exitWith)};
    createServer().listen(0, '127.0.0.1', () => exitWith(3));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(3);
}, 10_000);
