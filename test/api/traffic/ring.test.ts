import { expect, test } from 'vitest';
import { createRing } from '../../../src/api/traffic/ring.ts';

test('the newest numbers are known, the oldest of them first, and 0 is what was before the first', () => {
  const ring = createRing(3);
  ring.push(0);
  ring.push(0);
  expect([ring.last(3), ring.sum(3)]).toEqual([[0, 0, 0], 0]);
  for (const value of [1, 2, 0, 3]) ring.push(value);
  expect([ring.last(3), ring.last(2), ring.sum(3)]).toEqual([[2, 0, 3], [0, 3], 5]);
});

test('what never happens takes no memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const rings = Array.from({ length: 1_000 }, () => createRing(1_440));
  for (const ring of rings) ring.push(0);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
});
