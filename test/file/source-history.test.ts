import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileSource } from '../../src/file/source.ts';
import { createFileSourceHistory } from '../../src/file/source-history.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { readToEnd, temporaryFolder } from './recording.ts';

it('a file is in use also while it is read for one destination, with a position of its own', async () => {
  const path = join(await temporaryFolder(), 'events.ndjson');
  await writeFile(path, '{}\n');
  const record = fakeRecord({ topic: 'file:events.ndjson', offset: 0, value: Buffer.from('{}') });
  const obstacle = () => createFileSourceHistory(path, undefined, ['shop', 'eu/shop', 'crm']).obstacle(record);
  expect(await obstacle()).toBeUndefined();
  const source = createFileSource(path, { positionPath: `${path}.crm.offset` });
  await readToEnd(source);
  expect(await obstacle()).toBe('group_running');
  await source.stop();
  expect(await obstacle()).toBeUndefined();
});
