import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderSummary, type SubscriptionSummary, summarize } from '../../../src/cli/explain/match-quality.ts';
import { loadDestination } from '../../../src/config/destination.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { fakeRecord } from '../../support/deliveries.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));
const now = Date.UTC(2026, 10, 20, 12);

const file = {
  name: 'shop',
  settings: { pixel_id: '1', access_token: { $env: 'T' }, consent: 'context.consent != false' },
  subscriptions: [
    { name: 'Orders', action: 'purchase' },
    { name: 'Pages', action: 'page-view' },
  ],
};

function order(traits: object, more: object = {}) {
  return {
    type: 'track',
    event: 'Order Completed',
    userId: 'u',
    timestamp: now,
    context: { traits, ip: '203.0.113.9' },
    properties: { total: 5, currency: 'EUR' },
    ...more,
  };
}

function summary(events: readonly unknown[]): readonly SubscriptionSummary[] {
  const { destination } = loadDestination('shop.json', JSON.stringify(file), { actions, environment: { T: 't' } });
  if (destination === undefined) throw new Error('the destination of the test is wrong');
  const records = events.map((event, offset) =>
    fakeRecord({ partition: 0, offset, value: Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)) }),
  );
  return summarize(records, { destinations: [destination], decode: { envelope: [], maxRecordBytes: 1e6 }, now });
}

const orders = [
  order({ email: 'nora@example.com', phone: '12' }),
  order({ email: 'n/a', phone: '+1 503 555 0100' }),
  order({ email: ['bo@example.com', 'x'], phone: true }),
  order({}, { properties: { total: 5 } }),
  order({}, { timestamp: 1 }),
  order({}, { context: { consent: false } }),
  order({}, { integrations: { All: false } }),
  { type: 'identify', userId: 'u' },
  'not json',
];

function key(field: string, of = summary(orders)[0]) {
  return of?.keys.find((one) => one.field === field);
}

describe('the summary of a file', () => {
  test('tells for each subscription how its events end, also when it has none', () => {
    const [first, second] = summary(orders);
    expect(first).toMatchObject({
      destination: 'shop',
      subscription: 'Orders',
      action: 'purchase',
      matched: 7,
      ready: 3,
      rejected: { PURCHASE_CURRENCY_MISSING: 1, EVENT_TOO_OLD: 1 },
      skipped: { consent: 1, integrations: 1 },
      events: 4,
    });
    expect(second).toMatchObject({ subscription: 'Pages', matched: 0, events: 0, keys: [] });
  });

  test('tells for each key in what share of events it is sent, missing or malformed', () => {
    expect(key('em')).toMatchObject({ label: 'Email', share: 0.5, hashed: 2, junk: 1, unusable: 0, missing: 1 });
    expect(key('ph')).toMatchObject({ share: 0.25, hashed: 1, unusable: 2, missing: 1 });
    expect(key('external_id')).toMatchObject({ share: 1, missing: 0 });
    expect(key('fbp')).toMatchObject({ share: 0, missing: 4 });
  });

  test('says what adding a missing key and fixing a malformed one would take', () => {
    const advice = key('ph')?.advice ?? [];
    expect(advice).toHaveLength(2);
    expect(advice[0]).toContain('phone, phoneNumber or phone_number in traits, context.traits or properties');
    expect(advice[1]).toContain('default_country');
    expect(key('external_id')?.advice).toEqual([]);
    for (const { field, missing, advice } of summary(orders)[0]?.keys ?? []) {
      if (missing > 0) expect(advice[0], field).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('reads well, and holds nobody’s data', () => {
    const text = renderSummary(summary(orders)[0] as SubscriptionSummary);
    expect(text).toContain('Orders (purchase → shop): 7 events, 3 ready, 1 rejected (PURCHASE_CURRENCY_MISSING)');
    expect(text).toMatch(/em +Email +50 % +25 % +25 %/);
    expect(text).toContain('    fbp: The Meta Pixel sets the _fbp cookie');
    expect(`${text}${JSON.stringify(summary(orders))}`).not.toMatch(/nora|555/);
  });
});
