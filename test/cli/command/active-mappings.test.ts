import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activeMappings } from '../../../src/cli/command/active-mappings.ts';
import { loadDestinations } from '../../../src/config/load.ts';
import { loadBuiltInActions } from '../../../src/connector/available-actions.ts';

test('active mappings are those that were read, whatever has become of their files meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'active-'));
  const file = join(folder, 'shop.json');
  const text = (pixel: string) =>
    JSON.stringify({
      name: 'shop',
      settings: { pixel_id: pixel, access_token: { $env: 'T' } },
      subscriptions: [{ name: 'Orders', action: 'purchase' }],
    });
  const actions = await loadBuiltInActions();
  const load = async () => loadDestinations(folder, { actions, environment: {} });
  writeFileSync(file, text('1'));
  const { destinations } = await load();
  // As while workers answer: somebody exchanges the files.
  const connector = () => ({
    async reload(loadNew: () => Promise<unknown>) {
      await loadNew();
      rmSync(folder, { recursive: true });
      return true;
    },
  });
  const mappings = activeMappings({ destinations, load, connector });
  expect(mappings.files()).toEqual([{ path: file, text: text('1') }]);
  writeFileSync(file, text('2'));
  expect(await mappings.reload()).toMatchObject({ applied: true });
  expect(mappings.files()).toEqual([{ path: file, text: text('2') }]);
});
