import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOf } from '../../../src/core/encoded-body.ts';
import { type EncodedRow, encodedChange } from '../../../src/core/encoded-change.ts';
import { createRowTexts } from '../../../src/pipeline/audience/row-texts.ts';

function rowsOf(cells: readonly string[]): readonly EncodedRow[] {
  const rows = cells.map((cell) => ({ EXTERN_ID: cell }));
  return encodedChange({ operation: 'add', user: 'u', identifiers: [], rows }).rows;
}

test('each row has its text until they are all given up, however many and long they are', () => {
  const someCells = fc.array(fc.string({ minLength: 1, maxLength: 2_000, unit: 'grapheme' }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(someCells, { maxLength: 4 }), (flushes) => {
      for (const cells of flushes) {
        const [texts, rows] = [createRowTexts(), rowsOf(cells)];
        for (const row of rows) texts.take([row]);
        expect(rows.map(textOf)).toEqual(cells.map((cell) => JSON.stringify([cell])));
        // The memory of one flush is that of the next.
        texts.discard();
      }
    }),
    { numRuns: 50 },
  );
});

test('few rows stay the texts that they were, and many move out of the heap', () => {
  const [few, many] = [rowsOf(['a']), rowsOf(Array.from({ length: 100 }, () => 'x'.repeat(1_000)))];
  for (const rows of [few, many]) createRowTexts().take(rows);
  expect(few.map(({ body }) => typeof body)).toEqual(['string']);
  expect(many.every(({ body }) => Buffer.isBuffer(body))).toBe(true);
});
