import { expect, test } from 'vitest';
import { createRestarts } from '../../src/workers/restarts.ts';

test('a worker that ends soon after each start waits longer each time, and the sixth end in a row is the last', () => {
  const restarts = createRestarts();
  const waits = Array.from({ length: 6 }, () => restarts.next(500));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, undefined]);
});

test('a worker that ran for a while begins anew', () => {
  const restarts = createRestarts();
  for (let end = 0; end < 5; end += 1) restarts.next(500);
  expect(restarts.next(61_000)).toBe(1_000);
  expect(restarts.next(500)).toBe(2_000);
});
