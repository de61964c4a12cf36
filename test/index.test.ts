import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ConnectorError,
  compileAction,
  compileMapping,
  compileTrigger,
  createConnector,
  createSandbox,
  defineAction,
  hashIdentifier,
  loadDestination,
  normalize,
  readSettings,
} from '../src/index.ts';
import { purchaseMappings } from './support/connector-process.ts';
import { orderRecord } from './support/orders.ts';

const event = { type: 'track', event: 'Order Completed', properties: { total: 12.5 } };

describe('the package', () => {
  test('compiles triggers and mappings, and says what is wrong with them', () => {
    expect(compileTrigger('event = "Order Completed" and properties.total > 10')(event)).toBe(true);
    expect(compileMapping({ value: { '@path': '$.properties.total' } })(event)).toEqual({ value: 12.5 });
    expect(() => compileTrigger('event = ')).toThrow(ConnectorError);
    expect(() => compileMapping({ '@pth': '$.x' })).toThrow(ConnectorError);
  });

  test('normalizes and hashes identifiers', () => {
    expect(normalize('em', ' Ann@Example.com ')).toBe('ann@example.com');
    expect(normalize('em', 'nobody')).toBeUndefined();
    expect(hashIdentifier('country', 'Germany')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('defines actions', () => {
    const action = compileAction(
      'wave',
      defineAction({
        title: 'Wave',
        description: 'Waves.',
        fields: { hands: { label: 'Hands', description: 'How many.', type: 'integer', required: true } },
        toPayload: (fields) => ({ kind: 'skipped', reason: `${fields.hands} hands` }),
      }),
    );
    expect(action.parse({ hands: '2' }).fields).toEqual({ hands: 2 });
    expect(action.parse({}).failure).toMatchObject({ code: 'FIELD_REQUIRED', field: 'hands' });
  });

  test('runs a connector from a file to a sandbox', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-'));
    const order = orderRecord('package', 1);
    writeFileSync(join(folder, 'events.ndjson'), `${order.value}\n`);
    const sandbox = createSandbox();
    const graph = await sandbox.listen();
    const environment = {
      META_ACCESS_TOKEN: 'package-test-token',
      META_GRAPH_URL: graph,
      OPS_PORT: '0',
      LOG_LEVEL: 'silent',
    };
    const destination = await loadDestination(join(purchaseMappings(), 'shop.json'), { environment });
    const connector = createConnector({
      settings: readSettings(environment),
      destinations: [destination],
      source: `file:${join(folder, 'events.ndjson')}`,
    });
    await connector.start();
    await connector.finished();
    expect(await connector.stop()).toBe(true);
    expect(sandbox.state.received(order.eventId ?? '')).toBe(1);
    await sandbox.close();
  });

  test('refuses a broken destination file with every problem', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'package-')), 'shop.json');
    writeFileSync(file, '{ "name": "shop", "settings": {}, "subscriptions": [] }');
    const refused = await loadDestination(file).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID', details: { problems: [{ line: 1 }, { line: 1 }] } });
  });
});
