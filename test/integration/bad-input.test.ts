import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

type Members = Readonly<Record<string, unknown>>;

const path = (text: string) => ({ '@path': text });

/** Purchases whose properties may say what is otherwise derived, sent to one pixel. */
const destination = {
  name: 'shop',
  settings: {
    pixel_id: '1234567890',
    access_token: { $env: 'META_ACCESS_TOKEN' },
    consent: 'context.consent.ads != false',
    integration_names: ['Facebook Conversions API (Actions)'],
  },
  subscriptions: [
    {
      name: 'Orders',
      action: 'purchase',
      mapping: {
        action_source: path('$.properties.source'),
        data_processing_options: path('$.properties.ldu.options'),
        data_processing_options_country: path('$.properties.ldu.country'),
        data_processing_options_state: path('$.properties.ldu.state'),
      },
    },
    {
      name: 'Sign-ups',
      action: 'complete-registration',
      // Asks for more than the destination does.
      consent: 'context.consent.ads = true',
      mapping: { test_event_code: 'TEST42' },
    },
  ],
};

function order(messageId: string, properties: Members = {}, more: Members = {}): Members {
  return {
    type: 'track',
    event: 'Order Completed',
    messageId,
    userId: `customer-${messageId}`,
    timestamp: new Date().toISOString(),
    context: { ip: '203.0.113.9', userAgent: 'ExampleBrowser/1.0' },
    properties: { order_id: messageId, total: 20, currency: 'EUR', ...properties },
    ...more,
  };
}

const signUp = (messageId: string, context: Members) =>
  order(messageId, {}, { event: 'Signed Up', properties: {}, context });

describe('a file of good and bad events', () => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox({ strictIdentifiers: true, requireActionSource: true });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
    writeFileSync(join(folder, 'shop.json'), JSON.stringify(destination));
  });
  afterEach(() => sandbox.close());

  /** Streams the events through the program; what Meta got, the letters by messageId, and the log. */
  async function run(events: readonly Members[]) {
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const letters = join(folder, 'letters.ndjson');
    const parameters = ['run', '--mappings', join(folder, 'shop.json'), '--source', `file:${file}`, '--once'];
    const { code, stderr } = await runProgram([...parameters, '--dead-letters', `file:${letters}`], {
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'bad-input-token' },
    });
    expect(code, stderr).toBe(0);
    const lines = readFileSync(letters, 'utf8').split('\n').filter(Boolean);
    const refused = lines
      .map((line) => JSON.parse(line))
      .map(({ value, error }) => [JSON.parse(value).messageId, error]);
    return { sent: sandbox.state.events().map(({ event }) => event['event_id']), refused, stderr };
  }

  test('what Meta would refuse becomes dead letters with code, field and fix, and the rest of the batch goes out', async () => {
    const bad: readonly (readonly [event: Members, code: string, field: string])[] = [
      [order('currency', { currency: 'MRU' }), 'CURRENCY_INVALID', 'currency'],
      [order('agent', {}, { userId: null, context: { userAgent: 'X/1' } }), 'IDENTIFIERS_INSUFFICIENT', 'user_data'],
      [order('1970', {}, { timestamp: '1970-01-02T00:00:00Z' }), 'EVENT_TOO_OLD', 'event_time'],
      [order('2099', {}, { timestamp: '2099-01-01T00:00:00Z' }), 'EVENT_IN_FUTURE', 'event_time'],
      [order('value', { total: '$12' }), 'PURCHASE_VALUE_MISSING', 'value'],
    ];
    const events = bad.flatMap(([event], index) => [order(`good-${index}`), event]);
    const { sent, refused, stderr } = await run(events);
    expect([...sent].sort()).toEqual(bad.map((_, index) => `good-${index}`));
    expect(sandbox.state.summary().requests.total).toBe(1);
    for (const [event, code, field] of bad) {
      const [, error] = refused.find(([id]) => id === event['messageId']) ?? [];
      expect(error).toMatchObject({ code, field, destination: 'shop', subscription: 'Orders' });
      expect(error.message).toMatch(/\.$/);
      expect(error.fix).toMatch(/\.$/);
    }
    expect(refused).toHaveLength(bad.length);
    const [, unreadable] = refused.find(([id]) => id === 'value') ?? [];
    expect(unreadable.message).toMatch(/needs a value\. Value \(value\) isn't a number/);
    expect(stderr).not.toContain('customer-');
  });

  test('a value that an event can do without refuses none: it is left out with a warning', async () => {
    const events = [order('source', { source: 'till' }), order('ldu', { ldu: { options: ['LDU'], state: 1000 } })];
    const { sent, refused } = await run(events);
    expect([...sent].sort()).toEqual(['ldu', 'source']);
    expect(refused).toEqual([]);
  });

  test('consent and the integrations object decide before anything else, and a skipped event leaves no letter', async () => {
    const all = (more: Members) => ({ integrations: { All: false, ...more } });
    const events = [
      order('unsaid'),
      order('refused', {}, { context: { ip: '203.0.113.9', consent: { ads: false } } }),
      order('refused-and-broken', { total: 'x' }, { context: { consent: { ads: false } } }),
      order('no-integrations', {}, all({})),
      order('by-name', {}, all({ shop: true })),
      order('by-integration-name', {}, all({ 'Facebook Conversions API (Actions)': { option: 1 } })),
      order('not-this-one', {}, { integrations: { All: true, 'Facebook Conversions API (Actions)': false } }),
      order('not-another', {}, { integrations: { Other: false } }),
      signUp('sign-up-unsaid', {}),
      signUp('sign-up-allowed', { consent: { ads: true } }),
    ];
    const { sent, refused } = await run(events);
    expect([...sent].sort()).toEqual(['by-integration-name', 'by-name', 'not-another', 'sign-up-allowed', 'unsaid']);
    expect(refused).toEqual([]);
  });

  test('a test_event_code of one subscription marks its events alone, and is warned of', async () => {
    const { stderr } = await run([order('order'), signUp('sign-up', { consent: { ads: true } })]);
    const answer = await fetch(`${graph}/_sandbox/requests`);
    const { requests } = (await answer.json()) as { requests: readonly { body: { test_event_code?: string } }[] };
    expect(requests.map(({ body }) => body.test_event_code ?? '').sort()).toEqual(['', 'TEST42']);
    expect(stderr).toMatch(/TEST_EVENT_CODE.*subscription Sign-ups of destination shop/);
  });
});
