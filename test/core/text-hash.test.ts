import { expect, test } from 'vitest';
import { textHash } from '../../src/core/text-hash.ts';

test('is an integer that fits a number, the same for the same text', () => {
  for (const text of ['', 'a', 'EMAIL:Grüße', '\u{1f600}', 'x'.repeat(10_000)]) {
    expect(Number.isSafeInteger(textHash(text))).toBe(true);
    expect(textHash(`${text}`)).toBe(textHash(text));
  }
});

test('tells apart texts that differ little: numbers in a row, one letter more, two letters the other way round', () => {
  const texts = new Set([
    '',
    'ab',
    'ba',
    '\0',
    '\0\0',
    ...['u', 'EXTERN_ID:', '+49151'].flatMap((head) =>
      Array.from({ length: 20_000 }, (_, number) => `${head}${number}`),
    ),
  ]);
  expect(new Set([...texts].map(textHash)).size).toBe(texts.size);
});
