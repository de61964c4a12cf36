import { expect, test } from 'vitest';
import { bytesOf } from '../../src/core/encoded-body.ts';

test('counts the bytes of short and long texts in any letters', () => {
  for (const letter of ['a', 'ü', '日', '😀', '\ud800']) {
    for (const times of [0, 1, 1_000, 21_845, 21_846, 100_000]) {
      const text = letter.repeat(times);
      expect(bytesOf(text)).toBe(Buffer.byteLength(text));
    }
  }
});
