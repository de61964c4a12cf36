import { describe } from 'vitest';
import { type Changes, type Members, rows } from '../../actions/order-table.ts';
import { sha256 } from '../../actions/run-action.ts';

describe('identifiers that are too broad', () => {
  const refused = { code: 'IDENTIFIERS_INSUFFICIENT', field: 'user_data' };
  const only = (traits: Members, context: Members = {}): Changes => ({
    context: { ip: null, userAgent: null, traits, ...context },
  });
  const agent = { userAgent: 'ExampleBrowser/1.0' };
  rows([
    ['none', only({}), refused],
    ['a user agent', only({}, agent), refused],
    [
      'a place, a gender and a user agent',
      only({ city: 'Lund', country: 'se', state: 'Skåne', zip: '22100', gender: 'f' }, agent),
      refused,
    ],
    ['a birthday and a user agent', only({ birthday: '1991-04-07' }, agent), refused],
    ['a first name and a gender', only({ firstName: 'Maja', gender: 'f' }), refused],
    ['a last name and a gender', only({ lastName: 'Ek', gender: 'f' }), refused],
    ['an e-mail that is unusable', only({ email: 'maja' }, agent), refused],
    ['a partner', { ...only({}), mapping: { partner_id: 'p', partner_name: 'q' } }, refused],
    ['what no field is for', { ...only({}), mapping: { extra: { user_data: { new_key: 'k' } } } }, refused],
    ['both names', only({ firstName: 'Maja', lastName: 'Ek' }), ['user_data.ln', [sha256('ek')]]],
    ['a birthday and a place', only({ birthday: '1991-04-07', city: 'Lund' }), ['user_data.ct', [sha256('lund')]]],
    ['an address of the internet', only({}, { ip: '203.0.113.9' }), ['user_data.client_ip_address', '203.0.113.9']],
  ]);
});

describe('a name that is a standard one without the address in it', () => {
  const named = (name: string): Changes => ({
    action: 'custom-event',
    mapping: { event_name: name, value: null, currency: null },
  });
  rows([
    ['has its rules', named('Purchase ann@example.com'), { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['has no others', named('Lead ann@example.com'), ['event_name', 'Lead']],
  ]);
});
