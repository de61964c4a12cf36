import { describe } from 'vitest';
import { type Changes, type Members, rows } from '../../actions/order-table.ts';

describe('business messaging', () => {
  const message = (channel: unknown, user: Members, event: Members = {}): Changes => ({
    mapping: { action_source: 'business_messaging', messaging_channel: channel, ...user, ...event },
  });
  const missing = (field: string) => ({ code: 'MESSAGING_IDENTIFIER_MISSING', field });
  rows([
    ['on Messenger', message('messenger', { page_id: '1', page_scoped_user_id: '2' }), ['user_data.page_id', '1']],
    ['on Messenger without the person', message('messenger', { page_id: '1' }), missing('page_scoped_user_id')],
    ['on WhatsApp with a page', message('whatsapp', { ctwa_clid: 'c', page_id: 5 }), ['user_data.page_id', '5']],
    [
      'on WhatsApp without an account',
      message('whatsapp', { ctwa_clid: 'c' }),
      missing('whatsapp_business_account_id'),
    ],
    ['on WhatsApp without the click', message('whatsapp', { page_id: '1' }), missing('ctwa_clid')],
    ['on Instagram', message('instagram', { ig_account_id: '1', ig_sid: '2' }), ['messaging_channel', 'instagram']],
    ['on Instagram without the person', message('instagram', { ig_account_id: '1' }), missing('ig_sid')],
    ['without a channel', message(null, {}), { code: 'MESSAGING_CHANNEL_MISSING', field: 'messaging_channel' }],
    ['on another channel', message('sms', {}), { code: 'MESSAGING_CHANNEL_MISSING', field: 'messaging_channel' }],
    [
      'of a name that Meta refuses',
      message('instagram', { ig_account_id: '1', ig_sid: '2' }, { event_name: 'Lead' }),
      { code: 'MESSAGING_EVENT_UNSUPPORTED', field: 'event_name' },
    ],
    ['with a page address', message('instagram', { ig_account_id: '1', ig_sid: '2' }), ['event_source_url', undefined]],
  ]);
});
