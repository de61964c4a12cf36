import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../file/recording.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { program, programEnvironment } from '../support/program.ts';

test('SIGHUP to a process that is still looking for its broker does not end it, and SIGTERM does, with 0', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const asked = once(silent, 'connection');
  const connector = startConnector({
    arguments: ['run', '--mappings', purchaseMappings()],
    environment: { KAFKA_BROKERS: `127.0.0.1:${port}`, KAFKA_TOPICS: 'any', OPS_PORT: '0' },
  });
  await asked;
  connector.kill('SIGHUP');
  connector.kill('SIGTERM');
  // Null: a signal has ended it.
  expect(await connector.exited).toBe(0);
  silent.close();
});

test('SIGHUP to a process that is still reading its mappings does not end it', async () => {
  const fifo = join(await temporaryFolder(), 'shop.json');
  execFileSync('mkfifo', [fifo]);
  const child = spawn(process.execPath, [program, 'run', '--mappings', fifo], {
    env: programEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(child.stderr);
  const ended = once(child, 'close');
  // Opened once somebody reads it.
  const writing = await open(fifo, 'w');
  child.kill('SIGHUP');
  await rm(fifo);
  await writeFile(fifo, '{');
  await writing.close();
  // For the broken mapping, not by the signal.
  expect(await ended).toEqual([2, null]);
  expect(await said).toContain('CONFIG_INVALID');
});
