import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AudienceKey, type AudienceRow, audienceKeys } from '../../src/core/audience.ts';
import { textOf } from '../../src/core/encoded-body.ts';
import { encodedChange, schemaWith, withColumns, withoutColumn } from '../../src/core/encoded-change.ts';

const anyRow = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...audienceKeys), fc.string()), { selector: ([key]) => key })
  .map((cells) => Object.fromEntries(cells) as AudienceRow);

function encoded(row: AudienceRow) {
  const [only] = encodedChange({ operation: 'add', user: 'u', identifiers: [], rows: [row] }).rows;
  if (only === undefined) throw new Error('a change has lost its row');
  return only;
}

test('a row as text has its cells in the order of its columns, whatever their order in the row', () => {
  fc.assert(
    fc.property(anyRow, (row) => {
      const text = encoded(row);
      const { schema, bytes } = text;
      const body = textOf(text);
      expect(schema).toEqual(audienceKeys.filter((key) => row[key] !== undefined));
      expect(JSON.parse(body)).toEqual(schema.map((key) => row[key]));
      expect(bytes).toBe(Buffer.byteLength(body));
    }),
  );
});

test('a row gets the columns of its request, blank where it has no cell', () => {
  fc.assert(
    fc.property(anyRow, fc.subarray([...audienceKeys]), (row, keys) => {
      const schema = schemaWith(keys);
      expect(JSON.parse(textOf(withColumns(encoded(row), schema)))).toEqual(schema.map((key) => row[key] ?? ''));
    }),
  );
});

test('rows with the same columns share one list of them, also when one was left out', () => {
  const valued = encoded({ EMAIL: 'a', LOOKALIKE_VALUE: 7 });
  const without = withoutColumn(valued, 'LOOKALIKE_VALUE');
  expect(without).toEqual({ schema: ['EMAIL'] satisfies AudienceKey[], body: '["a"]', at: 0, bytes: 5 });
  expect(without.schema).toBe(encoded({ EMAIL: 'b' }).schema);
});
