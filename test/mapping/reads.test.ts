import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberAt } from '../../src/mapping/values/member.ts';
import { createReads } from '../../src/mapping/reads.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', '0', 'length', '__proto__', 'constructor');

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<unknown>(null, 0, '', 'text', false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 10 })
      .map((entries) =>
        JSON.parse(`{${entries.map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`).join(',')}}`),
      ),
  ),
}));

test('all paths are found together as each would be found alone', () => {
  const paths = fc.array(fc.array(name, { maxLength: 4 }), { maxLength: 40 });
  fc.assert(
    fc.property(paths, value, (wanted, root) => {
      const reads = createReads();
      const places = wanted.map((path) => reads.placeOf(path));
      const frame = reads.reader()(root);
      expect(places.map((place) => frame[place])).toStrictEqual(wanted.map((path) => memberAt(root, path)));
    }),
    { numRuns: 2_000 },
  );
});

test('the same path has one place', () => {
  const reads = createReads();
  expect(reads.placeOf(['a', 'b'])).toBe(reads.placeOf(['a', 'b']));
  expect(reads.placeOf(['a'])).not.toBe(reads.placeOf(['a', 'b']));
  expect(reads.placeOf([])).toBe(0);
});

test('what one root was read at is not seen by the next', () => {
  const reads = createReads();
  const place = reads.placeOf(['a']);
  const read = reads.reader();
  expect([read({ a: 1 })[place], read({})[place]]).toStrictEqual([1, undefined]);
});
