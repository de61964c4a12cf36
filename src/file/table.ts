import { createReadStream } from 'node:fs';
import { ConnectorError } from '../core/errors.ts';
import { fileError } from './file-errors.ts';
import { defaultMaxLineBytes } from './line-reader.ts';
import { rowSplitter, type TableRow } from './rows.ts';
import { notText, tableHead } from './table-head.ts';

/** A file of cells whose header names its columns. */
export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  /** Where the header stands, from 1. */
  readonly headerLine: number;
  /** Whether lines with text stand above it, which are taken for titles. */
  readonly hasTitle: boolean;
  /** The rows below the header, in portions; read anew with each call. `bytes`: hears how far the reading is. */
  rows(bytes?: (read: number) => void): AsyncGenerator<readonly TableRow[]>;
}

/**
 * Opens a file of cells. `rows` throws FILE_NOT_TEXT at a row of another encoding, since all names that are written with
 * other letters than English ones would be missing.
 *
 * @throws ConnectorError FILE_UNREADABLE, FILE_EMPTY, FILE_NOT_TEXT, FILE_NO_HEADER
 */
export async function openTable(path: string): Promise<Table> {
  const head = await tableHead(path);

  async function* rows(bytes?: (read: number) => void): AsyncGenerator<readonly TableRow[]> {
    const { next: start, nextLine: firstLine, columns, encoding, separator } = head;
    const splitter = rowSplitter({
      ...{ start, firstLine, encoding, separator, width: columns.length },
      maxLineBytes: defaultMaxLineBytes,
    });
    let read = start;
    try {
      for await (const chunk of createReadStream(path, { start, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
        read += chunk.length;
        bytes?.(read);
        yield textRows(path, splitter.push(chunk));
      }
    } catch (error) {
      throw error instanceof ConnectorError ? error : fileError('FILE_UNREADABLE', 'The file', path, error);
    }
    yield textRows(path, splitter.finish());
  }

  return { path, header: head.columns, headerLine: head.line, hasTitle: head.hasTitle, rows };
}

function textRows(path: string, rows: readonly TableRow[]): readonly TableRow[] {
  const other = rows.find(({ problem }) => problem?.kind === 'not_text');
  if (other !== undefined) throw notText(path, other.number);
  return rows;
}
