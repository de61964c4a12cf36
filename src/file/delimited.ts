import { ConnectorError } from '../core/errors.ts';

/** One row of a file of cells, without its separators and quotes. */
export interface DelimitedRow {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** What in it is no well-formed cell, so that none of it can be trusted. */
  readonly problem?: CellProblem;
}

/**
 * `quote_unclosed`: no quote ends the cell before the file does. `after_quote`: the cell goes on behind its last quote.
 */
export interface CellProblem {
  readonly kind: 'quote_unclosed' | 'after_quote';
  /** Of the cell, from 1. */
  readonly column: number;
}

export interface DelimitedReader {
  /** The rows that end in this text. */
  push(text: string): readonly DelimitedRow[];
  /** The last row, when the text ended without a line break. */
  finish(): readonly DelimitedRow[];
}

export type Separator = ',' | ';' | '\t';

/** A row this long is a quote that was never closed. */
const maxRowLength = 1024 * 1024;
const quote = 34;
const newline = 10;
const carriageReturn = 13;

/**
 * Reads rows of cells as RFC 4180 has them: a cell in quotes may hold separators, line breaks and doubled quotes. Lines
 * end in LF, CRLF or CR; rows without a character but blanks are left out. Holds one row at most.
 *
 * @throws ConnectorError `FILE_ROW_TOO_LONG`, for a row of more than a million characters.
 */
export function delimitedReader(separator: Separator): DelimitedReader {
  let held = '';
  let line = 1;

  function rowsOf(text: string, final: boolean): readonly DelimitedRow[] {
    const rows: DelimitedRow[] = [];
    let start = 0;
    while (start < text.length) {
      const read = readRow(text, start, separator.charCodeAt(0), final);
      if (read === undefined) break;
      const { cells, next, breaks, problem } = read;
      const blank = cells.length === 1 && cells[0]?.trim() === '';
      if (!blank) rows.push({ line, cells, ...(problem !== undefined && { problem }) });
      line += breaks;
      start = next;
    }
    held = text.slice(start);
    if (held.length > maxRowLength) throw tooLong(line);
    return rows;
  }

  return {
    push: (text) => rowsOf(held + text, false),
    finish: () => rowsOf(held, true),
  };
}

/** The separator that makes the most cells of the first row; a comma where none is there. */
export function separatorOf(text: string): Separator {
  let best: Separator = ',';
  let most = 1;
  for (const separator of [',', ';', '\t'] as const) {
    const cells = readRow(text, 0, separator.charCodeAt(0), true)?.cells.length ?? 0;
    if (cells > most) [best, most] = [separator, cells];
  }
  return best;
}

interface ReadRow {
  readonly cells: readonly string[];
  /** Behind the line break. */
  readonly next: number;
  /** Line breaks in the row, its own included. */
  readonly breaks: number;
  readonly problem?: CellProblem;
}

/** Undefined when more text is needed to tell where the row ends; never when the text is `final`. */
function readRow(text: string, start: number, separator: number, final: boolean): ReadRow | undefined {
  const cells: string[] = [];
  let problem: CellProblem | undefined;
  let breaks = 1;
  let at = start;
  for (;;) {
    const column = cells.length + 1;
    if (text.charCodeAt(at) === quote) {
      const quoted = readQuoted(text, at + 1, final);
      if (quoted === undefined) return undefined;
      if (quoted.unclosed) problem ??= { kind: 'quote_unclosed', column };
      breaks += breaksIn(quoted.value);
      at = cellEnd(text, quoted.end, separator);
      const behind = text.slice(quoted.end, at);
      if (behind.trim() !== '') problem ??= { kind: 'after_quote', column };
      cells.push(quoted.value);
    } else {
      const end = cellEnd(text, at, separator);
      cells.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length && !final) return undefined;
    if (text.charCodeAt(at) === separator) {
      at += 1;
      continue;
    }
    const next = behindBreak(text, at);
    if (next === text.length && text.charCodeAt(next - 1) === carriageReturn && !final) return undefined;
    return { cells, next, breaks, ...(problem !== undefined && { problem }) };
  }
}

/** From behind the first quote on. */
function readQuoted(text: string, start: number, final: boolean) {
  let value = '';
  for (let from = start; ; ) {
    const close = text.indexOf('"', from);
    if (close === -1) return final ? { value: value + text.slice(from), end: text.length, unclosed: true } : undefined;
    value += text.slice(from, close);
    if (text.charCodeAt(close + 1) !== quote) {
      // The next character might be a second quote.
      return close + 1 === text.length && !final ? undefined : { value, end: close + 1, unclosed: false };
    }
    value += '"';
    from = close + 2;
  }
}

function cellEnd(text: string, start: number, separator: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === separator || code === newline || code === carriageReturn) break;
    at += 1;
  }
  return at;
}

function behindBreak(text: string, at: number): number {
  const pair = text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === newline;
  return Math.min(text.length, at + (pair ? 2 : 1));
}

function breaksIn(value: string): number {
  return value.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function tooLong(line: number): ConnectorError {
  const message = `The row that begins in line ${line} is longer than a million characters: close the quote that was opened there.`;
  return new ConnectorError('FILE_ROW_TOO_LONG', message, { line });
}
