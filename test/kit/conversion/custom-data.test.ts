import { describe, expect, test } from 'vitest';
import { customDataFields } from '../../../src/kit/conversion/fields/custom-data.ts';
import type { ActionContext } from '../../../src/core/action.ts';
import { addCustomData } from '../../../src/kit/conversion/custom-data.ts';
import { type Changes, type Expected, invalid, ran, rows, value } from '../../actions/order-table.ts';

const total = (given: unknown): Changes => ({ properties: { total: given } });

describe('a value', () => {
  rows([
    ['a number', total(129.5), value(129.5)],
    ['numeric text', total('129.50'), value(129.5)],
    ['zero', total(0), value(0)],
    ['zero as text', total('0'), value(0)],
    ['a negative number', total(-5), value(-5)],
    ['a sign', total('+5'), value(5)],
    ['an exponent', total('1.5e2'), value(150)],
    ['no whole part', total('.5'), value(0.5)],
    ['leading zeros', total('007'), value(7)],
    ['thousands separators', total('1,299.00'), invalid('value')],
    ['a decimal comma', total('12,50'), invalid('value')],
    ['a currency sign', total('$12'), invalid('value')],
    ['a code behind', total('12 EUR'), invalid('value')],
    ['a blank', total(' '), invalid('value')],
    ['blanks around', total(' 12 '), invalid('value')],
    ['hexadecimal', total('0x10'), invalid('value')],
    ['more than there is', total('1e999'), invalid('value')],
    ['infinity as text', total('Infinity'), invalid('value')],
    ['not a number as text', total('NaN'), invalid('value')],
    ['a point only', total('.'), invalid('value')],
    ['an exponent without digits', total('1e'), invalid('value')],
    ['true is never 1', total(true), invalid('value')],
    ['an object', total({ amount: 5 }), invalid('value')],
    ['a list', total([5]), invalid('value')],
    ['null is never 0', total(null), { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['the empty text', total(''), { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['the revenue where the total is empty', { properties: { total: '', revenue: 7 } }, value(7)],
  ]);
});

describe('products', () => {
  const of = (...products: readonly unknown[]): Changes => ({ properties: { products } });
  const item = (id: string, quantity = 1, price = 5) => ({ id, quantity, item_price: price });
  const contents = (...items: readonly unknown[]): Expected => ['custom_data.contents', items];
  const a = { product_id: 'A', quantity: 1, price: 5 };
  rows([
    ['without an id are left out', of(a, { quantity: 2, price: 9 }), contents(item('A'))],
    ['with a blank id are left out', of(a, { product_id: '', price: 9 }), contents(item('A'))],
    ['with the sku for a blank id', of({ product_id: '', sku: 'S', quantity: 1, price: 5 }), contents(item('S'))],
    ['with a numeric id', of({ product_id: 77, quantity: 1, price: 5 }), contents(item('77'))],
    ['with a quantity as text', of({ product_id: 'A', quantity: '2', price: '5.0' }), contents(item('A', 2))],
    ['without a quantity', of({ product_id: 'A', price: 5 }), contents(item('A'))],
    ['with a null price', of({ product_id: 'A', quantity: 1, price: null }), contents({ id: 'A', quantity: 1 })],
    ['with a quantity of 0 are left out', of(a, { product_id: 'B', quantity: 0 }), contents(item('A'))],
    ['with half a quantity are left out', of(a, { product_id: 'B', quantity: 1.5 }), contents(item('A'))],
    ['with a price in words are left out', of(a, { product_id: 'B', price: '$12' }), contents(item('A'))],
    ['null among them', of(null, a), contents(item('A'))],
    ['text among them', of('A', a), contents(item('A'))],
    ['none', of(), ['custom_data.contents', undefined]],
    ['all without an id', of({ price: 1 }), ['custom_data.contents', undefined]],
    ['an object instead of a list', { properties: { products: a } }, contents(item('A'))],
    ['text instead of a list', { properties: { products: 'A' } }, ['custom_data.contents', undefined]],
    ['give the ids', of(a, { ...a, product_id: 'B' }), ['custom_data.content_ids', ['A', 'B']]],
    ['give the number of items', of(a, { ...a, quantity: '3' }), ['custom_data.num_items', 4]],
    ['give the type', of(a), ['custom_data.content_type', 'product']],
    [
      'give the value where there is none',
      { properties: { total: null, products: [a, { ...a, price: 0.1, quantity: 3 }] } },
      value(5.3),
    ],
    [
      'without a price give no value',
      { properties: { total: null, products: [a, { product_id: 'B' }] } },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    [
      'left out give no value',
      { properties: { total: null, products: [a, { price: 9 }] } },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    ['never replace a value', of(a), value(20)],
    ['never replace ids', { properties: { content_ids: ['Z'], products: [a] } }, ['custom_data.content_ids', ['Z']]],
    ['never replace a number of items', { properties: { num_items: 9, products: [a] } }, ['custom_data.num_items', 9]],
    ['one id for a list of ids', { properties: { content_ids: 'Z' } }, ['custom_data.content_ids', ['Z']]],
    [
      'numbers among ids',
      { properties: { content_ids: [1, null, 'Z', { id: 2 }] } },
      ['custom_data.content_ids', ['1', 'Z']],
    ],
    [
      'members that Meta refuses',
      { mapping: { contents: [{ id: 'A', quantity: 1, name: 'Lamp', brand: 'Lumo' }] } },
      contents({ id: 'A', quantity: 1, brand: 'Lumo' }),
    ],
  ]);

  test('left out are warned of without their values', () => {
    const { warnings } = ran(of(a, { price: 987654 }));
    expect(warnings.map((warning) => [warning.code, warning.field])).toEqual([['ITEM_LEFT_OUT', 'contents']]);
    expect(JSON.stringify(warnings)).not.toContain('987654');
  });
});

test('every field of custom data is sent under its own name, those of a store in store_data', () => {
  const { custom_data: open, ...named } = customDataFields;
  const given = Object.fromEntries(
    Object.entries(named).map(([key, { type }]) => [key, type === 'object' ? [{ id: 'A' }] : '7']),
  );
  const data: Record<string, unknown> = {};
  expect(open).toBeDefined();
  addCustomData(data, { event_name: 'x', ...given, currency: 'EUR' }, {} as ActionContext);
  const { store_data: store, ...others } = data;
  expect(Object.keys({ ...others, ...(store as object) }).toSorted()).toEqual(Object.keys(named).toSorted());
});
