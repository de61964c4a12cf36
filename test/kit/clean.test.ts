import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clean, tooDeep } from '../../src/kit/clean.ts';

test.each([
  ['null', null, undefined],
  ['the empty text', '', undefined],
  ['a blank stays', ' ', ' '],
  ['0 and false stay', [0, false], [0, false]],
  ['members of nothing', { a: null, b: '', c: { d: null } }, undefined],
  ['items of nothing', [null, '', [null], { a: null }], undefined],
  ['the rest stays', { a: [1, null, { b: '', c: 2 }] }, { a: [1, { c: 2 }] }],
  ['what was empty stays', { a: [], b: {} }, { a: [], b: {} }],
])('cleaning: %s', (_, value, expected) => {
  expect(clean(value)).toEqual(expected);
});

test('what is nested 33 levels deep is refused, 10,000 levels too', () => {
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
  expect(clean(nested(32))).toEqual(nested(32));
  expect(clean(nested(33))).toBe(tooDeep);
  expect(clean(nested(10_000))).toBe(tooDeep);
  expect(clean({ a: [nested(40)] })).toBe(tooDeep);
});

test('a member called __proto__ never becomes a prototype', () => {
  const cleaned = clean(JSON.parse('{"__proto__": {"admin": true}, "a": 1}')) as Record<string, unknown>;
  expect(cleaned['admin']).toBeUndefined();
  expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
});

test('cleaning leaves nothing to clean and the value as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const before = JSON.stringify(value);
      const cleaned = clean(value);
      expect(clean(cleaned)).toEqual(cleaned);
      expect(JSON.stringify(value)).toBe(before);
      expect(JSON.stringify(cleaned) ?? '').not.toMatch(/:(null|"")[,}]/);
    }),
  );
});
