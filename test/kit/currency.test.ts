import { describe } from 'vitest';
import { type Changes, type Expected, leftOut, rows } from '../actions/order-table.ts';

describe('a currency', () => {
  const missing = { code: 'PURCHASE_CURRENCY_MISSING', field: 'currency' };
  const refused = { code: 'CURRENCY_INVALID', field: 'currency' };
  const currency = (given: unknown): Changes => ({ properties: { currency: given } });
  const sent = (code: string): Expected => ['custom_data.currency', code];
  rows([
    ['lower case', currency('usd'), sent('USD')],
    ['blanks around', currency(' eur '), sent('EUR')],
    ['no such code', currency('XYZ'), refused],
    ['a sign', currency('€'), refused],
    ['a name', currency('Dollar'), refused],
    ['a blank', currency('  '), refused],
    ['ISO 4217 but refused by Meta', currency('MRU'), refused],
    ['a number', currency(978), refused],
    ['a list of one', currency(['usd']), sent('USD')],
    ['an object', currency({ code: 'USD' }), missing],
    ['null', currency(null), missing],
    ['the empty text', currency(''), missing],
    [
      'left out of other events',
      { action: 'add-to-cart', properties: { currency: 'XYZ' } },
      leftOut('custom_data.currency'),
    ],
    ['never assumed', { action: 'add-to-cart', properties: { currency: null } }, ['custom_data.currency', undefined]],
  ]);
});
