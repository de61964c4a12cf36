import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRing } from '../../../src/sandbox/graph/ring.ts';

it('holds the newest items in order and hands back those that go', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 8 }), (items, capacity) => {
      const ring = createRing<number>(capacity);
      const gone = items.map((item) => ring.push(item)).filter((item) => item !== undefined);
      expect([...gone, ...ring.items()]).toEqual(items);
      expect(ring.size()).toBe(Math.min(items.length, capacity));
    }),
  );
});
