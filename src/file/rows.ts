import { isUtf8 } from 'node:buffer';
import type { RowProblem } from '../core/malformed-row.ts';
import { newRow, readLine, type Separator } from './delimited.ts';
import type { Encoding } from './line-breaks.ts';
import { type Line, createLineSplitter } from './lines.ts';

/** One row of a file of cells, at the place of its first line. */
export interface TableRow extends Omit<Line, 'value'> {
  /** Without separators, quotes and blanks around them. As many as the header has, or fewer; of a row with a problem: any. */
  readonly cells: readonly string[];
  readonly problem?: RowProblem;
}

export interface RowSplitter {
  /** The rows that end in this chunk. */
  push(chunk: Buffer): readonly TableRow[];
  finish(): readonly TableRow[];
}

export interface RowOptions {
  /** Byte offset of the first chunk's first byte, which begins a row. */
  readonly start: number;
  /** The line that it stands in; 1 by default. */
  readonly firstLine?: number;
  readonly maxLineBytes: number;
  readonly encoding: Encoding;
  readonly separator: Separator;
  /** How many cells the header has. */
  readonly width: number;
}

/** A row this long has a quote that is never closed. */
const maxRowLength = 1024 * 1024;

/** A line, and whether it stands where a quote seemed to be open. */
interface HeldLine {
  readonly line: Line;
  readonly text: string;
  readonly isSuspect: boolean;
}

/**
 * Cuts the bytes of a file of cells into rows. Lines without a character but blanks are left out between rows.
 *
 * A quote that is opened by mistake would swallow all rows up to the next one. So a row over several lines counts only if
 * it has exactly the header's width; otherwise its first line is broken, and each line behind it is read by itself: as a
 * row where it has the header's width and no quote in the midst of a cell, else as broken too.
 */
export function rowSplitter(options: RowOptions): RowSplitter {
  const { separator, encoding, width } = options;
  const lines = createLineSplitter({ start: options.start, maxLineBytes: options.maxLineBytes, cellsIn: encoding });
  const linesBefore = (options.firstLine ?? 1) - 1;
  /** The lines of the row that goes on. */
  let held: HeldLine[] = [];
  let heldLength = 0;
  let row = newRow();
  /** Lines to be read yet, the next one last. */
  const waiting: HeldLine[] = [];
  let rows: TableRow[] = [];

  function read(next: HeldLine): void {
    const { line, text } = next;
    const unreadable = unreadableFor(line, encoding);
    if (unreadable !== undefined) {
      if (held.length > 0) {
        giveUp([next]);
        return;
      }
      emit([line], [line.value.toString('latin1')], { kind: unreadable });
      return;
    }
    if (held.length === 0 && text.trim() === '') return;
    held.push(next);
    heldLength += text.length;
    readLine(row, text, separator);
    if (row.open === undefined) end();
    else if (heldLength > maxRowLength || row.cells.length >= width) giveUp();
  }

  function end(): void {
    const { brokenAt, hasStrayQuote } = row;
    const cells = withoutBlankEnd(row.cells, width);
    const isExact = brokenAt === undefined && cells.length === width;
    const [{ isSuspect = false } = {}] = held;
    if (held.length > 1 && !isExact) giveUp();
    else if (brokenAt !== undefined) finishRow(cells, { kind: 'after_quote', column: brokenAt });
    else if (cells.length > width) finishRow(cells, { kind: 'too_many_cells', cells: cells.length, columns: width });
    else if (isSuspect && held.length === 1 && (!isExact || hasStrayQuote))
      finishRow(cells, { kind: 'after_open_quote' });
    else finishRow(cells);
  }

  function finishRow(cells: readonly string[], problem?: Omit<RowProblem, 'line'>): void {
    const lines = held.map(({ line }) => line);
    reset();
    emit(lines, cells, problem);
  }

  /** The first line alone is a broken row; those behind it, and `others`, are read again. */
  function giveUp(others: readonly HeldLine[] = []): void {
    const [first, ...behind] = held;
    reset();
    if (first === undefined) return;
    const alone = newRow();
    readLine(alone, first.text, separator);
    const column = alone.cells.length + 1;
    emit([first.line], [...alone.cells, ...(alone.open ?? [])], { kind: 'quote_unclosed', column });
    for (const line of others) waiting.push(line);
    for (const line of behind.reverse()) waiting.push({ ...line, isSuspect: true });
  }

  function reset(): void {
    held = [];
    heldLength = 0;
    row = newRow();
  }

  function emit(of: readonly Line[], cells: readonly string[], problem?: Omit<RowProblem, 'line'>): void {
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined) return;
    const { offset, cut } = first;
    const number = linesBefore + first.number;
    rows.push({
      ...{ offset, next: last.next, number, cells },
      ...(cut !== undefined && { cut }),
      ...(problem !== undefined && { problem: { ...problem, line: number } }),
    });
  }

  function readWaiting(): void {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) read(next);
  }

  function readAll(given: readonly Line[], isLast: boolean): readonly TableRow[] {
    rows = [];
    for (const line of given) {
      read({ line, text: line.value.toString('utf8'), isSuspect: false });
      if (waiting.length > 0) readWaiting();
    }
    while (isLast && held.length > 0) {
      giveUp();
      readWaiting();
    }
    return rows;
  }

  return {
    push: (chunk) => readAll(lines.push(chunk), false),
    finish: () => readAll(lines.finish(), true),
  };
}

/** Cells beyond the header that hold nothing are none. */
function withoutBlankEnd(cells: readonly string[], width: number): readonly string[] {
  let end = cells.length;
  while (end > width && cells[end - 1] === '') end -= 1;
  return end === cells.length ? cells : cells.slice(0, end);
}

function unreadableFor({ value, cut }: Line, encoding: Encoding): 'too_long' | 'not_text' | undefined {
  if (cut !== undefined) return 'too_long';
  const isText = encoding === 'utf-8' ? isUtf8(value) : !value.includes('\ufffd');
  return isText ? undefined : 'not_text';
}
