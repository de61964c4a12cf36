import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { ConnectorError } from '../core/errors.ts';
import { type DelimitedRow, delimitedReader, type Separator, separatorOf } from './delimited.ts';
import { fileError } from './file-errors.ts';
import { type Line, type LineSplitter, createLineSplitter } from './lines.ts';

/** What the first line of a file of cells says of the others. */
export interface TableHead {
  readonly columns: readonly string[];
  readonly separator: Separator;
  /** Byte offset of the first row below. */
  readonly next: number;
}

interface SplitterOptions {
  readonly start: number;
  readonly maxLineBytes: number;
}

/** True for a file whose name says that it holds rows of cells. */
export function isTable(path: string): boolean {
  return /\.(csv|tsv)$/i.test(path);
}

/**
 * Where the records of a file begin, and what cuts it into them: lines as they are, or rows of cells below a header.
 *
 * @param start Byte offset where a line or row begins.
 * @throws ConnectorError FILE_UNREADABLE, FILE_EMPTY
 */
export async function recordsOfFile(
  path: string,
  options: SplitterOptions,
): Promise<{ readonly start: number; readonly splitter: LineSplitter }> {
  if (!isTable(path)) return { start: options.start, splitter: createLineSplitter(options) };
  const head = await tableHead(path, options.maxLineBytes);
  const start = Math.max(options.start, head.next);
  return { start, splitter: rowSplitter({ ...options, start }, head) };
}

/**
 * Rows as lines of JSON: an object of the header's columns. A row that doesn't fit the header becomes the list of its
 * cells, which is no row to whoever decodes it, and so ends as a dead letter. Blank lines are left out, in quotes too.
 */
export function rowSplitter(options: SplitterOptions, head: Pick<TableHead, 'columns' | 'separator'>): LineSplitter {
  const lines = createLineSplitter(options);
  const cells = delimitedReader(head.separator);
  /** The first line of a row that goes on. */
  let begun: Line | undefined;
  let end = options.start;

  function rowsOf(line: Line): readonly Line[] {
    end = line.next;
    // The bytes as they are: decoding says what is wrong with them.
    if (line.cut !== undefined || !isUtf8(line.value)) return [line];
    const { offset, number } = begun ?? line;
    const [row] = cells.push(`${line.value.toString('utf8')}\n`);
    begun = row === undefined ? (begun ?? line) : undefined;
    return row === undefined ? [] : [{ offset, next: line.next, number, value: bytesOf(row, head.columns) }];
  }

  return {
    push: (chunk) => lines.push(chunk).flatMap(rowsOf),
    finish() {
      const rows = lines.finish().flatMap(rowsOf);
      if (begun === undefined) return rows;
      const { offset, number } = begun;
      const open = cells.finish().map((row) => ({ offset, next: end, number, value: bytesOf(row, head.columns) }));
      return [...rows, ...open];
    },
  };
}

function bytesOf({ cells, problem }: DelimitedRow, columns: readonly string[]): Buffer {
  const fits = problem === undefined && cells.length === columns.length;
  return Buffer.from(JSON.stringify(fits ? Object.fromEntries(columns.map((name, at) => [name, cells[at]])) : cells));
}

async function tableHead(path: string, maxLineBytes: number): Promise<TableHead> {
  const lines = createLineSplitter({ start: 0, maxLineBytes });
  try {
    for await (const chunk of createReadStream(path)) {
      const [first] = lines.push(chunk);
      if (first !== undefined) return headOf(first);
    }
  } catch (error) {
    throw fileError('FILE_UNREADABLE', 'The source file', path, error);
  }
  const [only] = lines.finish();
  if (only !== undefined) return headOf(only);
  throw new ConnectorError('FILE_EMPTY', `The file ${path} is empty: its first row must name the columns.`, { path });
}

function headOf({ value, next }: Line): TableHead {
  const text = value.toString('utf8');
  const separator = separatorOf(text);
  const reader = delimitedReader(separator);
  const [row] = [...reader.push(text), ...reader.finish()];
  return { columns: (row?.cells ?? []).map((cell) => cell.trim()), separator, next };
}
