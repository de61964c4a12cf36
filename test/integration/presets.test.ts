import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

type Members = Readonly<Record<string, unknown>>;

const root = resolve(import.meta.dirname, '../..');

/** What Meta must have of each preset's sample: event name, action source, and what it is about. */
const presets: readonly (readonly [
  name: string,
  sent: Readonly<Record<string, readonly [event: string, source: string, custom?: Members]>>,
])[] = [
  [
    'web-shop',
    {
      'web-page': ['PageView', 'website'],
      'web-search': ['Search', 'website', { search_string: 'kettle', content_ids: ['p-3', 'p-9'] }],
      'web-list': ['ViewContent', 'website', { content_category: 'Kitchen', content_ids: ['p-1', 'p-3'] }],
      'web-view': ['ViewContent', 'website', { content_name: 'Gooseneck kettle', value: 64.9, currency: 'EUR' }],
      'web-cart': ['AddToCart', 'website', { content_ids: ['p-3'], value: 64.9, currency: 'EUR' }],
      'web-sign-up': ['CompleteRegistration', 'website', { registration_method: 'email' }],
      'web-checkout': ['InitiateCheckout', 'website', { num_items: 3, value: 89.9 }],
      'web-order': ['Purchase', 'website', { order_id: 'order-21', value: 94.8, currency: 'EUR', num_items: 3 }],
    },
  ],
  [
    'app-events',
    {
      'app-install': ['MobileAppInstall', 'app'],
      'app-sign-up': ['CompleteRegistration', 'app'],
      'app-search': ['Search', 'app', { search_string: 'cup' }],
      'app-view': ['ViewContent', 'app', { content_ids: ['p-4'], value: 19.5 }],
      'app-cart': ['AddToCart', 'app', { content_ids: ['p-4'] }],
      'app-checkout': ['InitiateCheckout', 'app', { num_items: 1 }],
      'app-order': ['Purchase', 'app', { value: 24.4, currency: 'USD' }],
    },
  ],
  [
    'offline-store',
    {
      'till-4-0001': ['Purchase', 'physical_store', { order_id: 'till-4-0001', value: 54, currency: 'GBP' }],
      'till-4-0002': [
        'Purchase',
        'physical_store',
        { value: 18.2, currency: 'GBP', num_items: 2, store_data: { store_code: 'MAN-4' } },
      ],
    },
  ],
  [
    'crm-leads',
    {
      'crm-lead-created': ['Lead', 'system_generated', { event_source: 'crm', lead_event_source: 'Example CRM' }],
      'crm-lead-qualified': ['Qualified', 'system_generated', { event_source: 'crm' }],
      'crm-lead-won': ['Converted', 'system_generated', { event_source: 'crm' }],
    },
  ],
];

describe.each(presets)('the preset %s', (name, expected) => {
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;

  beforeEach(async () => {
    sandbox = createSandbox({ strictIdentifiers: true, requireActionSource: true });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'preset-'));
  });
  afterEach(() => sandbox.close());

  const mappings = join(root, 'mappings', 'presets', `${name}.json`);
  const sample = join(root, 'examples', 'events', 'presets', `${name}.ndjson`);
  const environment = () => ({ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'a-token-of-the-preset' });

  test('sends every event of its sample to Meta, which takes them all', async () => {
    const events = join(folder, 'events.ndjson');
    copyFileSync(sample, events);
    const letters = join(folder, 'letters.ndjson');
    const parameters = ['run', '--mappings', mappings, '--source', `file:${events}`, '--once'];
    const { code, stderr } = await runProgram([...parameters, '--dead-letters', `file:${letters}`], {
      environment: environment(),
    });
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
    expect(readFileSync(letters, 'utf8')).toBe('');
    const received = new Map(sandbox.state.events().map(({ event }) => [event['event_id'], event]));
    expect([...received.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [id, [event_name, action_source, custom_data = {}]] of Object.entries(expected)) {
      expect(received.get(id)).toMatchObject({ event_name, action_source });
      expect(received.get(id)?.['custom_data'] ?? {}, id).toMatchObject(custom_data);
    }
  });

  test('uses each of its subscriptions, and lets no identifier out', async () => {
    const { stdout } = await runProgram(['explain', '--mappings', mappings, '--json', sample], {
      environment: environment(),
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const used = new Set(lines.flatMap(({ deliveries }) => deliveries.map((one: Members) => one['subscription'])));
    const known = lines[0].skipped.map((one: Members) => one['subscription']);
    const first = lines[0].deliveries.map((one: Members) => one['subscription']);
    expect([...used].sort()).toEqual([...known, ...first].sort());
    const bodies = JSON.stringify(lines.flatMap(({ deliveries }) => deliveries.map((one: Members) => one['request'])));
    for (const raw of identifiers(readFileSync(sample, 'utf8'))) expect(bodies.toLowerCase()).not.toContain(raw);
  });
});

/** The values of all traits and ids of the sample, in lower case. */
function identifiers(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const keep = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 3) found.add(value.trim().toLowerCase());
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(keep);
  };
  for (const line of text.trim().split('\n')) {
    const event = JSON.parse(line);
    keep([event.context.traits, event.userId, event.anonymousId]);
  }
  return found;
}
