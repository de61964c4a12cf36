import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { program, programEnvironment } from '../support/program.ts';

let sandbox: Sandbox;
let graph: string;

beforeEach(async () => {
  sandbox = createSandbox();
  graph = await sandbox.listen();
});
afterEach(() => sandbox.close());

/** The ends of a pipe: to read, and to write as a program gets it, which waits when the pipe is full. */
function fullPipe(folder: string): { readonly unread: number; readonly written: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const unread = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const written = openSync(path, constants.O_WRONLY);
  try {
    for (;;) writeSync(unread, Buffer.alloc(1024));
  } catch {
    return { unread, written };
  }
}

test.each(['nobody reads', 'was closed'])('a log pipe that %s holds up no event and no end', async (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'unread-'));
  const file = join(folder, 'orders.ndjson');
  const values = Array.from({ length: 40 }, (_, index) => orderRecord('unread', index).value);
  writeFileSync(file, Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')])));
  const { unread, written } = fullPipe(folder);
  if (kind === 'was closed') closeSync(unread);
  const run = ['run', '--once', '--source', `file:${file}`, '--mappings', purchaseMappings()];
  const environment = { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'integration-test-token', LOG_LEVEL: 'debug' };
  const child = spawn(process.execPath, [program, ...run], {
    env: programEnvironment(environment),
    stdio: ['ignore', 'ignore', written],
  });
  const [code] = await once(child, 'exit');
  closeSync(written);
  if (kind !== 'was closed') closeSync(unread);
  expect([code, sandbox.state.summary().events]).toMatchObject([0, { unique: 40, accepted: 40 }]);
});
