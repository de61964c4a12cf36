import { describe, expect, test } from 'vitest';
import { customDataFields } from '../../../src/kit/conversion/fields/custom-data.ts';
import type { ActionContext } from '../../../src/core/action.ts';
import { addCustomData } from '../../../src/kit/conversion/custom-data.ts';
import { type Changes, type Expected, leftOut, ran, rows, value } from '../../actions/order-table.ts';

const missing = { code: 'PURCHASE_VALUE_MISSING', field: 'value' };
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
    ['thousands separators', total('1,299.00'), missing],
    ['a decimal comma', total('12,50'), missing],
    ['a currency sign', total('$12'), missing],
    ['a code behind', total('12 EUR'), missing],
    ['a blank', total(' '), missing],
    ['blanks around', total(' 12 '), value(12)],
    ['hexadecimal', total('0x10'), missing],
    ['more than there is', total('1e999'), missing],
    ['infinity as text', total('Infinity'), missing],
    ['not a number as text', total('NaN'), missing],
    ['a point only', total('.'), missing],
    ['an exponent without digits', total('1e'), missing],
    ['true is never 1', total(true), missing],
    ['an object', total({ amount: 5 }), missing],
    ['a list of one', total([5]), value(5)],
    ['a list of two', total([5, 6]), missing],
    ['null is never 0', total(null), { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['the empty text', total(''), { code: 'PURCHASE_VALUE_MISSING', field: 'value' }],
    ['the revenue where the total is empty', { properties: { total: '', revenue: 7 } }, value(7)],
  ]);
});

test('a value that is no number is what all products cost, with a warning; where one has no price, the order is refused', () => {
  const of = (price: unknown) => ran({ properties: { total: '1,299.00', products: [{ product_id: 'A', price }] } });
  expect(of(1299).body).toMatchObject({ custom_data: { value: 1299 } });
  expect(of(1299).warnings.map(({ code, field }) => [code, field])).toContainEqual(['FIELD_UNUSABLE', 'value']);
  expect(of(null).failure).toMatchObject(missing);
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
    [
      'with a quantity of 0 lose that number',
      of(a, { product_id: 'B', quantity: 0, price: 5 }),
      contents(item('A'), item('B')),
    ],
    [
      'with half a quantity count nothing',
      of(a, { product_id: 'B', quantity: 1.5 }),
      leftOut('custom_data.num_items', 'contents.quantity'),
    ],
    [
      'with a price in words lose that price',
      of(a, { product_id: 'B', price: '$12' }),
      contents(item('A'), { id: 'B', quantity: 1 }),
    ],
    ['with a price in words count', of(a, { product_id: 'B', price: '49,90' }), ['custom_data.num_items', 2]],
    [
      'with a price in words give no value',
      { properties: { total: null, products: [a, { product_id: 'B', price: '49,90' }] } },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    [
      'that cost more than a number holds give no value',
      { properties: { total: null, products: [{ ...a, price: 1e308, quantity: 20 }] } },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    [
      'that are more than a number holds are not counted',
      of({ ...a, quantity: 1e308 }, { ...a, quantity: 1e308 }),
      ['custom_data.num_items', undefined],
    ],
    ['left out count nothing', of(a, { price: 9 }), ['custom_data.num_items', undefined]],
    [
      'in an object with numbers for names',
      { properties: { products: { 0: a, 1: { ...a, product_id: 'B' } } } },
      contents(item('A'), item('B')),
    ],
    ['that are ids', of('A', 77), contents({ id: 'A', quantity: 1 }, { id: '77', quantity: 1 })],
    [
      'handed over in a way that Meta knows',
      { mapping: { contents: [{ id: 'A', quantity: 1, delivery_category: ' Curbside' }] } },
      contents({ id: 'A', quantity: 1, delivery_category: 'curbside' }),
    ],
    [
      'handed over in another way',
      { mapping: { contents: [{ id: 'A', quantity: 1, delivery_category: 'drone' }] } },
      contents({ id: 'A', quantity: 1 }),
    ],
    ['null among them', of(null, a), contents(item('A'))],
    ['text among them', of('B', a), contents({ id: 'B', quantity: 1 }, item('A'))],
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
    [
      'without one member that is mapped give no value',
      {
        properties: { total: null, products: [a, { code: 'B', amount: 9 }] },
        mapping: {
          contents: {
            '@arrayPath': [
              '$.properties.products',
              { id: { '@path': '$.product_id' }, item_price: { '@path': '$.price' } },
            ],
          },
        },
      },
      { code: 'PURCHASE_VALUE_MISSING', field: 'value' },
    ],
    [
      'with other names than those of contents are warned of',
      {
        properties: { products: [{ sku: 'B', cost: 9 }] },
        mapping: { contents: { '@path': '$.properties.products' } },
      },
      leftOut('custom_data.contents'),
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
    Object.entries(named).map(([key, { type }]) => [
      key,
      type === 'object' ? [{ id: 'A' }] : key === 'content_ids' ? ['7'] : '7',
    ]),
  );
  const data: Record<string, unknown> = {};
  expect(open).toBeDefined();
  addCustomData(data, { event_name: 'x', ...given, currency: 'EUR' }, {
    settings: {},
    inTheClear: new Set(),
  } as unknown as ActionContext);
  const { store_data: store, ...others } = data;
  expect(Object.keys({ ...others, ...(store as object) }).toSorted()).toEqual(Object.keys(named).toSorted());
});
