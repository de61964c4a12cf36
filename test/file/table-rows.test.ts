import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Line, createLineSplitter } from '../../src/file/lines.ts';
import { isTable, recordsOfFile, rowSplitter } from '../../src/file/table-rows.ts';

const maxLineBytes = 100_000;
const head = { columns: ['id', 'note'], separator: ',' as const };

/** The rows of a file's text, read in pieces of so many bytes. */
function rowsOf(text: string | Buffer, pieceBytes: number, start = 0): readonly Line[] {
  const bytes = Buffer.from(text).subarray(start);
  const splitter = rowSplitter({ start, maxLineBytes }, head);
  const rows: Line[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    rows.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  return [...rows, ...splitter.finish()];
}

const valuesOf = (rows: readonly Line[]) => rows.map(({ value }) => JSON.parse(value.toString()));

const text = '1,plain\r\n2,"a ""b"", and\nmore, é"\n\n3,\n4,5" pipe\n"5",last';

test.each([1, 3, 1000])('rows become objects, wherever the bytes are cut (every %i)', (pieceBytes) => {
  expect(valuesOf(rowsOf(text, pieceBytes))).toEqual([
    { id: '1', note: 'plain' },
    { id: '2', note: 'a "b", and\nmore, é' },
    { id: '3', note: '' },
    { id: '4', note: '5" pipe' },
    { id: '5', note: 'last' },
  ]);
});

/** The number of a line is counted from where reading begins. */
const placesOf = (rows: readonly Line[]) => rows.map(({ number: _, ...row }) => row);

test('rule 36: reading goes on behind any row, with the same rows at the same places', () => {
  const all = rowsOf(text, 7);
  expect(all.at(-1)?.next).toBe(Buffer.byteLength(text));
  for (const [index, { next }] of all.entries())
    expect(placesOf(rowsOf(text, 7, next))).toEqual(placesOf(all.slice(index + 1)));
});

test('a row that does not fit the header, or is none, can not be taken for one', () => {
  expect(valuesOf(rowsOf('1\n2,b,c\n3,"x"y\n4,ok\n5,"open\n', 4))).toEqual([
    ['1'],
    ['2', 'b', 'c'],
    ['3', 'x'],
    { id: '4', note: 'ok' },
    ['5', 'open\n'],
  ]);
  const [row] = rowsOf(Buffer.from([0x31, 0x2c, 0xff, 0x0a]), 10);
  expect(row?.value).toEqual(Buffer.from([0x31, 0x2c, 0xff]));
});

test('the header of a file says how to read it, from whichever place', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'table-')), 'people.CSV');
  const bytes = Buffer.from('\ufeffid; E-mail \n1;a@example.com\n2;b@example.com\n');
  writeFileSync(file, bytes);
  for (const from of [0, bytes.indexOf('2;')]) {
    const { start, splitter } = await recordsOfFile(file, { start: from, maxLineBytes });
    const rows = [...splitter.push(bytes.subarray(start)), ...splitter.finish()];
    const people = [
      { id: '1', 'E-mail': 'a@example.com' },
      { id: '2', 'E-mail': 'b@example.com' },
    ];
    expect(valuesOf(rows)).toEqual(from === 0 ? people : people.slice(1));
  }
  writeFileSync(file, '\n');
  await expect(recordsOfFile(file, { start: 0, maxLineBytes })).rejects.toMatchObject({ code: 'FILE_EMPTY' });
});

test('only files that say so are tables; others are lines', async () => {
  expect(['a.csv', 'a.TSV', 'a.ndjson', 'csv'].map(isTable)).toEqual([true, true, false, false]);
  const { start, splitter } = await recordsOfFile('/nowhere/a.ndjson', { start: 5, maxLineBytes });
  expect(start).toBe(5);
  const plain = createLineSplitter({ start: 5, maxLineBytes });
  expect(splitter.push(Buffer.from('{}\n'))).toEqual(plain.push(Buffer.from('{}\n')));
});
