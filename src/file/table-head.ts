import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { ConnectorError } from '../core/errors.ts';
import { columnNamed } from '../core/person-columns.ts';
import { newRow, readLine, type Separator, separators } from './delimited.ts';
import { fileError } from './file-errors.ts';
import { type Encoding, encodingOf } from './line-breaks.ts';
import { type Line, createLineSplitter } from './lines.ts';

/** What the first lines of a file of cells say of the others. */
export interface TableHead {
  /** As they are written, blanks around them aside. A name may come more than once. */
  readonly columns: readonly string[];
  /** Where the header stands, from 1. */
  readonly line: number;
  /** Whether lines with text stand above it, which are taken for titles. */
  readonly hasTitle: boolean;
  readonly separator: Separator;
  readonly encoding: Encoding;
  /** Byte offset of the first row below, and its line. */
  readonly next: number;
  readonly nextLine: number;
}

/** How much of the file is looked at: a header may have lines above it, and line breaks in it. */
const mostLines = 40;
const mostBytes = 1024 * 1024;
/** Rows that are looked at for the separator, and for the header. */
const mostRows = 10;

/**
 * Finds the header of a file of cells, and the character that separates them.
 *
 * @throws ConnectorError FILE_UNREADABLE, FILE_EMPTY, FILE_NOT_TEXT, FILE_NO_HEADER
 */
export async function tableHead(path: string): Promise<TableHead> {
  const { lines, encoding } = await firstLines(path);
  const says = lines.findIndex(({ value }) => value.length > 0);
  const declared = separatorLine.exec(lines[says]?.value.toString('utf8') ?? '')?.[1];
  const below = declared === undefined ? lines : lines.slice(says + 1);
  const heads = (declared === undefined ? separators : [declared]).map((separator) => headWith(below, separator));
  const [head] = heads.toSorted((a, b) => b.known - a.known || b.divided - a.divided || b.cells - a.cells);
  if (head?.row === undefined) {
    throw new ConnectorError('FILE_EMPTY', `The file ${path} is empty: its first row must name the columns.`, { path });
  }
  const { row, separator } = head;
  const [first, last] = [row.lines[0], row.lines.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a row has a line at least');
  if (row.lines.some(({ value, cut }) => cut !== undefined || value.includes('\ufffd') || !isUtf8(value))) {
    throw notText(path, first.number);
  }
  const columns = withoutEmptyEnd(row.cells);
  if (columns.some(isValue)) throw noHeader(path, first.number);
  const hasTitle = row !== head.top;
  return { columns, line: first.number, hasTitle, separator, encoding, next: last.next, nextLine: last.number + 1 };
}

/** As Excel reads and writes it: `sep=;`. */
const separatorLine = /^\s*"?sep=([^"\s]|\t)"?[\s,;|]*$/i;

/** An e-mail address, a number of at least seven digits or a hash names no column. */
function isValue(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) || /^\+?\d[\d ()./-]{6,}$/.test(text) || /^[0-9a-f]{32,}$/i.test(text);
}

interface HeadRow {
  readonly cells: readonly string[];
  readonly lines: readonly Line[];
}

interface HeadChoice {
  readonly separator: Separator;
  readonly top: HeadRow | undefined;
  readonly row: HeadRow | undefined;
  /** How many of its columns have a name that is known. */
  readonly known: number;
  /** Rows that the separator divides, and all their cells. */
  readonly divided: number;
  readonly cells: number;
}

function headWith(lines: readonly Line[], separator: Separator): HeadChoice {
  const rows = rowsOf(lines, separator);
  const row = rows[headerIndex(rows)];
  const divided = rows.filter(({ cells }) => cells.length > 1);
  return {
    separator,
    top: rows[0],
    row,
    known: row === undefined ? 0 : knownIn(row),
    divided: divided.length,
    cells: divided.reduce((sum, { cells }) => sum + cells.length, 0),
  };
}

function rowsOf(lines: readonly Line[], separator: Separator): readonly HeadRow[] {
  const rows: HeadRow[] = [];
  for (let at = 0; at < lines.length && rows.length < mostRows; ) {
    const found = rowAt(lines, at, separator);
    if (found.cells.some((cell) => cell !== '')) rows.push(found);
    at += found.lines.length;
  }
  return rows;
}

/** The row that begins there; of one whose quote is not closed the first line. */
function rowAt(lines: readonly Line[], start: number, separator: Separator): HeadRow {
  const row = newRow();
  for (let at = start; at < lines.length; at++) {
    readLine(row, lines[at]?.value.toString('utf8') ?? '', separator);
    if (row.open === undefined && row.brokenAt === undefined) {
      return { cells: row.cells, lines: lines.slice(start, at + 1) };
    }
    if (row.brokenAt !== undefined) break;
  }
  const alone = newRow();
  readLine(alone, lines[start]?.value.toString('utf8') ?? '', separator);
  return { cells: [...alone.cells, ...(alone.open ?? [])], lines: lines.slice(start, start + 1) };
}

/**
 * The first row that is no title. A title has no name of a column that is known, and a header below it has more cells, or
 * nothing but known names.
 */
function headerIndex(rows: readonly HeadRow[]): number {
  const [top] = rows;
  if (top === undefined || knownIn(top) > 0) return 0;
  const header = rows.findIndex((row) => knownIn(row) > 0);
  if (header > 0 && isHeaderBelow(rows.slice(0, header), rows[header])) return header;
  const wide = rows.findIndex((row) => filled(row) > 1);
  return isHeaderOfUnknown(rows, wide) ? wide : 0;
}

function isHeaderBelow(titles: readonly HeadRow[], header: HeadRow | undefined): boolean {
  if (header === undefined) return false;
  const [known, cells] = [knownIn(header), filled(header)];
  const most = Math.max(...titles.map(filled));
  return most === 1 ? known === cells || cells > 1 : known > 1 && cells > most;
}

/** Names that nobody knows are a header below a title only if nothing but rows of its kind follow, and none is a number. */
function isHeaderOfUnknown(rows: readonly HeadRow[], at: number): boolean {
  const below = rows.slice(at + 1);
  const follow = below.every((row) => filled(row) > 1) && (at === 1 || below.length > 0);
  return at > 0 && follow && rows[at]?.cells.some((cell) => isValue(cell) || /^\d+([.,]\d+)?$/.test(cell)) === false;
}

function filled({ cells }: HeadRow): number {
  return cells.filter((cell) => cell !== '').length;
}

function knownIn({ cells }: HeadRow): number {
  return cells.filter((cell) => columnNamed(cell) !== undefined).length;
}

function withoutEmptyEnd(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
}

async function firstLines(path: string): Promise<{ readonly lines: readonly Line[]; readonly encoding: Encoding }> {
  const lines: Line[] = [];
  let encoding: Encoding = 'utf-8';
  let splitter: ReturnType<typeof createLineSplitter> | undefined;
  try {
    for await (const chunk of createReadStream(path, { end: mostBytes - 1 }) as AsyncIterable<Buffer>) {
      if (splitter === undefined) {
        encoding = encodingOf(chunk);
        splitter = createLineSplitter({ start: 0, maxLineBytes: mostBytes, cellsIn: encoding });
      }
      lines.push(...splitter.push(chunk));
      if (lines.length >= mostLines) return { lines, encoding };
    }
  } catch (error) {
    throw fileError('FILE_UNREADABLE', 'The source file', path, error);
  }
  lines.push(...(splitter?.finish() ?? []));
  return { lines, encoding };
}

/** The error for a file that is not in an encoding that can be read. */
export function notText(path: string, line: number): ConnectorError {
  const message = `${path}:${line}: the line is not UTF-8: save the file as "CSV UTF-8".`;
  return new ConnectorError('FILE_NOT_TEXT', message, { path, line });
}

function noHeader(path: string, line: number): ConnectorError {
  const message = `${path}:${line}: the first row seems to hold a person: it must name the columns. Put a row with their names above it.`;
  return new ConnectorError('FILE_NO_HEADER', message, { path, line });
}
