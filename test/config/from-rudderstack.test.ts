import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadActions } from '../../src/kit/load-actions.ts';
import { ran } from '../actions/order-table.ts';
import { loadSubscriptions } from './load-text.ts';

const page = readFileSync(new URL('../../docs/from-rudderstack.md', import.meta.url), 'utf8');
const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));

const subscriptions = [...page.matchAll(/^```json subscription\n([\s\S]*?)^```$/gm)].map(([, body = '']) =>
  JSON.parse(body),
);

describe('the page for those who come from RudderStack', () => {
  test.each(subscriptions.map((subscription) => [subscription.name, subscription] as const))(
    'shows a subscription that is valid: %s',
    (_, subscription) => expect(loadSubscriptions(subscription).problems).toEqual([]),
  );

  test('names fields of the list action that there are', () => {
    const fields = actions.get('sync-audience-list')?.definition.fields ?? {};
    for (const name of ['schema_fields', 'audiences', 'hash', 'format', 'value_based', 'data_source']) {
      expect(page).toContain(`\`${name}\``);
      expect(Object.keys(fields)).toContain(name);
    }
  });

  test('is right about what differs in what the actions do', () => {
    const custom = { '@path': '$.properties' };
    const { body } = ran({
      properties: {
        customer_email: 'x',
        billing: { first_name: 'x', plan: 'a' },
        products: { 0: { sku: 'A', price: 'x' } },
      },
      context: { fbp: 'fb.1.1794000000000.1' },
      mapping: { custom_data: custom, data_processing_options: ['LDU'] },
    });
    expect(body).toMatchObject({
      custom_data: { billing: { plan: 'a' }, contents: [{ id: 'A', quantity: 1 }] },
      data_processing_options_country: 0,
      data_processing_options_state: 0,
      user_data: { fbp: 'fb.1.1794000000000.1' },
    });
    expect(body?.['custom_data']).not.toHaveProperty('customer_email');
    expect(ran({ properties: { total: null } }).failure?.code).toBe('PURCHASE_VALUE_MISSING');
  });
});
