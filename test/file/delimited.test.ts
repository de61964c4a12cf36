import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DelimitedRow, delimitedReader, type Separator, separatorOf } from '../../src/file/delimited.ts';

function read(text: string, separator: Separator = ',', pieces: readonly number[] = []): readonly DelimitedRow[] {
  const reader = delimitedReader(separator);
  const cuts = [...new Set(pieces.map((at) => at % (text.length + 1)))].sort((a, b) => a - b);
  const parts = [0, ...cuts].map((from, index, all) => text.slice(from, all[index + 1] ?? text.length));
  return [...parts.flatMap((part) => reader.push(part)), ...reader.finish()];
}

const cellsOf = (rows: readonly DelimitedRow[]) => rows.map(({ cells }) => cells);

/** RFC 4180, section 2: a cell with a quote, a separator or a line break stands in quotes, and quotes are doubled. */
function written(rows: readonly (readonly string[])[], separator: Separator, lineBreak: string): string {
  const cell = (text: string) => (/["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(separator) + lineBreak).join('');
}

describe('rows of cells', () => {
  test('are read back as they were written, wherever the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\t', '\n', '\r', '1') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    const separators = fc.constantFrom<Separator>(',', ';', '\t');
    const breaks = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(rows, separators, breaks, fc.array(fc.nat(400), { maxLength: 6 }), (given, separator, end, cuts) => {
        const found = read(written(given, separator, end), separator, cuts);
        expect(cellsOf(found)).toEqual(given);
        expect(found.every(({ problem }) => problem === undefined)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('know their line, also behind cells with line breaks', () => {
    const rows = read('a,b\n"x\ny",1\r\n\n"p\r\nq",2\nlast,3');
    expect(rows.map(({ line, cells }) => [line, cells[1]])).toEqual([
      [1, 'b'],
      [2, '1'],
      [5, '2'],
      [7, '3'],
    ]);
  });

  test('that are blank are left out, those of empty cells are not', () => {
    expect(cellsOf(read('a\n\n  \n,\n'))).toEqual([['a'], ['', '']]);
  });

  test('may end without a line break, and in a separator', () => {
    expect(cellsOf(read('a,b\nc,'))).toEqual([
      ['a', 'b'],
      ['c', ''],
    ]);
  });

  test('hold quotes in the midst of a cell as they are', () => {
    expect(cellsOf(read('5" pipe,b'))).toEqual([['5" pipe', 'b']]);
  });

  test.each<[string, string, object]>([
    ['text behind the last quote', 'a,"b"c,d\ne,f,g\n', { kind: 'after_quote', column: 2 }],
    ['a quote that is never closed', 'x,"b\nc,d\n', { kind: 'quote_unclosed', column: 2 }],
  ])('tell of %s, and of the cell', (_, text, problem) => {
    const [first, second] = read(text);
    expect(first).toMatchObject({ line: 1, problem });
    expect(second?.problem).toBeUndefined();
  });

  test('of more than a million characters are refused, with the line where they begin', () => {
    const reader = delimitedReader(',');
    reader.push('a,b\n1,"2');
    expect(() => reader.push('x\n'.repeat(600_000))).toThrow(/begins in line 2/);
  });
});

describe('the separator', () => {
  test.each<[string, Separator]>([
    ['email,phone\n', ','],
    ['email;first name, last name;phone\n', ';'],
    ['email\tphone\n', '\t'],
    ['"a;b;c;d",e\n', ','],
    ['email\n', ','],
  ])('of %j is %j', (text, separator) => {
    expect(separatorOf(text)).toBe(separator);
  });
});
