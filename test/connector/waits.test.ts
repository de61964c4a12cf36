import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitingTooLong } from '../../src/cli/command/waiting-too-long.ts';
import { readSettings } from '../../src/config/environment.ts';
import { createConnector } from '../../src/connector/connector.ts';
import { replayScope } from '../../src/replay/replay-source.ts';
import { temporaryFolder } from '../file/recording.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { fakeDestination, fakeSubscription } from '../support/destinations.ts';
import { simulatedSource } from '../support/simulated-source.ts';

it('a run that has an end is given up when its dead letters can not be written', async () => {
  const path = join(await temporaryFolder(), 'letters.ndjson');
  const source = simulatedSource([
    { topic: 'events', partition: 0, records: [fakeRecord({ offset: 0, value: Buffer.from('no event') })] },
  ]);
  const connector = createConnector({
    settings: readSettings({ OPS_PORT: '0', LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '100' }),
    destinations: [fakeDestination([fakeSubscription('All', () => true)])],
    source: 'replay',
    replay: { source, wants: () => true, scope: replayScope(undefined) },
    deadLetters: `file:${path}`,
  });
  await connector.start();
  expect(connector.waits()).toEqual([]);
  rmSync(path);
  mkdirSync(path);
  source.yieldRecords(1);
  await expect(waitingTooLong(connector, 0)).rejects.toMatchObject({
    code: 'READING_WAITS',
    message: expect.stringContaining("dead letters can't be written"),
  });
  expect(await connector.stop()).toBe(false);
});
