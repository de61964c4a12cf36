import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePath } from '../../../src/mapping/values/path.ts';

test.each([
  ['a', ['a']],
  ['$.a.b', ['a', 'b']],
  ['a[0][12].b', ['a', '0', '12', 'b']],
  ['$["a.b"].c', ['a.b', 'c']],
  ["a['b\\'c'][\"d\\\\\"]", ['a', "b'c", 'd\\']],
  ['a[""]', ['a', '']],
  ['$a.b', ['$a', 'b']],
  ['a.$.b', ['a', '$', 'b']],
  ['', []],
  ['.', []],
])('%s', (text, members) => {
  expect(parsePath(text)).toStrictEqual({ ok: true, members });
});

test.each([
  ['a[', 'expected an index or a quoted name at character 3, found the end'],
  ['a..b', 'expected a name at character 3, found "."'],
  ['a.', 'expected a name after the dot at character 3, found the end'],
  ["a['b", "expected the closing quote ' at character 5, found the end"],
  ['a[1', 'expected "]" after the index at character 4, found the end'],
  ["a['b']c", 'expected a dot, a bracket or the end at character 7, found "c"'],
])('%s is refused with the place and what was expected', (text, message) => {
  expect(parsePath(text)).toMatchObject({ ok: false, message });
});

test('any names, quoted, are read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (names) => {
      const text = `$${names.map((name) => `['${name.replace(/[\\']/g, '\\$&')}']`).join('')}`;
      expect(parsePath(text)).toStrictEqual({ ok: true, members: names });
    }),
  );
});

test('any text is a path or is refused, without a crash', () => {
  const text = fc
    .array(fc.constantFrom('$', '.', '[', ']', "'", '"', '\\', '0', 'a', ' ', '*', '-', '“'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (path) => typeof parsePath(path).ok === 'boolean'),
    { numRuns: 2_000 },
  );
});

test('a path of a hundred thousand members is refused', () => {
  expect(parsePath('a.'.repeat(100_000))).toMatchObject({ ok: false });
  expect(parsePath('['.repeat(100_000))).toMatchObject({ ok: false });
});
