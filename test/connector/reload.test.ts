import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { createConnector } from '../../src/connector/connector.ts';
import { parseDeadLetter } from '../../src/file/dead-letter-line.ts';
import { replayScope } from '../../src/replay/replay-source.ts';
import { temporaryFolder } from '../file/recording.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { simulatedSource } from '../support/simulated-source.ts';

const shop = (defaultCountry?: string) =>
  fakeDestination([fakeSubscription('All', () => true)], {
    name: 'shop',
    settings: fakeSettings({ ...(defaultCountry !== undefined && { defaultCountry }) }),
  });

it('the mappings that were read last are those that stay, however long others took to read', async () => {
  const connector = createConnector({
    settings: readSettings({ OPS_PORT: '0', META_GRAPH_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' }),
    destinations: [shop()],
    source: 'replay',
    replay: { source: simulatedSource([]), wants: () => true, scope: replayScope(undefined) },
    deadLetters: `file:${join(await temporaryFolder(), 'letters.ndjson')}`,
  });
  const slow = Promise.withResolvers<void>();
  const read: string[] = [];
  const reloads = ['first', 'second'].map((which) =>
    connector.reload(async () => {
      if (which === 'first') await slow.promise;
      read.push(which);
      return [shop()];
    }),
  );
  setImmediate(slow.resolve);
  expect([await Promise.all(reloads), read]).toEqual([
    [true, true],
    ['first', 'second'],
  ]);
  await connector.stop();
});

it('a letter has the keys of phone numbers of the country that a reload has brought', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'letters.ndjson');
  const records = [0, 1].map((offset) => fakeRecord({ offset, value: Buffer.from('{"phone":"0151 23456789"}') }));
  const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
  const connector = createConnector({
    settings: readSettings({ OPS_PORT: '0', META_GRAPH_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' }),
    destinations: [shop()],
    source: 'replay',
    replay: { source, wants: () => true, scope: replayScope(undefined) },
    deadLetters: `file:${path}`,
  });
  await connector.start();
  source.yieldRecords(1);
  expect(await connector.reload(async () => [shop('de')])).toBe(true);
  source.yieldRecords(1);
  await expect.poll(() => readFileSync(path, 'utf8').split('\n').length, { interval: 5 }).toBe(3);
  expect(await connector.stop()).toBe(true);
  const letters = readFileSync(path, 'utf8').trimEnd().split('\n').map(parseDeadLetter);
  // The text may be an id, too, whatever the country.
  expect(letters.map((letter) => letter?.people?.length)).toEqual([1, 2]);
});
