import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/identity/hash.ts';

it('is the SHA-256 of the UTF-8 text, short or long, the first time and again', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.stringMatching(/^([a-z0-9]{1,2}|[12][09]\d\d)$/),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (one) => {
      const expected = createHash('sha256').update(one, 'utf8').digest('hex');
      expect([sha256(one), sha256(one)]).toEqual([expected, expected]);
    }),
  );
});
