import { describe, expect, it } from 'vitest';
import { faultPaths } from '../../console/app/fault-paths.ts';
import { searchOf } from '../../console/app/search-text.ts';
import { sentValues } from '../../console/app/sent-values.ts';
import { percent } from '../../console/lib/numbers.ts';

describe('what the search field means', () => {
  it.each([
    ['anna', { value: 'anna' }],
    ['properties.order_id = 17', { path: 'properties.order_id', value: '17' }],
    ['properties.order_id =', { path: 'properties.order_id' }],
    ['a = b = c', { path: 'a', value: 'b = c' }],
    ['two words', { value: 'two words' }],
    ['  ', {}],
  ])('%s', (text, expected) => {
    expect(searchOf(text)).toEqual(expected);
  });
});

describe('where in an event a field is at fault', () => {
  const event = { type: 'track', properties: { total: 1 }, timestamp: 'x' };

  it('is where the mapping looks for it', () => {
    const mapping = { currency: { '@first': [{ '@path': '$.properties.cur' }, 'EUR'] } };
    expect(faultPaths('currency', mapping, event)).toEqual(['properties.cur']);
  });

  it('is the property of its name, without a mapping', () => {
    expect(faultPaths('currency', {}, event)).toEqual(['properties.currency']);
    expect(faultPaths('event_time', {}, event)).toEqual(['timestamp']);
    expect(faultPaths(undefined, {}, event)).toEqual([]);
  });
});

describe('what was sent of a field', () => {
  it('stands beside what the event had, and what it was normalized to', () => {
    const delivery = {
      destination: 'shop',
      subscription: 'Orders',
      action: 'purchase',
      status: 'ready',
      warnings: [],
      fields: {
        em: { from: 'default', value: 'A@b.c' },
        value: { from: 'mapping', value: 3 },
        ph: { from: 'default' },
      },
      identifiers: { em: ['a@b.c'] },
      request: {
        method: 'POST',
        path: '/v',
        body: { data: [{ user_data: { em: ['h'] }, custom_data: { value: 3 } }] },
      },
    } as const;
    expect(sentValues(delivery)).toEqual([
      { field: 'em', from: 'default', value: 'A@b.c', normalized: ['a@b.c'], sent: ['h'] },
      { field: 'value', from: 'mapping', value: 3, normalized: [], sent: 3 },
    ]);
  });
});

describe('a share in words', () => {
  it.each([
    [1, '100%'],
    [0.99999, '>99.9%'],
    [0.00001, '<0.1%'],
    [0, '0%'],
    [0.5, '50%'],
    [Number.NaN, '–'],
  ])('%s', (share, expected) => {
    expect(percent(share)).toBe(expected);
  });
});
