import { expect, test } from 'vitest';
import { assertSameShape } from '../../bench/parts/same-shape.ts';

test('the floor of the measurements sends what the product sends, but for the hashes', async () => {
  await expect(assertSameShape()).resolves.toBeUndefined();
});
