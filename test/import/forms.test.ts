import { describe, expect, test } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { hashIdentifier } from '../../src/identity/identify.ts';
import { readInput } from '../../src/import/read-input.ts';
import { imported, importedSample } from '../support/imported.ts';

const decisions = ({ entries }: ReturnType<typeof importedSample>) =>
  entries.filter(({ fate }) => fate === 'decision').map(({ path }) => path);

describe("a form of Customer.io's pages", () => {
  test('has the labels of its fields, and sends what they say', () => {
    const found = importedSample('customerio', 'shop.json');
    expect(found.body('Orders', 'Order Completed')).toMatchObject({
      event_name: 'Purchase',
      action_source: 'website',
      event_source_url: 'https://shop.example.com/mugs/7',
      user_data: { em: [hashIdentifier('em', 'ada@example.com')], fn: [hashIdentifier('fn', 'Ada')] },
      custom_data: { value: 25, currency: 'GBP', content_ids: ['mug-7'] },
    });
    expect(found.body('Orders', 'Order Completed')['user_data']).not.toHaveProperty('ph');
    expect(found.explain('Products Searched').deliveries).toEqual([]);
    expect(decisions(found)).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('EAA');
  });

  test('without a trigger has the default one, if there is one', () => {
    expect(importedSample('customerio', 'shop.json').body('Pages', 'Page')).toMatchObject({ event_name: 'PageView' });
    const found = importedSample('customerio', 'custom-events.json');
    expect(found.body('Registrations', 'Signed Up')).toMatchObject({
      event_name: 'CompleteRegistration',
      data_processing_options: ['LDU'],
      custom_data: { method: 'email' },
    });
    expect(decisions(found)).toEqual([
      'actions[0].data.Greeting',
      'actions[0].data."Content Name"',
      'actions[1]',
      'actions[1]',
      'actions[2]',
    ]);
  });

  test('may be of an audience', () => {
    const found = importedSample('customerio', 'audiences.json');
    expect(found.destinations[0]?.settings).toMatchObject({
      ad_account_id: 'act_1234567823',
      access_token: { $env: 'META_AUDIENCE_TOKEN' },
    });
    const event = {
      type: 'identify',
      userId: 'u-1',
      traits: { email: 'ada@example.com', loyal_customers: false },
      context: { personas: { computation_key: 'loyal_customers' } },
    };
    expect(found.explain(event).deliveries).toMatchObject([
      { request: { method: 'DELETE', path: '/v27.0/120200000000000023/users' } },
    ]);
  });
});

describe("a sync of Hightouch's Git sync", () => {
  test('of events sends a new row of its topic, and no other', () => {
    const found = importedSample('hightouch', 'orders.yaml');
    const row = {
      type: 'track',
      event: 'new',
      properties: {
        ordered_at: '2026-11-19T08:00:00Z',
        order_id: 5012,
        email: 'ada@example.com',
        'phone number': '+44 161 496 0001',
        total: '12.50',
        currency: 'gbp',
        shop_floor: 2,
      },
    };
    expect(found.body('Orders to Meta', row)).toMatchObject({
      event_name: 'Purchase',
      event_id: '5012',
      event_time: 1795075200,
      action_source: 'physical_store',
      user_data: { em: [hashIdentifier('em', 'ada@example.com')], ph: [hashIdentifier('ph', '+44 161 496 0001')] },
      custom_data: { value: 12.5, currency: 'GBP', shop: 'Main Street', floor: 2 },
    });
    expect(found.explain({ ...row, event: 'updated' }).deliveries).toEqual([]);
    expect(found.destinations[0]).toMatchObject({ topic: 'orders' });
    expect(decisions(found)).toEqual(['config.mappings[5]']);
  });

  test('of an audience mirrors the rows of its topic', () => {
    const found = importedSample('hightouch', 'customers.yaml');
    const row = (event: string) => ({
      type: 'track',
      event,
      properties: { customer_id: 'c-1', email: 'ada@example.com', first_name: 'Ada' },
    });
    const requests = ['new', 'deleted'].map((event) => found.explain(row(event)).deliveries[0]?.request);
    expect(requests.map((request) => request?.method)).toEqual(['POST', 'DELETE']);
    expect(requests[0]?.body).toMatchObject({ payload: { schema: ['EXTERN_ID', 'EMAIL', 'FN'] } });
    expect(decisions(found)).toEqual([]);
  });

  test('is off where it is paused, or the topic of its rows is not known', () => {
    const found = importedSample('hightouch', 'suppressed.json');
    expect(found.destinations[0]?.subscriptions).toMatchObject([
      { enabled: false, mapping: { audience_id: '120200000000000033', sync_mode: 'upsert' } },
    ]);
    expect(found.explain(samples['Signed In'] ?? {}).deliveries).toEqual([]);
    expect(decisions(found)).toEqual(['model', 'config.mappings[1]']);
  });

  test.each([
    [{ schedulePaused: false }, true, []],
    [{ schedulePaused: false, disabled: true }, false, []],
    [{ disabled: 'true' }, false, ['disabled']],
    [{ paused: null }, false, ['paused']],
    [{ enabled: false }, false, []],
  ])('is on only where every switch says so: %j', (switches, enabled, unclear) => {
    const sync = { name: 'Leads', model: 'leads', ...switches, config: { eventName: 'Lead' } };
    const found = imported('hightouch', [readInput('leads.json', JSON.stringify(sync))]);
    expect(found.destinations[0]?.subscriptions[0]?.enabled).toBe(enabled);
    expect(decisions(found)).toEqual(unclear);
  });
});
