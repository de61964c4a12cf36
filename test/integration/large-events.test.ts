import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { ended } from '../support/resident-memory.ts';

/** As docs/performance.md promises for events of 1 and 5 MB. */
const limitMegabytes = 350;

/** An order of so many bytes: half of them products, which are sent, and half something that nobody maps. */
function order(index: number, bytes: number): string {
  const products = Array.from({ length: Math.floor(bytes / 2 / 60) }, (_, place) => ({
    product_id: `sku-${String(place).padStart(7, '0')}`,
    price: 9.5,
    quantity: 1,
  }));
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId: `order-${index}`,
    userId: `customer-${index}`,
    timestamp: new Date().toISOString(),
    properties: { order_id: `o-${index}`, total: 9.5, currency: 'EUR', products, note: '' },
  };
  event.properties.note = 'n'.repeat(Math.max(0, bytes - JSON.stringify(event).length));
  return JSON.stringify(event);
}

function* orders(count: number, bytes: number): Generator<string> {
  for (let index = 0; index < count; index++) yield `${order(index, bytes)}\n`;
}

test.each([
  [150, 1],
  [30, 5],
])(
  '%i events of %i MB are sent with bounded memory, also when Meta is slow',
  async (count, megabytes) => {
    const sandbox = createSandbox({ keepRequests: 2, keepEvents: 2 });
    const graph = await sandbox.listen();
    onTestFinished(() => sandbox.close());
    const folder = mkdtempSync(join(tmpdir(), 'large-events-'));
    const file = join(folder, 'orders.ndjson');
    await pipeline(Readable.from(orders(count, megabytes * 1_000_000)), createWriteStream(file));
    await fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'latency', millis: 1_000 }),
    });
    const letters = join(folder, 'letters.ndjson');
    const parameters = ['--source', `file:${file}`, '--dead-letters', `file:${letters}`, '--once'];
    const connector = startConnector({
      arguments: ['run', '--mappings', purchaseMappings(), ...parameters],
      environment: { META_GRAPH_URL: graph },
    });
    const { code, peak } = await ended(connector);
    expect(code, connector.log()).toBe(0);
    console.log(`${count} events of ${megabytes} MB: peak resident memory ${Math.round(peak / 1024 / 1024)} MB`);
    for (let index = 0; index < count; index++) expect(sandbox.state.received(`order-${index}`)).toBe(1);
    expect(peak / 1024 / 1024).toBeLessThan(limitMegabytes);
  },
  300_000,
);
