import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { ConnectorError } from '../core/errors.ts';
import { malformedRecord } from '../core/malformed-row.ts';
import { avroRecords, isAvroFile } from './avro-file.ts';
import { fileError } from './file-errors.ts';
import { asUtf8, encodingOf } from './line-breaks.ts';
import { defaultMaxLineBytes } from './line-reader.ts';
import { type Line, type LineSplitter, createLineSplitter } from './lines.ts';
import { rowSplitter, type TableRow } from './rows.ts';
import { type TableHead, tableHead } from './table-head.ts';

/** What a line stands for; absent: itself. */
export type ReadLine = (line: Buffer) => Buffer;

interface RecordOptions {
  readonly start: number;
  readonly maxLineBytes: number;
  /**
   * Rows behind `start` are to be what they are in the whole file, and to know their line: what stands before them is read
   * for that. Behind a quote that is never closed, the same line may be another row.
   */
  readonly readsBefore?: boolean;
  /** A row that was read up to `start` goes on there: it comes again, whole, as one of that place. */
  readonly goesOn?: boolean;
  /** Of lines only. */
  readonly readLine?: ReadLine | undefined;
}

/** True for a file that holds rows of cells: by its name, or a `.txt` that doesn't begin as JSON does. */
export function isTable(path: string): boolean {
  if (/\.(csv|tsv)$/i.test(path)) return true;
  if (!/\.txt$/i.test(path)) return false;
  return beginningOf(path) !== '' && !beginsAsJson(path);
}

/** True for a file whose first character is that of a JSON object or list, whatever its name is. */
export function beginsAsJson(path: string): boolean {
  return /^[{[]/.test(beginningOf(path));
}

/** Empty where it can't be read: whoever reads the file says why. */
function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(1024);
      const read = bytes.subarray(0, readSync(file, bytes));
      // A byte order mark counts as a blank.
      return asUtf8(read, encodingOf(read)).toString('utf8').trimStart();
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** Its records are lines of JSON, as they are. */
export function holdsJsonLines(path: string, readLine: ReadLine | undefined): boolean {
  return readLine === undefined && !isAvroFile(path) && !isTable(path);
}

/**
 * Where the records of a file begin, and what cuts it into them: lines as they are, rows of cells below a header, or values of Avro.
 *
 * @param options.start Byte offset where a line or row begins.
 * @throws ConnectorError FILE_UNREADABLE, FILE_EMPTY, FILE_NOT_TEXT, FILE_NO_HEADER
 */
export async function recordsOfFile(
  path: string,
  options: RecordOptions,
): Promise<{ readonly start: number; readonly splitter: LineSplitter }> {
  if (isAvroFile(path)) return avroRecords(path, options);
  if (options.readLine !== undefined || !isTable(path))
    return { start: options.start, splitter: lineSplitter(options) };
  const head = await tableHead(path);
  const from = Math.max(options.start, head.next);
  const start = options.readsBefore === true ? head.next : from;
  return { start, splitter: recordSplitter({ ...options, start, from, firstLine: head.nextLine }, head) };
}

/** Lines, each as what it stands for. */
export function lineSplitter({ readLine, ...options }: RecordOptions): LineSplitter {
  const splitter = createLineSplitter(options);
  if (readLine === undefined) return splitter;
  const read = (line: Line): Line => (line.cut === undefined ? { ...line, value: readLine(line.value) } : line);
  return { push: (chunk) => splitter.push(chunk).map(read), finish: () => splitter.finish().map(read) };
}

/** The records of a file from there on, as a source yields them; their lines are counted if it is from the beginning. */
export async function* readRecords(path: string, from = 0, readLine?: ReadLine): AsyncGenerator<Line> {
  const { start, splitter } = await recordsOfFile(path, { start: from, maxLineBytes: defaultMaxLineBytes, readLine });
  try {
    for await (const chunk of createReadStream(path, { start, highWaterMark: 256 * 1024 })) yield* splitter.push(chunk);
  } catch (error) {
    throw error instanceof ConnectorError ? error : fileError('FILE_UNREADABLE', 'The source file', path, error);
  }
  yield* splitter.finish();
}

/**
 * Rows as lines of JSON: an object of the header's columns, a list where several have one name. A row that can't be read
 * becomes an object that says so and that nobody takes for a row, so that it ends as a dead letter.
 *
 * @param options.from Rows before this place are left out.
 */
export function recordSplitter(
  options: RecordOptions & { readonly firstLine?: number; readonly from?: number },
  head: Pick<TableHead, 'columns' | 'separator' | 'encoding'>,
): LineSplitter {
  const { columns, separator, encoding } = head;
  const rows = rowSplitter({ ...options, separator, encoding, width: columns.length });
  const { from = options.start, goesOn = false } = options;
  const toRecord = recordsWith(columns);
  const placed = (row: TableRow) => (goesOn && row.offset < from && row.next > from ? { ...row, offset: from } : row);
  const wanted = (all: readonly TableRow[]) =>
    all
      .map(placed)
      .filter((row) => row.offset >= from)
      .map(toRecord);
  return {
    push: (chunk) => wanted(rows.push(chunk)),
    finish: () => wanted(rows.finish()),
  };
}

function recordsWith(columns: readonly string[]): (row: TableRow) => Line {
  const isUnique = new Set(columns).size === columns.length;
  const objectOf = (cells: readonly string[]) =>
    isUnique ? Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])) : withLists(columns, cells);
  return ({ cells, problem, ...line }) => {
    const record = problem === undefined ? objectOf(cells) : malformedRecord(problem, cells);
    return { ...line, value: Buffer.from(JSON.stringify(record)) };
  };
}

/** All values of columns that have one name. */
function withLists(columns: readonly string[], cells: readonly string[]): object {
  const values = new Map<string, string[]>(columns.map((name) => [name, []]));
  for (const [at, name] of columns.entries()) {
    const cell = cells[at] ?? '';
    if (cell !== '') values.get(name)?.push(cell);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : (all[0] ?? '')]));
}
