import { describe } from 'vitest';
import { type Changes, leftOut, rows, value } from '../../actions/order-table.ts';

describe('extra', () => {
  const extra = (members: unknown): Changes => ({ mapping: { extra: members } });
  rows([
    ['is added to the event', extra({ new_thing: { a: 1 } }), ['new_thing', { a: 1 }]],
    ['is added to the user data', extra({ user_data: { new_key: 'k' } }), ['user_data.new_key', 'k']],
    ['is added to the custom data', extra({ custom_data: { new_key: 'k' } }), ['custom_data.new_key', 'k']],
    ['never replaces a field', extra({ event_name: 'X', custom_data: { value: 1 } }), value(20)],
    [
      'never brings an identifier past its hashing',
      extra({ user_data: { ph: '46701234567' } }),
      ['user_data.ph', undefined],
    ],
    ['that is text', extra('x'), leftOut('extra')],
  ]);
});
