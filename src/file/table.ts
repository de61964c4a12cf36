import { createReadStream } from 'node:fs';
import { ConnectorError } from '../core/errors.ts';
import { type DelimitedRow, delimitedReader, separatorOf } from './delimited.ts';
import { fileError } from './file-errors.ts';

/** A file of cells whose first row names its columns. */
export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  /** Where the header stands, from 1. */
  readonly headerLine: number;
  /** The rows below the header, in portions; read anew with each call. `bytes`: hears how far the reading is. */
  rows(bytes?: (read: number) => void): AsyncGenerator<readonly DelimitedRow[]>;
}

/**
 * Opens a file of cells that are separated by commas, semicolons or tabs, which is seen from its first row. UTF-8, or
 * UTF-16 with its byte order mark, as Excel writes "Unicode text".
 *
 * @throws ConnectorError FILE_UNREADABLE, FILE_EMPTY, FILE_NOT_TEXT, FILE_ROW_TOO_LONG
 */
export async function openTable(path: string): Promise<Table> {
  for await (const rows of rowsOf(path)) {
    const [first] = rows;
    if (first === undefined) continue;
    const header = first.cells.map((cell) => cell.trim());
    return { path, header, headerLine: first.line, rows: (bytes) => below(rowsOf(path, bytes)) };
  }
  throw new ConnectorError('FILE_EMPTY', `The file ${path} is empty: its first row must name the columns.`, { path });
}

async function* below(portions: AsyncGenerator<readonly DelimitedRow[]>): AsyncGenerator<readonly DelimitedRow[]> {
  let header = true;
  for await (const rows of portions) {
    yield header ? rows.slice(1) : rows;
    if (rows.length > 0) header = false;
  }
}

async function* rowsOf(path: string, bytes?: (read: number) => void): AsyncGenerator<readonly DelimitedRow[]> {
  let reader: ReturnType<typeof delimitedReader> | undefined;
  for await (const text of textOf(path, bytes)) {
    reader ??= delimitedReader(separatorOf(text.trimStart()));
    yield reader.push(text);
  }
  if (reader !== undefined) yield reader.finish();
}

async function* textOf(path: string, bytes?: (read: number) => void): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      const text = decoder.decode(chunk, { stream: true });
      read += chunk.length;
      bytes?.(read);
      if (text !== '') yield text;
    }
    decoder?.decode();
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (error instanceof TypeError) throw notText(path, read);
    throw fileError('FILE_UNREADABLE', 'The file', path, error);
  }
}

function encodingOf(start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function notText(path: string, read: number): ConnectorError {
  const message = `The file ${path} is not UTF-8, after byte ${read} or later: save it as "CSV UTF-8".`;
  return new ConnectorError('FILE_NOT_TEXT', message, { path });
}
