import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { chosenDestinations } from '../../../src/cli/command/chosen.ts';
import { painted } from '../../../src/cli/command/painted.ts';
import { checkCodes, checkFiles } from '../../../src/cli/command/replay-usage.ts';
import { loadBuiltInActions } from '../../../src/connector/available-actions.ts';
import { loadDestination } from '../../../src/config/destination.ts';
import { runHere } from '../../support/program-here.ts';

test('a replay of misspelt codes is refused with what was meant; those of own actions are only warned of', () => {
  expect(checkCodes(['PURCHASE_CURRENCY_MISSING', 'META_100_2804003', 'HTTP_502', 'NETWORK_TIMEOUT'])).toEqual([]);
  expect(() => checkCodes(['PURCHASE_CURENCY_MISSING'])).toThrow('did you mean PURCHASE_CURRENCY_MISSING?');
  expect(() => checkCodes(['missing'])).toThrow('in capitals');
  expect(checkCodes(['STOCK_LEVEL_UNKNOWN_TO_US'])).toEqual([expect.stringContaining('an action of your own')]);
});

test('a replay of a file that is not there is refused', () => {
  checkFiles('--from', ['topic:events', `file:${import.meta.filename}`]);
  expect(() => checkFiles('--from', ['file:/nowhere/letters.ndjson'])).toThrow(/--from .*there is no such file/);
});

test('a replay for a destination or subscription that the mappings do not have is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  const mappings = join(folder, 'shop.json');
  const letters = join(folder, 'letters.ndjson');
  writeFileSync(
    mappings,
    JSON.stringify({
      name: 'shop',
      settings: { pixel_id: '1', access_token: { $env: 'T' } },
      subscriptions: [{ name: 'Orders', action: 'purchase' }],
    }),
  );
  writeFileSync(letters, '');
  const replay = (...choice: readonly string[]) =>
    runHere(['replay', '--dry-run', '--mappings', mappings, '--from', `file:${letters}`, ...choice]);
  expect(await replay('--destination', 'shpo')).toMatchObject({ code: 2, stderr: expect.stringContaining('"shop"') });
  expect(await replay('--subscription', 'Odrers')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"Orders"'),
  });
  expect(await replay('--destination', 'shop', '--subscription', 'Orders')).toMatchObject({ code: 0 });
});

test('destinations and subscriptions are chosen by name, and a name that is not there is refused with what was meant', async () => {
  const text = (name: string, subscription: string) =>
    JSON.stringify({
      name,
      settings: { pixel_id: '1', access_token: { $env: 'T' } },
      subscriptions: [
        { name: subscription, action: 'purchase' },
        { name: 'Pages', action: 'page-view' },
      ],
    });
  const context = { actions: await loadBuiltInActions(), environment: {} };
  const all = [text('shop', 'Orders'), text('store', 'Sales')].flatMap(
    (each) => loadDestination('it.json', each, context).destination ?? [],
  );
  const names = (choice: object) => chosenDestinations(all, choice).map(({ name }) => name);
  expect(names({})).toEqual(['shop', 'store']);
  expect(names({ destination: 'store' })).toEqual(['store']);
  expect(names({ subscription: 'Pages' })).toEqual(['shop', 'store']);
  expect(names({ subscription: 'Sales' })).toEqual(['store']);
  expect(() => names({ destination: 'shpo' })).toThrow('did you mean "shop"?');
  expect(() => names({ destination: 'shop', subscription: 'Warehouse' })).toThrow('the mappings hold Orders, Pages');
});

test('colours are only where a stream shows them', () => {
  const text = '  ✓ Orders: sent\n  ok   a test\nerror: no\n{"ok": true}';
  expect(painted(text, new PassThrough())).toBe(text);
});
