import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createConnector } from '../../src/connector/connector.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { readSettings } from '../../src/config/environment.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';

const file = {
  name: 'shop',
  settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [{ name: 'Orders', action: 'purchase', mapping: { test_event_code: 'TEST1' } }],
};

function order(messageId: string, traits: object) {
  const context = { ip: '203.0.113.9', traits };
  const properties = { total: 5, currency: 'EUR' };
  return JSON.stringify({ type: 'track', event: 'Order Completed', messageId, context, properties });
}

test('the running connector tells what share of events has each identifier, and that a test code is set', async () => {
  const sandbox = createSandbox();
  const graph = await sandbox.listen();
  const folder = mkdtempSync(join(tmpdir(), 'match-quality-'));
  const events = join(folder, 'events.ndjson');
  const traits = [{ email: 'a@example.com' }, { email: 'b@example.com', phone: 'none' }, { email: 'n/a' }, {}];
  writeFileSync(events, traits.map((one, index) => `${order(`m-${index}`, one)}\n`).join(''));
  const environment = {
    META_ACCESS_TOKEN: 'a-token-for-quality',
    META_GRAPH_URL: graph,
    OPS_PORT: '0',
    LOG_LEVEL: 'silent',
  };
  const actions = await loadBuiltInActions();
  const { destination } = loadDestination(join(folder, 'shop.json'), JSON.stringify(file), { actions, environment });
  if (destination === undefined) throw new Error('the destination of the test is wrong');
  const connector = createConnector({
    settings: readSettings(environment),
    destinations: [destination],
    source: `file:${events}`,
    deadLetters: `file:${join(folder, 'letters.ndjson')}`,
  });
  try {
    await connector.start();
    await connector.finished();
    const text = await (await fetch(`${connector.opsUrl()}/metrics`)).text();
    const labels = 'destination="shop",subscription="Orders"';
    expect(text).toContain(`meta_actions_match_key_ratio{${labels},field="em"} 0.5\n`);
    expect(text).toContain(`meta_actions_match_key_ratio{${labels},field="client_ip_address"} 1\n`);
    expect(text).toContain(`meta_actions_identifiers_total{${labels},field="em",status="junk"} 1\n`);
    expect(text).toContain(`meta_actions_identifiers_total{${labels},field="ph",status="missing"} 3\n`);
    expect(text).toContain(`meta_actions_test_event_code{${labels}} 1\n`);
    expect(text).not.toContain('example.com');
  } finally {
    await connector.stop();
    await sandbox.close();
  }
});
