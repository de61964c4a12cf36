import { describe, expect, test } from 'vitest';
import { invalid, ran, rows } from '../../actions/order-table.ts';

describe('an event name', () => {
  rows([
    ['mapped', { mapping: { event_name: 'Donate' } }, ['event_name', 'Donate']],
    [
      'of another case is a custom event',
      { mapping: { event_name: 'purchase', value: null } },
      ['event_name', 'purchase'],
    ],
    [
      'Purchase of a custom event needs a value',
      { action: 'custom-event', event: { event: 'Purchase' } },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    ['absent', { action: 'custom-event', event: { event: null } }, { code: 'FIELD_REQUIRED', field: 'event_name' }],
    ['empty', { action: 'custom-event', event: { event: '' } }, { code: 'FIELD_REQUIRED', field: 'event_name' }],
    ['a number', { action: 'custom-event', event: { event: 5 } }, ['event_name', '5']],
    ['an object', { action: 'custom-event', event: { event: { a: 1 } } }, invalid('event_name')],
  ]);

  test.each(['purchase', 'Purchase ', ' Purchase'])(
    '%j, which is a standard one but for that, is warned of',
    (name) => {
      const { warnings } = ran({ mapping: { event_name: name } });
      expect(warnings.map(({ code, field }) => [code, field])).toEqual([['EVENT_NAME_CASE', 'event_name']]);
    },
  );
});
