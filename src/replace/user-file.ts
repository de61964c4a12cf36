import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { ConnectorError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { rowProblemText } from '../core/malformed-row.ts';
import type { Failure } from '../core/outcome.ts';
import { personOf } from '../core/person-columns.ts';
import { fileError } from '../file/file-errors.ts';
import { defaultMaxLineBytes } from '../file/line-reader.ts';
import { type Line, createLineSplitter } from '../file/lines.ts';
import type { TableRow } from '../file/rows.ts';
import { openTable, type Table } from '../file/table.ts';
import { beginsAsJson } from '../file/table-rows.ts';
import type { PersonValues } from '../kit/audience/columns.ts';
import { type ColumnMatcher, columnMatcher } from '../kit/audience/header.ts';

/** Somebody of the file, or why the row can't be used; never with a value in it. */
export type FileUser = { readonly line: number } & ({ readonly person: PersonValues } | { readonly failure: Failure });

/** A file with a person in each row or line. */
export interface UserFile {
  readonly path: string;
  /** Which column is which, as far as the file was read: a table's from the start. */
  readonly columns: ColumnMatcher;
  /** Undefined for NDJSON. */
  readonly table: Pick<Table, 'header' | 'headerLine' | 'hasTitle'> | undefined;
  /** All of them in portions, read anew with each call. `bytes`: hears how far the reading is. */
  users(bytes?: (read: number) => void): AsyncGenerator<readonly FileUser[]>;
}

const tables = ['.csv', '.txt', '.tsv'];
const lines = ['.ndjson', '.jsonl', '.json'];

/**
 * Opens a file of users: NDJSON with an object for each, or a table with a header.
 *
 * @param overrides As for `columnMatcher`.
 * @throws ConnectorError USAGE for another kind of file, and those of `openTable`
 */
export async function openUserFile(
  path: string,
  overrides: ReadonlyMap<string, string | undefined>,
): Promise<UserFile> {
  const kind = extname(path).toLowerCase();
  const columns = columnMatcher(overrides);
  if (lines.includes(kind) || (kind === '.txt' && beginsAsJson(path))) {
    return { path, columns, table: undefined, users: (bytes) => usersOfLines(path, columns, bytes) };
  }
  if (!tables.includes(kind)) {
    const message = `the file ${path} is of no kind that is known: name it ${[...lines.slice(0, 1), ...tables].join(', ')}`;
    throw new ConnectorError('USAGE', message);
  }
  const table = await openTable(path);
  const names = table.header.map(columns.nameOf);
  return { path, columns, table, users: (bytes) => usersOfTable(table, names, bytes) };
}

async function* usersOfTable(
  table: Table,
  names: readonly (string | undefined)[],
  bytes?: (read: number) => void,
): AsyncGenerator<readonly FileUser[]> {
  for await (const rows of table.rows(bytes)) yield rows.map((row) => userOfRow(row, names));
}

function userOfRow({ number: line, cells, problem }: TableRow, names: readonly (string | undefined)[]): FileUser {
  if (problem !== undefined) return { line, failure: { code: 'ROW_MALFORMED', message: rowProblemText(problem) } };
  return { line, person: personOf(names.map((name, column) => [name, cells[column]])) };
}

async function* usersOfLines(
  path: string,
  columns: ColumnMatcher,
  bytes?: (read: number) => void,
): AsyncGenerator<readonly FileUser[]> {
  const splitter = createLineSplitter({ start: 0, maxLineBytes: defaultMaxLineBytes });
  const userOf = (line: Line) => userOfLine(line, columns);
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      read += chunk.length;
      bytes?.(read);
      yield splitter.push(chunk).map(userOf);
    }
  } catch (error) {
    throw error instanceof ConnectorError ? error : fileError('FILE_UNREADABLE', 'The file', path, error);
  }
  yield splitter.finish().map(userOf);
}

function userOfLine({ number: line, value }: Line, columns: ColumnMatcher): FileUser {
  const user = parsed(value.toString('utf8'));
  if (!isObject(user)) return { line, failure: notAnObject };
  return { line, person: personOf(Object.entries(user).map(([key, given]) => [columns.nameOf(key), given])) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notAnObject: Failure = { code: 'NOT_AN_OBJECT', message: 'the line is no JSON object' };
