import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, literalOfGlob, matchGlob } from '../../src/trigger/glob.ts';
import { growth } from '../support/growth.ts';
import { readFixture } from './support/fixtures.ts';
import { globMatches } from './support/naive-interpreter.ts';

const { cases } = readFixture<{ readonly cases: readonly [string, string, boolean][] }>('globs');

describe('a glob', () => {
  test.each(cases)('%j on %j is %s', (pattern, text, expected) => {
    expect(matchGlob(pattern, text)).toBe(expected);
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  test('matches what trying every way would match', () => {
    const element = fc.constantFrom('a', 'b', '🎁', '*', '?', '[ab]', '[a-🎁]', '\\*', '\\a', '[', ']', '-');
    const pattern = fc.array(element, { maxLength: 8 }).map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '🎁', '*', '['), { maxLength: 8 }).map((parts) => parts.join(''));
    const hasEscapeInClass = (glob: string): boolean => /\[[^\]]*\\/.test(glob);
    fc.assert(
      fc.property(
        pattern.filter((glob) => !hasEscapeInClass(glob)),
        text,
        (glob, subject) => {
          const expected = globMatches([...glob], [...subject]);
          expect(matchGlob(glob, subject)).toBe(expected);
          expect(compileGlob(glob)(subject)).toBe(expected);
        },
      ),
      { numRuns: 20_000, seed: 11 },
    );
  });

  test.each([
    'a*a*a*a*b',
    '*a*a*a*a*a*b',
    `${'a*'.repeat(500)}b`,
    `${'*?'.repeat(500)}b`,
    '**********b',
    '*[a-c]*[a-c]*b',
  ])('answers %s against 100,000 letters, in no quadratic time', (pattern) => {
    const matches = compileGlob(pattern);
    expect(matches('a'.repeat(100_000))).toBe(false);
    expect(matchGlob(pattern, 'a'.repeat(100_000))).toBe(false);
    expect(growth((length) => matches('a'.repeat(length)), 100_000, 30)).toBeLessThan(200);
    expect(growth((length) => matchGlob(pattern, 'a'.repeat(length)), 100_000, 30)).toBeLessThan(200);
  });

  test('of 60,000 open brackets is read in linear time', () => {
    for (const opening of ['[', '[\\]']) {
      expect(compileGlob(opening.repeat(20_000))('[')).toBe(false);
      expect(growth((length) => compileGlob(opening.repeat(length))('['), 60_000, 30)).toBeLessThan(200);
    }
  });

  test('without a wildcard names its one text', () => {
    expect(literalOfGlob('Order \\*')).toBe('Order *');
    expect(literalOfGlob('Order*')).toBeUndefined();
    expect(literalOfGlob('[O]')).toBeUndefined();
  });
});
