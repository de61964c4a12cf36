import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberAt } from '../../src/mapping/values/member.ts';
import { createReads } from '../../src/mapping/reads.ts';
import type { Compiled } from '../../src/mapping/values/compiled.ts';

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

const path = fc.array(name, { maxLength: 4 });

test('all paths are found together as each would be found alone', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 40 }), value, (paths, root) => {
      const reads = createReads();
      const pieces = paths.map((each) => reads.valueAt(each));
      const frame = reads.reader()(root);
      expect(pieces.map(({ resolve }) => resolve(frame))).toStrictEqual(paths.map((each) => memberAt(root, each)));
    }),
    { numRuns: 500 },
  );
});

const choice = fc.record({ paths: fc.array(path, { minLength: 1, maxLength: 250 }), blank: fc.boolean() });

test('a chain of choices gives the first that its paths have, as if each was looked at alone', () => {
  fc.assert(
    fc.property(fc.array(choice, { minLength: 1, maxLength: 4 }), path, value, (choices, beside, root) => {
      const reads = createReads();
      const chain = choices.reduceRight<Compiled>(
        (otherwise, { paths, blank }) => reads.choose({ paths, blank, otherwise }, []),
        reads.valueAt(beside),
      );
      const same = reads.valueAt(beside);
      const frame = reads.reader()(root);
      const found = choices
        .flatMap(({ paths, blank }) => paths.map((each) => ({ found: memberAt(root, each), blank })))
        .find((each) => each.found !== undefined && each.found !== null && !(each.blank && each.found === ''));
      expect(chain.resolve(frame)).toStrictEqual(found === undefined ? memberAt(root, beside) : found.found);
      expect(same.resolve(frame)).toStrictEqual(memberAt(root, beside));
    }),
    { numRuns: 250 },
  );
});

test('a path that only a choice looks at has no place of its own', () => {
  const reads = createReads();
  const [looked, then, other] = [reads.valueAt(['a']), reads.valueAt(['a']), reads.valueAt(['b'])];
  const chosen = reads.choose({ paths: [['a']], blank: true, otherwise: other }, [looked, then]);
  const read = reads.reader();
  expect(read({ a: 1, b: 2 })).toStrictEqual([{ a: 1, b: 2 }, 2, 1]);
  expect(chosen.resolve(read({ a: '', b: 2 }))).toBe(2);
});

test('the same path has one place', () => {
  const reads = createReads();
  for (const each of [['a', 'b'], ['a', 'b'], ['a'], []]) reads.valueAt(each);
  expect(reads.reader()({ a: { b: 1 } })).toStrictEqual([{ a: { b: 1 } }, 1, { b: 1 }]);
});

test('what one root was read at is not seen by the next', () => {
  const reads = createReads();
  const { resolve } = reads.valueAt(['a']);
  const read = reads.reader();
  expect([resolve(read({ a: 1 })), resolve(read({}))]).toStrictEqual([1, undefined]);
});

test('of the paths nothing is kept but the code that reads them', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held: WeakRef<object>[] = [];
  const made = () => {
    const reads = createReads();
    const known = (each: readonly string[]) => {
      held.push(new WeakRef(each));
      return each;
    };
    // Read, and joined to a choice that another has taken up.
    const last = reads.choose({ paths: [known(['c'])], blank: true, otherwise: reads.valueAt(known(['d'])) }, []);
    const { resolve } = reads.choose({ paths: [known(['b'])], blank: true, otherwise: last }, []);
    return { resolve, beside: reads.valueAt(known(['a'])).resolve, read: reads.reader() };
  };
  const { resolve, beside, read } = made();
  expect(resolve(read({ d: 1 }))).toBe(1);
  // A reference that was just made holds for the rest of the turn.
  await new Promise((turn) => setImmediate(turn));
  collect();
  expect(held.map((each) => each.deref())).toEqual(held.map(() => undefined));
  expect([resolve(read({ c: 2 })), beside(read({ a: 3 }))]).toEqual([2, 3]);
});
