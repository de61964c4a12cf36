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

async function cellsOf(path: string) {
  const table = await openTable(path);
  const rows = [];
  for await (const portion of table.rows()) rows.push(...portion.map(({ cells }) => cells));
  return { header: table.header, rows };
}

const text = 'E-Mail;Name\na@shop.example;"Zoë; A"\n';
const expected = { header: ['E-Mail', 'Name'], rows: [['a@shop.example', 'Zoë; A']] };

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, as Excel writes text', Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 of the other order', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('reads a table in %s', async (_, content) => {
  expect(await cellsOf(fileOf(content))).toEqual(expected);
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

test.each<[string, string | Buffer, RegExp]>([
  ['of other bytes', Buffer.from([0x61, 0x2c, 0xe9, 0x0a, 0x62]), /is not UTF-8.*CSV UTF-8/],
  ['that is empty', '\n\n', /is empty/],
])('refuses a file %s, with the fix', async (_, content, message) => {
  await expect(openTable(fileOf(content))).rejects.toThrow(message);
});

test('names a file that is not there', async () => {
  await expect(openTable('/no/such/file.csv')).rejects.toThrow(/\/no\/such\/file\.csv does not exist/);
});
