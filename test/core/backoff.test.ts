import { expect, test } from 'vitest';
import { backoffMillis } from '../../src/core/backoff.ts';

const times = { firstMillis: 500, longestMillis: 3_000 };

test('waits double with each failure, up to the longest', () => {
  expect([1, 2, 3, 4, 5].map((failures) => backoffMillis(times, failures))).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
});

test('a failure that goes on for years waits no longer than the longest', () => {
  expect(backoffMillis(times, 1e6)).toBe(3_000);
});
