import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHashIndex } from '../../../src/pipeline/audience/hash-index.ts';

test('finds what a map of texts would find, also where different texts have the same hash', () => {
  // Of few values, some of which begin in the same cell.
  const someHash = fc.oneof(fc.constantFrom(0, 1, 64, 2 ** 32, 2 ** 52 + 1, -1), fc.maxSafeInteger());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), someHash), { maxLength: 400 }), (pairs) => {
      const index = createHashIndex();
      const texts: string[] = [];
      const model = new Map<string, number>();
      for (const [name, hash] of pairs) {
        const text = `${name} ${hash}`;
        const found = index.find(hash, (entry) => texts[entry] === text);
        expect(found).toBe(model.get(text) ?? -1);
        if (found >= 0) continue;
        const entry = index.add(hash);
        expect(entry).toBe(texts.length);
        texts.push(text);
        model.set(text, entry);
      }
    }),
    { numRuns: 100 },
  );
});
