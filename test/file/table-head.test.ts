import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tableHead } from '../../src/file/table-head.ts';

function fileOf(content: string | Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'head-')), 'users.csv');
  writeFileSync(path, content);
  return path;
}

const headOf = async (content: string | Buffer) => {
  const { columns, line, separator, next } = await tableHead(fileOf(content));
  return { columns, line, separator, rest: Buffer.from(content).subarray(next).toString() };
};

describe('the header of a file of cells', () => {
  test.each<[string, string, readonly string[], string, number]>([
    ['commas', 'email,phone\na@x.example,1\n', ['email', 'phone'], ',', 1],
    [
      'semicolons, and commas in names',
      'email;first name, last name;phone\n',
      ['email', 'first name, last name', 'phone'],
      ';',
      1,
    ],
    [
      'semicolons, and commas in values',
      'email;note\na@x.example;a, b, c, d\nb@x.example;e, f, g\n',
      ['email', 'note'],
      ';',
      1,
    ],
    ['tabs', 'email\tphone\n', ['email', 'phone'], '\t', 1],
    ['bars', 'email|phone|zip\na@x.example|1|2\n', ['email', 'phone', 'zip'], '|', 1],
    ['separators in quotes', '"a;b;c;d",email\n', ['a;b;c;d', 'email'], ',', 1],
    ['one column', 'email\na@x.example\n', ['email'], ',', 1],
    ['names that nobody knows', 'Artikel;Menge\n5;1,5\n6;2,5\n', ['Artikel', 'Menge'], ';', 1],
    ['blanks around names', ' email ; phone\n', ['email', 'phone'], ';', 1],
    ['empty names at the end', 'email,phone,,\n', ['email', 'phone'], ',', 1],
    ['a name twice', 'email,email,phone\n', ['email', 'email', 'phone'], ',', 1],
    [
      'line breaks in names',
      '"e-mail\naddress","phone\r\nnumber"\nx,y\n',
      ['e-mail\naddress', 'phone\nnumber'],
      ',',
      1,
    ],
    ['sep=', 'sep=;\r\nemail;phone\r\n', ['email', 'phone'], ';', 2],
    ['sep= of an unusual character', '"sep=^"\nemail^phone\n', ['email', 'phone'], '^', 2],
    ['sep= that Excel has written again', 'sep=,;;\nemail,a;b\n', ['email', 'a;b'], ',', 2],
    ['a title', 'Customers\n\nemail,phone\na@x.example,1\n', ['email', 'phone'], ',', 3],
    [
      'a title with a comma',
      'Customers, as of 1 May\nemail;phone;city\na@x.example;1;b\n',
      ['email', 'phone', 'city'],
      ';',
      2,
    ],
    ['a title over one column', 'Customers\nemail\na@x.example\n', ['email'], ',', 2],
    ['a title over names that nobody knows', 'Export\nArtikel;Menge\n5;1\n', ['Artikel', 'Menge'], ';', 2],
    [
      'two lines of title and sep=',
      'sep=;\nCustomers\n2026-01-01;;\nKundennummer;PLZ\n1;2\n',
      ['Kundennummer', 'PLZ'],
      ';',
      4,
    ],
    ['a byte order mark', '\ufeffemail,phone\n', ['email', 'phone'], ',', 1],
    ['old line ends', 'email,phone\ra@x.example,1\r', ['email', 'phone'], ',', 1],
  ])('is found with %s', async (_, text, columns, separator, line) => {
    expect(await headOf(text)).toMatchObject({ columns, separator, line });
  });

  test('ends where the first row begins', async () => {
    expect((await headOf('Title\r\n"e\nmail",id\r\nx,y\r\n')).rest).toBe('x,y\r\n');
  });

  test.each<[string, string]>([
    ['a column of numbers, some with a comma', 'Kundnr\n1\n2\n3,5\n4\n'],
    ['a row that has more cells than the header', 'Kundnr\n1\n2\n3,x\n'],
    ['a value that is a name of a column', 'Kanal,Ziel\nmobile,a\nweb,b\n'],
  ])('is the first line although %s comes below', async (_, text) => {
    expect((await headOf(text)).line).toBe(1);
  });

  test.each<[string, string | Buffer, string, RegExp]>([
    ['a person', 'p1@shop.example,Ann\n', 'FILE_NO_HEADER', /users\.csv:1: the first row seems to hold a person/],
    ['a phone number', 'Ann;+49 151 1234567\n', 'FILE_NO_HEADER', /must name the columns\. Put a row/],
    ['nothing', '\n\n', 'FILE_EMPTY', /is empty/],
    ['other bytes', Buffer.from([0x61, 0x2c, 0xe9, 0x0a, 0x62]), 'FILE_NOT_TEXT', /users\.csv:1: .*CSV UTF-8/],
  ])('of a file that begins with %s is refused, with the line', async (_, content, code, message) => {
    await expect(tableHead(fileOf(content))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each([
    ['UTF-16', 'utf-16le', true],
    ['UTF-16 of the other order', 'utf-16be', true],
    ['UTF-16 without a byte order mark', 'utf-16le', false],
    ['UTF-16 of the other order without one', 'utf-16be', false],
  ])('is found in %s', async (_, encoding, marked) => {
    const bytes = Buffer.from(`${marked ? '\ufeff' : ''}E-Mail;Straße\r\nx;y\r\n`, 'utf16le');
    const head = await tableHead(fileOf(encoding === 'utf-16be' ? bytes.swap16() : bytes));
    expect(head).toMatchObject({ columns: ['E-Mail', 'Straße'], separator: ';', encoding });
    expect(head.next).toBe(bytes.length - 2 * 'x;y\r\n'.length);
  });
});
