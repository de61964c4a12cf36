import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTable } from '../../src/file/table.ts';

function fileOf(content: string | Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'table-')), 'users.csv');
  writeFileSync(path, content);
  return path;
}

async function rowsOf(path: string) {
  const table = await openTable(path);
  const rows = [];
  for await (const portion of table.rows()) rows.push(...portion);
  return { header: table.header, rows };
}

const text = 'E-Mail;Name\na@shop.example;"Zoë; A"\n';

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, as Excel writes text', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 of the other order', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('reads a table in %s', async (_, content) => {
  const { header, rows } = await rowsOf(fileOf(content));
  expect(header).toEqual(['E-Mail', 'Name']);
  expect(rows.map(({ cells, number }) => [number, ...cells])).toEqual([[2, 'a@shop.example', 'Zoë; A']]);
});

test('counts lines from the top of the file, title and header included', async () => {
  const { rows } = await rowsOf(fileOf('Title\n\n"e\nmail",id\na,1\n\nb,2\n'));
  expect(rows.map(({ number }) => number)).toEqual([5, 7]);
});

test('reads a large table anew with each call, and tells how far it is', async () => {
  const lines = Array.from({ length: 60_000 }, (_, index) => `u-${index},x\n`);
  const table = await openTable(fileOf(`id,name\n${lines.join('')}`));
  for (const _ of [1, 2]) {
    let count = 0;
    let bytes = 0;
    for await (const rows of table.rows((read) => (bytes = read))) count += rows.length;
    expect(count).toBe(60_000);
    expect(bytes).toBeGreaterThan(500_000);
  }
});

test('a row of another encoding ends the reading, with its line and the fix', async () => {
  const path = fileOf(Buffer.from('id,name\n1,Ann\n2,Müller\n', 'latin1'));
  await expect(rowsOf(path)).rejects.toThrow(/users\.csv:3: .*CSV UTF-8/);
});

test('names a file that is not there', async () => {
  await expect(openTable('/no/such/file.csv')).rejects.toThrow(/\/no\/such\/file\.csv does not exist/);
});
