import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Line, createLineSplitter } from '../../src/file/lines.ts';
import { isTable, readRecords, recordSplitter, recordsOfFile } from '../../src/file/table-rows.ts';

const maxLineBytes = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'table-'));
let files = 0;

function fileOf(content: string | Buffer, ending = 'csv'): string {
  files += 1;
  const path = join(folder, `people-${files}.${ending}`);
  writeFileSync(path, content);
  return path;
}

async function recordsFrom(path: string, from = 0): Promise<readonly Line[]> {
  const { start, splitter } = await recordsOfFile(path, { start: from, maxLineBytes, readsBefore: true });
  return [...splitter.push(readFileSync(path).subarray(start)), ...splitter.finish()];
}

test('a file is read record by record, from whichever row', async () => {
  const path = fileOf(`id\n${Array.from({ length: 50_000 }, (_, index) => `u-${index}\n`).join('')}`);
  const found: Line[] = [];
  for await (const record of readRecords(path)) found.push(record);
  expect([found.length, found.at(-1)?.number]).toEqual([50_000, 50_001]);
  for await (const record of readRecords(path, found[49_998]?.offset)) {
    expect(record.value).toEqual(found[49_998]?.value);
    break;
  }
});

const valuesOf = (lines: readonly Line[]) => lines.map(({ value }) => JSON.parse(value.toString()));

const text = 'id,note\n1,plain\r\n2,"a ""b"", and\nmore, é"\n\n3\r4,5" pipe\n"5", last ';
const records = [
  { id: '1', note: 'plain' },
  { id: '2', note: 'a "b", and\nmore, é' },
  { id: '3', note: '' },
  { id: '4', note: '5" pipe' },
  { id: '5', note: 'last' },
];

test.each([1, 3, 1000])('rows become objects, wherever the bytes are cut (every %i)', (pieceBytes) => {
  const head = { columns: ['id', 'note'], separator: ',', encoding: 'utf-8' } as const;
  const bytes = Buffer.from(text);
  const start = bytes.indexOf('1,');
  const splitter = recordSplitter({ start, maxLineBytes }, head);
  const rows: Line[] = [];
  for (let at = start; at < bytes.length; at += pieceBytes)
    rows.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  expect(valuesOf([...rows, ...splitter.finish()])).toEqual(records);
});

describe.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 of the other order', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('a file in %s', (_, bytes) => {
  test('has these rows', async () => {
    expect(valuesOf(await recordsFrom(fileOf(bytes)))).toEqual(records);
  });

  test('rule 36: is read on behind any row, with the same rows at the same places and lines', async () => {
    const path = fileOf(bytes);
    const all = await recordsFrom(path);
    expect(all.at(-1)?.next).toBe(bytes.length);
    for (const [index, { next }] of all.entries()) expect(await recordsFrom(path, next)).toEqual(all.slice(index + 1));
  });
});

test('columns of one name are a list of all their values', async () => {
  const path = fileOf('email,email,fn,email\na@x.example,,Ann,b@x.example\n,c@x.example,Bo,\n,,Cy\n');
  expect(valuesOf(await recordsFrom(path))).toEqual([
    { email: ['a@x.example', 'b@x.example'], fn: 'Ann' },
    { email: 'c@x.example', fn: 'Bo' },
    { email: '', fn: 'Cy' },
  ]);
});

test('a row that can not be read becomes what nobody takes for one, with its line and all of its cells', async () => {
  const path = fileOf('Title\n\nid,note\n1,ok\n2,b,c\n3,"x"y\n4,"open\n5,ok\n');
  expect(valuesOf(await recordsFrom(path))).toEqual([
    { id: '1', note: 'ok' },
    { __malformed: { line: 5, kind: 'too_many_cells', cells: 3, columns: 2 }, __cells: ['2', 'b', 'c'] },
    { __malformed: { line: 6, kind: 'after_quote', column: 2 }, __cells: ['3', 'x'] },
    { __malformed: { line: 7, kind: 'quote_unclosed', column: 2 }, __cells: ['4', 'open'] },
    { id: '5', note: 'ok' },
  ]);
  const [, , , broken] = await recordsFrom(path);
  expect(valuesOf(await recordsFrom(path, broken?.offset))[0].__malformed.line).toBe(7);
});

test('a name of a column that is special to JavaScript is a column like others', async () => {
  const [record] = await recordsFrom(fileOf('__proto__,id\nx,1\n'));
  expect(record?.value.toString()).toBe('{"__proto__":"x","id":"1"}');
});

test('only files that say so are tables, and .txt that does not begin as JSON does; others are lines', async () => {
  expect(['a.csv', 'a.TSV', 'a.ndjson', 'csv', '/nowhere/a.txt'].map(isTable)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isTable(fileOf('email\na@x.example\n', 'txt'))).toBe(true);
  expect(isTable(fileOf(Buffer.from('\ufeffemail\n', 'utf16le'), 'TXT'))).toBe(true);
  expect(isTable(fileOf('\ufeff\n {"type":"track"}\n', 'txt'))).toBe(false);
  expect(isTable(fileOf('[{"type":"track"}]', 'txt'))).toBe(false);
  const { start, splitter } = await recordsOfFile('/nowhere/a.ndjson', { start: 5, maxLineBytes });
  expect(start).toBe(5);
  const plain = createLineSplitter({ start: 5, maxLineBytes });
  expect(splitter.push(Buffer.from('{}\n'))).toEqual(plain.push(Buffer.from('{}\n')));
});
