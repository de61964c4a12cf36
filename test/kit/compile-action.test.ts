import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldDefinitions } from '../../src/core/field.ts';
import { lossesOf } from '../../src/kit/coerce.ts';
import { checkDefinition } from '../../src/kit/check-definition.ts';
import { compileAction } from '../../src/kit/compile-action.ts';

const description = 'A field.';
const fields = {
  name: { label: 'Name', description, type: 'string' },
  code: { label: 'Code', description, type: 'string', id: true },
  count: { label: 'Count', description, type: 'integer', minimum: 1, maximum: 10 },
  total: { label: 'Total', description, type: 'number' },
  sure: { label: 'Sure', description, type: 'boolean' },
  kind: { label: 'Kind', description, type: 'string', choices: ['a', 'b'] },
  at: { label: 'Moment', description, type: 'datetime' },
  em: { label: 'Email', description, type: 'string', multiple: true, identifier: true },
  ip: { label: 'Address', description, type: 'string', identifier: true },
  db: { label: 'Birthday', description, type: 'datetime', multiple: true, identifier: true },
  slots: { label: 'Slots', description, type: 'string', multiple: true, minimum: 3, maximum: 3 },
  items: {
    label: 'Items',
    description,
    type: 'object',
    multiple: true,
    properties: {
      id: { label: 'Item Id', description, type: 'string', id: true, required: true },
      price: { label: 'Price', description, type: 'number' },
    },
  },
  open: {
    label: 'Open',
    description,
    type: 'object',
    additionalProperties: true,
    properties: { size: { label: 'Size', description, type: 'number' } },
  },
} as const satisfies FieldDefinitions;

const action = compileAction('example', {
  title: 'Example',
  description,
  fields: {
    ...fields,
    must: { label: 'Must', description, type: 'string', required: true },
    sync: { label: 'Sync', description, type: 'string', choices: ['all', 'none'], decisive: true },
  },
  toPayload: () => ({ kind: 'skipped', reason: 'test' }),
});

function parse(mapped: unknown) {
  const { fields: read, failure, warnings } = action.parse({ must: 'x', ...(mapped as object) });
  const { must: _, ...rest } = JSON.parse(JSON.stringify(read));
  return { read: rest, failure, warnings: warnings.map(({ code, field }) => [code, field]) };
}

describe('parsing mapped values', () => {
  test.each([
    ['text', { name: 'Ann' }, { name: 'Ann' }],
    ['an absent value', { name: null, total: '', sure: undefined }, {}],
    ['numeric text for a number', { total: '129.50', count: '3' }, { total: 129.5, count: 3 }],
    ['a number for an id', { code: 77 }, { code: '77' }],
    ['one value for a list', { em: 'a@b.co' }, { em: ['a@b.co'] }],
    ['an empty list', { em: [] }, { em: [] }],
    ['a list of nothing', { em: [null, ''] }, {}],
    ['a number for an identifier', { ip: 5, em: [7] }, { ip: '5', em: ['7'] }],
    ['an object for a birthday', { db: { year: 1990, month: '', day: 1 } }, { db: [{ year: 1990, day: 1 }] }],
    ['blanks of a list of fixed length', { slots: ['', null, 'c'] }, { slots: ['', '', 'c'] }],
    ['nothing for a list of fixed length', { slots: [] }, {}],
    ['members that are known', { items: { id: 1, price: '2', x: 3 } }, { items: [{ id: '1', price: 2 }] }],
    ['members of an open object', { open: { size: '4', x: { y: null, z: 1 } } }, { open: { size: 4, x: { z: 1 } } }],
    ['an object of nothing', { open: { size: null } }, {}],
    ['a key without a field', { other: 1 }, {}],
    ['a key of every object', { constructor: 1, toString: 2 }, {}],
  ])('%s', (_, mapped, expected) => {
    const { read, failure, warnings } = parse(mapped);
    expect({ read, failure, warnings }).toEqual({ read: expected, failure: undefined, warnings: [] });
  });

  test.each([
    ['a number for text', { name: 5 }, { name: '5' }],
    ['a list of one for text', { name: ['Ann'] }, { name: 'Ann' }],
    ['a list of one for a number', { total: ['1.5'] }, { total: 1.5 }],
    ['blanks around a number', { total: ' 7 ' }, { total: 7 }],
    ['1 and 0 for true and false', { sure: 1 }, { sure: true }],
    ['text for true', { sure: ' True ' }, { sure: true }],
    ['text for false', { sure: '0' }, { sure: false }],
    ['a choice in capitals, with blanks around', { kind: ' B ' }, { kind: 'b' }],
    ['a list of one for an object', { open: [{ size: 1 }] }, { open: { size: 1 } }],
  ])('coerces %s', (_, mapped, expected) => {
    const { read, failure, warnings } = parse(mapped);
    expect({ read, failure, warnings }).toEqual({ read: expected, failure: undefined, warnings: [] });
  });

  test.each([
    ['words for a number', { total: 'secret' }, 'total', /isn't a number/],
    ['a fraction for an integer', { count: 1.5 }, 'count', /isn't a whole number of at least 1 and at most 10/],
    ['less than the minimum', { count: 0 }, 'count', /at least 1/],
    ['more than the maximum', { count: '11' }, 'count', /at most 10/],
    ['a word for true', { sure: 'secret' }, 'sure', /isn't true or false/],
    ['2 for true', { sure: 2 }, 'sure', /isn't true or false/],
    ['no choice', { kind: 'secret' }, 'kind', /isn't one of a, b/],
    ['no time', { at: 'secret' }, 'at', /isn't ISO 8601 text/],
    ['true for a number', { total: true }, 'total', /^Total/],
    ['true for text', { name: true }, 'name', /isn't text/],
    ['a list for text', { name: ['secret', 'x'] }, 'name', /isn't text/],
    ['text for an object', { open: 'secret' }, 'open', /isn't an object/],
    ['a bad member', { open: { size: 'secret' } }, 'open.size', /^Size \(open\.size\) isn't a number/],
    ['an id beyond 2^53', { code: 2 ** 60 }, 'code', /isn't text/],
    ['a list of another length', { slots: ['a'] }, 'slots', /isn't a list of 3/],
  ])('leaves out %s of a field that an event can do without, and does not tell it', (_, mapped, field, message) => {
    const { fields: read, failure, warnings } = action.parse({ must: 'x', ...mapped });
    expect(failure).toBeUndefined();
    expect(warnings).toEqual([{ code: 'FIELD_UNUSABLE', field, message: expect.stringMatching(message) }]);
    expect(JSON.stringify([read, warnings])).not.toContain('secret');
  });

  test.each([
    ['a required one', { must: { a: 'secret' } }, 'must'],
    ['a decisive one', { sync: 'secret' }, 'sync'],
    ['a required one of too much text', { must: 'x'.repeat(20_000) }, 'must'],
  ])('refuses the event for %s that cannot be read', (_, mapped, field) => {
    const { failure } = action.parse({ must: 'x', ...mapped });
    expect(failure).toMatchObject({ code: 'FIELD_INVALID', field });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  test.each([
    ['a text of ten million characters', { name: 'x'.repeat(10_000_000) }, 'name'],
    ['an identifier of as many', { ip: 'x'.repeat(10_000_000) }, 'ip'],
    ['a list of 100,000 items', { items: new Array(100_000).fill({ id: 'a' }) }, 'items'],
    [
      'a hundred thousand members',
      { open: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])) },
      'open',
    ],
    ['a hundred thousand items inside', { open: { a: new Array(100_000).fill(1) } }, 'open'],
    ['texts that are long together', { open: { a: new Array(1_000).fill('x'.repeat(1_000)) } }, 'open'],
    ['what nests too deeply', { open: { a: JSON.parse(`${'['.repeat(50)}1${']'.repeat(50)}`) } }, 'open'],
  ])('leaves out %s with one warning', (_, mapped, field) => {
    const { fields: read, failure, warnings } = action.parse({ must: 'x', ...mapped });
    expect(failure).toBeUndefined();
    expect(warnings.map((warning) => [warning.code, warning.field])).toEqual([['FIELD_TOO_LARGE', field]]);
    expect(JSON.stringify(read)).toBe('{"must":"x"}');
  });

  test('refuses an absent field that is required', () => {
    const { failure } = action.parse({ must: null });
    expect(failure).toMatchObject({ code: 'FIELD_REQUIRED', field: 'must' });
    expect(action.parse('text').failure?.code).toBe('FIELD_REQUIRED');
  });

  test.each([
    [
      'an item without what it needs',
      { items: [{ id: 'a' }, { price: 1 }] },
      { items: [{ id: 'a' }] },
      ['ITEM_LEFT_OUT', 'items'],
    ],
    [
      'a bad member of an item',
      { items: [{ id: 'a', price: '$1' }, { id: 'b' }] },
      { items: [{ id: 'a' }, { id: 'b' }] },
      ['FIELD_UNUSABLE', 'items.price'],
    ],
    ['an identifier of another type', { ip: { a: 1 } }, {}, ['IDENTIFIER_LEFT_OUT', 'ip']],
    ['an identifier beyond 2^53', { ip: 2 ** 60 }, {}, ['IDENTIFIER_LEFT_OUT', 'ip']],
    ['an identifier of another type in a list', { em: [true, 'a@b.co'] }, { em: ['a@b.co'] }, ['ITEM_LEFT_OUT', 'em']],
  ])('leaves out %s with a warning', (_, mapped, expected, warning) => {
    const { read, failure, warnings } = parse(mapped);
    expect({ read, failure, warnings }).toEqual({ read: expected, failure: undefined, warnings: [warning] });
  });

  test('warns once of all that a list lost', () => {
    const { warnings } = action.parse({ must: 'x', items: [{ id: 'a' }, ...new Array(50).fill({ price: 1 })] });
    expect(warnings).toEqual([
      { code: 'ITEM_LEFT_OUT', field: 'items', message: expect.stringContaining('50 items were left out') },
    ]);
  });

  test('remembers that a list lost an item', () => {
    const items = (mapped: unknown) => action.parse({ must: 'x', items: mapped }).fields['items'] as object;
    expect([...lossesOf(items([{ id: 'a' }, { price: 1 }]))]).toEqual(['']);
    expect([...lossesOf(items([{ id: 'a' }, null]))]).toEqual([]);
    expect([
      ...lossesOf(
        items([
          { id: 'a', price: 'x' },
          { id: 'b', price: 1 },
        ]),
      ),
    ]).toEqual(['price']);
  });

  test('one event leaves no trace in the next', () => {
    action.parse({ must: 'x', name: 'Ann', em: ['a@b.co', 5] });
    expect(JSON.stringify(action.parse({ must: 'y' }).fields)).toBe('{"must":"y"}');
  });

  test('never throws and never changes what it is given', () => {
    const keys = fc.constantFrom(...Object.keys(fields), '__proto__', 'other');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue({ maxDepth: 4 })), (mapped) => {
        const before = JSON.stringify(mapped);
        action.parse(mapped);
        expect(JSON.stringify(mapped)).toBe(before);
      }),
    );
  });
});

test.each([
  ['nothing', undefined, /no default export/],
  ['no title', { description, fields, toPayload: () => {} }, /no title/],
  ['no toPayload', { title: 'T', description, fields }, /no toPayload/],
  [
    'a field without a type',
    { title: 'T', description, fields: { a: {} }, toPayload: () => {} },
    /field a has no type/,
  ],
  ['a type that there is not', withField({ type: 'text' }), /field a has the type text, which is none of string, /],
  ['a bound in words', withField({ type: 'number', minimum: 'one' }), /the minimum of field a is no number/],
  ['nothing to choose from', withField({ type: 'string', choices: [] }), /the choices of field a are no list/],
  [
    'a member without a type',
    withField({ type: 'object', properties: { b: { label: 'B' } } }),
    /field a\.b has no type/,
  ],
  ['a list of members', withField({ type: 'object', properties: ['b'] }), /the properties of field a are no object/],
])('a definition with %s is refused with its place', (_, value, message) => {
  expect(() => checkDefinition('a.ts', value)).toThrow(message);
  expect(() => checkDefinition('a.ts', value)).toThrow(/^a\.ts: /);
});

function withField(a: object): object {
  return { title: 'T', description, fields: { a }, toPayload: () => {} };
}
