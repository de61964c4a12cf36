import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';

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
