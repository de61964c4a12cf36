import { chai } from 'vitest';

/*
 * In an object that another is to match a regular expression fits anything, since it has no members of its own: an expectation that
 * can't fail. So it is refused.
 */

const guarded = Symbol.for('meta-actions.no-patterns-in-objects');
const assertions = chai.Assertion.prototype as unknown as Record<symbol, boolean>;

if (assertions[guarded] !== true) {
  assertions[guarded] = true;
  chai.util.overwriteMethod(
    chai.Assertion.prototype,
    'toMatchObject',
    (matches: (expected: unknown) => unknown) =>
      function (this: unknown, expected: unknown) {
        if (holdsPattern(expected))
          throw new Error('A pattern in toMatchObject fits anything: write expect.stringMatching(…).');
        return matches.call(this, expected);
      },
  );
}

function holdsPattern(value: unknown): boolean {
  if (value instanceof RegExp) return true;
  if (Array.isArray(value)) return value.some(holdsPattern);
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).some(holdsPattern);
}
