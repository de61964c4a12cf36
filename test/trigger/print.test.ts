import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printTrigger } from '../../src/trigger/print.ts';
import type { TriggerNode } from '../../src/trigger/tree.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomTree, seededRandom, withoutPositions } from './support/random-trigger.ts';

describe('printing', () => {
  test('and parsing again gives the same tree, for any tree', () => {
    for (let seed = 1; seed <= 10_000; seed += 1) {
      const tree = randomTree(seededRandom(seed), 1 + (seed % 5));
      expect(withoutPositions(parseTree(printTrigger(tree)))).toEqual(withoutPositions(tree));
    }
  });

  test('keeps any text and any key', () => {
    const key = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), key, fc.array(fc.string({ unit: 'binary' })), (value, first, rest) => {
        const nowhere = { offset: 0, length: 0 };
        const tree: TriggerNode = {
          kind: 'compare',
          operator: '=',
          left: { kind: 'path', keys: [first, ...rest], ...nowhere },
          right: { kind: 'literal', value, ...nowhere },
          ...nowhere,
        };
        expect(withoutPositions(parseTree(printTrigger(tree)))).toEqual(withoutPositions(tree));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  test.each(['1 a', '1.5', '-x y', '2024-é', 'or'])(
    'keeps the field %s, which needs a backslash at its beginning',
    (key) => {
      const printed = printTrigger({ kind: 'path', keys: [key], offset: 0, length: 0 });
      expect(parseTree(printed)).toMatchObject({ kind: 'path', keys: [key] });
    },
  );

  test('keeps any number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const tree = parseTree(printTrigger({ kind: 'literal', value, offset: 0, length: 0 }));
        expect(tree.kind === 'literal' && Object.is(tree.value, value)).toBe(true);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  test.each([
    ['((a))and(b)', 'a and b'],
    ['a and (b and c)', 'a and (b and c)'],
    ['(a or b) and !c', '(a or b) and !c'],
    ['not a = 1', '!(a = 1)'],
    ['event in[\'x\',"y"]', 'event in ["x", "y"]'],
    ['contains( event,\'say "x"\' )', 'contains(event, "say \\"x\\"")'],
    ['properties."a b"."" = -0', 'properties.a\\ b."" = -0'],
    ['\\or = \\9', '\\or = \\9'],
    ['(a = 1) = (b = 2)', '(a = 1) = (b = 2)'],
    ["'a\\*b\\n' = x", '"a\\\\*b\\n" = x'],
  ])('writes %s as %s', (written, printed) => {
    expect(printTrigger(parseTree(written))).toBe(printed);
  });
});
