import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDestination } from '../../../src/config/destination.ts';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { prepare } from '../../../src/pipeline/route/prepare.ts';
import { noon, record, sha256 } from '../../actions/run-action.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));
const file = {
  name: 'shop',
  settings: { pixel_id: '1', access_token: { $env: 'T' } },
  subscriptions: [{ name: 'Orders', action: 'purchase', mapping: { lead_id: { '@path': '$.properties.lead' } } }],
};
const { destination } = loadDestination('shop.json', JSON.stringify(file), { actions, environment: { T: 't' } });

/** What is told of the identifiers of an order with these traits. */
function told(traits: object, more: object = {}): unknown {
  const [subscription] = destination?.subscriptions ?? [];
  if (destination === undefined || subscription === undefined) throw new Error('the destination of the test is wrong');
  const event = {
    type: 'track',
    event: 'Order Completed',
    timestamp: noon,
    context: { traits },
    properties: { total: 5, currency: 'EUR' },
    ...more,
  } as AnalyticsEvent;
  return prepare(destination, subscription, event, record, noon).identifiers[0];
}

describe('what became of the identifiers of an event', () => {
  test('is told by field: hashed, passed on, plain, unusable or junk; nothing of what is absent', () => {
    const traits = { email: 'a@example.com', phone: sha256('1'), firstName: 'n/a', birthday: '31.2.2020', city: '' };
    const more = { context: { traits, ip: '203.0.113.9' } };
    expect(told(traits, more)).toEqual({
      em: 'hashed',
      ph: 'passed',
      fn: 'junk',
      db: 'unusable',
      client_ip_address: 'plain',
    });
  });

  test('is the best of several values', () => {
    expect(told({ email: ['-', 'nobody', sha256('x')] })).toEqual({ em: 'passed' });
    expect(told({ email: ['-', 'nobody'] })).toEqual({ em: 'unusable' });
  });

  test('is unusable for values of a wrong type, unless another of the field is sent', () => {
    expect(told({ email: [true, 'a@example.com'], phone: { a: 1 } })).toEqual({ em: 'hashed', ph: 'unusable' });
  });

  test('counts a click id that is derived from the page', () => {
    const page = { url: 'https://a.example/?fbclid=Q' };
    expect(told({}, { context: { page } })).toEqual({ fbc: 'plain' });
    const old = `fb.1.${noon - 91 * 86_400_000}.A`;
    expect(told({}, { context: { fbc: old } })).toEqual({ fbc: 'unusable' });
    expect(told({}, { context: { fbc: old, page } })).toEqual({ fbc: 'plain' });
  });

  test('is told of an event that is refused for its identifiers, and of a lead id that is wrong', () => {
    expect(told({})).toEqual({});
    expect(told({}, { properties: { total: 5, currency: 'EUR', lead: '12' } })).toEqual({ lead_id: 'unusable' });
  });

  test('is not told of an event that is refused before', () => {
    expect(told({ email: 'a@example.com' }, { timestamp: 1 })).toBeUndefined();
    expect(told({ email: 'a@example.com' }, { event: null })).toEqual({ em: 'hashed' });
  });
});
