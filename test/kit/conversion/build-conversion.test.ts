import { describe, expect, test } from 'vitest';
import { actions, leftOut, type Members, ran, rows } from '../../actions/order-table.ts';
import { noon } from '../../actions/run-action.ts';

describe('an id', () => {
  rows([
    ['of the event as given', { mapping: { event_id: ' e-9 ' } }, ['event_id', ' e-9 ']],
    ['of the event, blank: the messageId', { mapping: { event_id: '  ' } }, ['event_id', 'm-1']],
    ['of the event, an object as text', { mapping: { event_id: { '@template': '{{context}}' } } }, ['event_id', 'm-1']],
    ['of the event, a number', { event: { messageId: 900719925474 } }, ['event_id', '900719925474']],
    ['of the event, a list', { event: { messageId: ['m'] } }, ['event_id', 'm']],
    ['of an order, a number', { properties: { order_id: 123 } }, ['custom_data.order_id', '123']],
    [
      'of an order, beyond 2^53',
      { properties: { order_id: Number('12345678901234567890') } },
      leftOut('custom_data.order_id'),
    ],
    ['of an order, true', { properties: { order_id: true } }, leftOut('custom_data.order_id')],
    ['of a lead', { mapping: { lead_id: '1234567890123456' } }, ['user_data.lead_id', '1234567890123456']],
    ['of a lead, a number', { mapping: { lead_id: 123456789012345 } }, ['user_data.lead_id', '123456789012345']],
    ['of a lead, 20 digits', { mapping: { lead_id: '12345678901234567890' } }, leftOut('user_data.lead_id')],
    ['of a lead, 14 digits', { mapping: { lead_id: '12345678901234' } }, leftOut('user_data.lead_id')],
    ['of a lead, letters', { mapping: { lead_id: 'l:1234567890123456' } }, leftOut('user_data.lead_id')],
    ['of a lead, a filler', { mapping: { lead_id: '-' } }, ['user_data.lead_id', undefined]],
  ]);
});

describe('the rest of an event', () => {
  rows([
    ['opt_out', { mapping: { opt_out: false } }, ['opt_out', false]],
    ['opt_out as text', { mapping: { opt_out: 'true' } }, ['opt_out', true]],
    ['opt_out as a number', { mapping: { opt_out: 1 } }, ['opt_out', true]],
    ['opt_out as another word', { mapping: { opt_out: 'maybe' } }, leftOut('opt_out')],
    [
      'a customer segment',
      { mapping: { customer_segmentation: 'customer_in_loyalty_program' } },
      ['customer_segmentation', 'customer_in_loyalty_program'],
    ],
    ['no such customer segment', { mapping: { customer_segmentation: 'vip' } }, leftOut('customer_segmentation')],
    [
      'the original event',
      { mapping: { original_event_data: { event_name: 'Purchase', event_time: '2026-11-20T11:00:00Z', order_id: 7 } } },
      ['original_event_data', { event_name: 'Purchase', event_time: noon / 1000 - 3600, order_id: '7' }],
    ],
    ['properties that are text', { event: { properties: 'x' } }, { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['a context that is null', { event: { context: null, userId: 'u' } }, ['action_source', 'other']],
  ]);

  test('a test event code and an upload tag go beside the event', () => {
    const { result, body } = ran({ mapping: { test_event_code: 'TEST123' } });
    expect(result).toMatchObject({ testEventCode: 'TEST123' });
    expect(body).not.toHaveProperty('test_event_code');
    const tagged = ran({ mapping: { upload_tag: 'store-7' } });
    expect(tagged.result).toMatchObject({ uploadTag: 'store-7' });
    expect(tagged.body).not.toHaveProperty('upload_tag');
  });

  test('says until when it may be sent: seven days less five minutes', () => {
    const { result } = ran({});
    const expiresAt = noon - 3_600_000 + 7 * 86_400_000 - 300_000;
    expect(result).toMatchObject({ expiresAt });
  });

  test('of a website without user agent and address is warned of, or refused where that is enforced', () => {
    const changes = { context: { userAgent: null, page: null }, mapping: { action_source: 'website' } };
    expect(ran(changes).warnings.map(({ code }) => code)).toEqual(['USER_AGENT_MISSING', 'EVENT_SOURCE_URL_MISSING']);
    expect(ran({ ...changes, settings: { requirements: 'enforce' } }).failure?.code).toBe('USER_AGENT_MISSING');
    const noUrl = { context: { page: null }, mapping: { action_source: 'website' } };
    const enforced = ran({ ...noUrl, settings: { requirements: 'enforce' } });
    expect(enforced.failure).toMatchObject({ code: 'EVENT_SOURCE_URL_MISSING', field: 'event_source_url' });
  });
});

test('every field of an action reaches the event', () => {
  const definitions = actions.get('custom-event')?.definition.fields ?? {};
  const mapping = Object.fromEntries(Object.keys(definitions).map((key) => [key, samples[key] ?? `${key}1`]));
  const { body, failure, result } = ran({ action: 'custom-event', mapping });
  expect(failure).toBeUndefined();
  expect(result).toHaveProperty('testEventCode', 'test_event_code1');
  const sent = JSON.stringify(body);
  const elsewhere = ['test_event_code', 'upload_tag', 'extra', 'fbclid', 'name'];
  for (const key of Object.keys(definitions)) {
    if (!elsewhere.includes(key)) expect(sent, key).toContain(`"${key}":`);
  }
});

const samples: Members = {
  event_time: noon,
  action_source: 'app',
  opt_out: true,
  data_processing_options: ['LDU'],
  data_processing_options_country: 1,
  data_processing_options_state: 1000,
  delivery_category: 'in_store',
  customer_segmentation: 'new_customer_to_business',
  messaging_channel: 'whatsapp',
  original_event_data: { order_id: 'o' },
  attribution_data: { ad_id: 1 },
  app_data: { advertiser_tracking_enabled: true, version: 'a2', os_version: '16' },
  extra: { new_thing: 1 },
  custom_data: { custom_data: 1 },
  em: 'maja@example.com',
  ph: '+46701234567',
  ge: 'f',
  db: '1991-04-07',
  doby: '1991',
  dobm: '04',
  dobd: '07',
  country: 'se',
  client_ip_address: '203.0.113.9',
  fbc: `fb.1.${noon}.x`,
  fbp: `fb.1.${noon}.1`,
  fb_login_id: '123',
  lead_id: '1234567890123456',
  madid: '7a3cbea0-bdf5-11e4-8dfc-aa07a5b093db',
  value: 1,
  currency: 'EUR',
  content_ids: ['a'],
  contents: [{ id: 'a', quantity: 1 }],
  num_items: 1,
  predicted_ltv: 1,
  net_revenue: 1,
};
