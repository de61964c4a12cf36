import { describe, expect, test } from 'vitest';
import type { Warning } from '../../../src/core/action.ts';
import { isIdentifierName, strippedOfIdentifiers } from '../../../src/kit/conversion/strip-identifiers.ts';
import { type Changes, invalid, rows, value } from '../../actions/order-table.ts';
import { settings } from '../../actions/run-action.ts';

describe('custom data', () => {
  const custom = (members: unknown): Changes => ({ mapping: { custom_data: members } });
  const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
  rows([
    ['is added', custom({ plan: 'gold', seats: 3 }), ['custom_data.plan', 'gold']],
    ['is under the named fields', custom({ value: 99 }), value(20)],
    ['stands in for a field', { mapping: { value: null, custom_data: { value: '7.5' } } }, value(7.5)],
    [
      'is checked like the field',
      { mapping: { value: null, custom_data: { value: '$7' } } },
      invalid('custom_data.value'),
    ],
    [
      'with a currency in lower case',
      { mapping: { currency: null, custom_data: { currency: 'usd' } } },
      ['custom_data.currency', 'USD'],
    ],
    ['loses nulls at any depth', custom({ a: { b: null, c: [null, '', 1] }, d: {} }), ['custom_data.a', { c: [1] }]],
    ['loses identifiers', custom({ '@path': '$.context.traits' }), ['custom_data.email', undefined]],
    [
      'loses identifiers at any depth',
      custom({ '@literal': { a: [{ 'E-Mail': 'x', n: 1 }] } }),
      ['custom_data.a', [{ n: 1 }]],
    ],
    [
      'keeps them where that is switched off',
      { ...custom({ '@path': '$.context.traits' }), settings: { stripIdentifiers: false } },
      ['custom_data.email', 'maja@example.com'],
    ],
    ['that is text', custom('gold'), invalid('custom_data')],
    ['that is a list', custom([1]), invalid('custom_data')],
    [
      'nested ten thousand deep',
      { ...custom({ '@path': '$.properties.deep' }), properties: { deep } },
      invalid('custom_data'),
    ],
    [
      'with a __proto__',
      { ...custom({ '@path': '$.properties.p' }), properties: { p: JSON.parse('{"__proto__":{"x":1},"y":2}') } },
      ['custom_data.x', undefined],
    ],
    ['with the members of a failure', custom({ code: 'X', message: 'y', kind: 'rejected' }), ['custom_data.code', 'X']],
    [
      'with a store',
      { mapping: { store_code: 'S-1', store_page_id: 5 } },
      ['custom_data.store_data', { store_code: 'S-1', store_page_id: '5' }],
    ],
  ]);
});

describe('a member that the mapping names under custom_data', () => {
  const context = { settings, explicitCustomData: new Set<string>(), warn: () => {} };

  test('stays, but only there and not what a directive copies', () => {
    const explicit = new Set(['email', 'nested']);
    const given = { email: 'x', phone: 'y', nested: { email: 'z', n: 1 } };
    expect(strippedOfIdentifiers(given, { ...context, explicitCustomData: explicit })).toEqual({
      email: 'x',
      nested: { email: 'z', n: 1 },
    });
  });

  test('else is warned of by its place, without its value', () => {
    const warnings: Warning[] = [];
    const given = { a: [{ first_name: 'secret' }] };
    expect(strippedOfIdentifiers(given, { ...context, warn: (warning) => warnings.push(warning) })).toEqual({
      a: [{}],
    });
    expect(warnings).toMatchObject([{ code: 'IDENTIFIER_STRIPPED', field: 'custom_data.a.first_name' }]);
    expect(JSON.stringify([warnings, given])).toContain('secret');
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });
});

test.each(['email', 'Email', 'E-Mail', 'email_address', 'firstName', 'last-name', 'ZIP Code', 'date_of_birth', 'ip'])(
  '%j is the name of an identifier',
  (name) => expect(isIdentifierName(name)).toBe(true),
);

test.each(['name', 'value', 'emailed', 'content_name', 'country_of_origin', 'constructor'])('%j is none', (name) =>
  expect(isIdentifierName(name)).toBe(false),
);
