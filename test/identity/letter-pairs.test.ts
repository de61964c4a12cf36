import fc from 'fast-check';
import { expect, it } from 'vitest';
import { letterPairIndex, letterPairs } from '../../src/identity/letter-pairs.ts';

it('finds a pair of letters in either case, and nothing else', () => {
  const text = fc.oneof(fc.stringMatching(/^[@-\x7f]{2}$/), fc.string({ unit: 'binary', maxLength: 3 }));
  fc.assert(
    fc.property(text, (one) => {
      expect(letterPairs[letterPairIndex(one)]).toBe(/^[a-zA-Z]{2}$/.test(one) ? one.toLowerCase() : undefined);
    }),
    { numRuns: 1000 },
  );
});
