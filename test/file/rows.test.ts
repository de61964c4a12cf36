import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Encoding } from '../../src/file/line-breaks.ts';
import { rowSplitter, type TableRow } from '../../src/file/rows.ts';

interface Reading {
  readonly width?: number;
  readonly separator?: string;
  readonly encoding?: Encoding;
  /** Where the bytes are cut. */
  readonly cuts?: readonly number[];
  readonly start?: number;
}

function read(text: string | Buffer, reading: Reading = {}): readonly TableRow[] {
  const { width = 2, separator = ',', encoding = 'utf-8', cuts = [], start = 0 } = reading;
  const splitter = rowSplitter({ start, maxLineBytes: 100_000, encoding, separator, width });
  const bytes = (typeof text === 'string' ? encoded(text, encoding) : text).subarray(start);
  const places = [...new Set(cuts.map((at) => at % (bytes.length + 1)))].sort((a, b) => a - b);
  const parts = [0, ...places].map((from, index, all) => bytes.subarray(from, all[index + 1] ?? bytes.length));
  return [...parts.flatMap((part) => splitter.push(part)), ...splitter.finish()];
}

function encoded(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const little = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}

const cellsOf = (rows: readonly TableRow[]) => rows.map(({ cells }) => cells);

/** RFC 4180, section 2: a cell with a quote, a separator or a line break stands in quotes, and quotes are doubled. */
function written(rows: readonly (readonly string[])[], separator: string, breaks: readonly string[]): string {
  const cell = (text: string) => (/["\r\n,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row, at) => row.map(cell).join(separator) + breaks[at % breaks.length]).join('');
}

const lineBreaks = fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 4 });
const encodings = fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be');
const separatorsOf = fc.constantFrom(',', ';', '\t', '|');
/** As the reader gives them: no blanks around them, line breaks as newlines. */
const read4180 = (cell: string) => cell.replaceAll(/\r\n|\r/g, '\n').trim();

describe('rows of cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '"', ',', ';', '\t', '|', '\n', '\r', '1') });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));

  test('are read back as they were written, wherever the bytes are cut, in each encoding', () => {
    const cuts = fc.array(fc.nat(600), { maxLength: 6 });
    fc.assert(
      fc.property(table, separatorsOf, lineBreaks, encodings, cuts, (rows, separator, breaks, encoding, places) => {
        // A row of one line of blanks is none; the separators make these more than that.
        const text = written(rows, separator, breaks);
        const found = read(text, { width: rows[0]?.length ?? 2, separator, encoding, cuts: places });
        const given = rows.map((row) => row.map(read4180)).filter((row) => separator !== '\t' || row.some(Boolean));
        expect(cellsOf(found).filter((row) => separator !== '\t' || row.some(Boolean))).toEqual(given);
        expect(found.every(({ problem }) => problem === undefined)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are the same ones at the same places when reading goes on behind any of them', () => {
    fc.assert(
      fc.property(table, lineBreaks, encodings, (rows, breaks, encoding) => {
        const text = written(rows, ',', breaks);
        const width = rows[0]?.length ?? 2;
        const all = read(text, { width, encoding }).map(({ number: _, ...row }) => row);
        expect(all.at(-1)?.next ?? 0).toBe(rows.length === 0 ? 0 : encoded(text, encoding).length);
        for (const [index, { next }] of all.entries()) {
          const rest = read(text, { width, encoding, start: next }).map(({ number: _, ...row }) => row);
          expect(rest).toEqual(all.slice(index + 1));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('know their line, also behind cells with line breaks and with lines that end in different ways', () => {
    const rows = read('a,b\n"x\ny",1\r\n\n"p\r\nq",2\rlast,3');
    expect(rows.map(({ number, cells }) => [number, cells[1]])).toEqual([
      [1, 'b'],
      [2, '1'],
      [5, '2'],
      [7, '3'],
    ]);
  });

  test.each<[string, string, readonly (readonly string[])[]]>([
    ['that are blank are left out, those of empty cells are not', 'a\n\n  \n,\n', [['a'], ['', '']]],
    [
      'may end without a line break, and in a separator',
      'a,b\nc,',
      [
        ['a', 'b'],
        ['c', ''],
      ],
    ],
    ['hold quotes in the midst of a cell as they are', '5" pipe,b', [['5" pipe', 'b']]],
    ['may lack cells at their end', 'a\nb,c\n', [['a'], ['b', 'c']]],
    ['may have empty cells beyond the header', 'a,b,,\n', [['a', 'b']]],
    ['may have blanks around cells, and around quotes', ' a ,\t"b, c" \n', [['a', 'b, c']]],
    ['hold a quote behind a blank as it is where it closes nothing', 'a, "b" c\n', [['a', '"b" c']]],
  ])('%s', (_, text, cells) => {
    const rows = read(text);
    expect(cellsOf(rows)).toEqual(cells);
    expect(rows.every(({ problem }) => problem === undefined)).toBe(true);
  });
});

describe('a row that can not be read', () => {
  test.each<[string, string, readonly (readonly [number, string | undefined])[]]>([
    [
      'text behind the last quote',
      'a,"b"c\ne,f\n',
      [
        [1, 'after_quote'],
        [2, undefined],
      ],
    ],
    [
      'a quote that is never closed',
      'x,"b\nc,d\ne,f\n',
      [
        [1, 'quote_unclosed'],
        [2, undefined],
        [3, undefined],
      ],
    ],
    [
      'a quote that is closed by the next one',
      'x,"b\nc,d\n"e","f"\n',
      [
        [1, 'quote_unclosed'],
        [2, undefined],
        [3, undefined],
      ],
    ],
    [
      'a quote that closes with too few cells',
      '"x,b\nc,d"\ne,f\n',
      [
        [1, 'quote_unclosed'],
        [2, 'after_open_quote'],
        [3, undefined],
      ],
    ],
    [
      'text behind a cell of two lines',
      'a,"b\nc"d\ne,f\n',
      [
        [1, 'quote_unclosed'],
        [2, 'after_open_quote'],
        [3, undefined],
      ],
    ],
    [
      'too many cells',
      'a,b,c\nd,e\n',
      [
        [1, 'too_many_cells'],
        [2, undefined],
      ],
    ],
  ])('for %s: is told with its line, and costs no other one', (_, text, found) => {
    expect(read(text).map(({ number, problem }) => [number, problem?.kind])).toEqual(found);
    const places = Array.from({ length: text.length }, (_, index) => index);
    expect(read(text, { cuts: places })).toEqual(read(text));
  });

  test('with bytes of another encoding keeps them', () => {
    const [bad, good] = read(Buffer.concat([Buffer.from('a,M'), Buffer.from([0xfc]), Buffer.from('ller\nb,c\n')]));
    expect([bad?.problem?.kind, bad?.cells]).toEqual(['not_text', ['a,Müller']]);
    expect(good?.cells).toEqual(['b', 'c']);
    const lone = read(Buffer.from('a,\ud800\n', 'utf16le'), { encoding: 'utf-16le' });
    expect(lone.map(({ problem }) => problem?.kind)).toEqual(['not_text']);
  });

  test('that is longer than is read is told with its length', () => {
    const [row, next] = read(`a,${'b'.repeat(200_000)}\nc,d\n`);
    expect(row).toMatchObject({ number: 1, problem: { kind: 'too_long' }, cut: { bytes: 200_002 } });
    expect(next?.cells).toEqual(['c', 'd']);
  });

  test('never takes other rows with it: a quote that is opened by mistake, in a file of any length', () => {
    const rows = Array.from({ length: 300_000 }, (_, index) => `u${index},x`);
    rows[1] = 'u1,"x';
    const found = read(rows.join('\n'));
    expect(found).toHaveLength(300_000);
    expect(found.filter(({ problem }) => problem !== undefined).map(({ number }) => number)).toEqual([2]);
  });

  test('is told once for each line that has text, whatever the bytes are', () => {
    const unit = fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'b"', '",', ',"');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (text, width) => {
        const found = read(text, { width });
        // Nothing is between two rows but lines of blanks, and nothing is behind the last one.
        const bytes = Buffer.from(text);
        let at = 0;
        for (const { offset, next } of found) {
          expect(bytes.subarray(at, offset).toString().trim()).toBe('');
          expect(next).toBeGreaterThan(offset);
          at = next;
        }
        expect(bytes.subarray(at).toString().trim()).toBe('');
      }),
      { numRuns: 5_000 },
    );
  });
});
