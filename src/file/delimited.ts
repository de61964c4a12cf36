/** What separates the cells of a row: a character, which is no quote and no line break. */
export type Separator = string;

/** Those that are looked for in a file that doesn't say. */
export const separators = [',', ';', '\t', '|'] as const satisfies readonly Separator[];

/** A row that is being read, line by line. */
export interface RowInProgress {
  readonly cells: string[];
  /** The lines so far of the cell in quotes that goes on in the next line. */
  open: string[] | undefined;
  /** The cell, from 1, whose closing quote is not its end: the row is none. */
  brokenAt: number | undefined;
  /** A quote stands in the midst of a cell, as in `5" pipe`. */
  hasStrayQuote: boolean;
}

export function newRow(): RowInProgress {
  return { cells: [], open: undefined, brokenAt: undefined, hasStrayQuote: false };
}

/**
 * Reads one line more of a row. Cells are as RFC 4180 has them: a cell in quotes may hold separators, line breaks and
 * doubled quotes. Blanks around cells and before quotes are no part of them. The row is at its end unless `open` is set.
 */
export function readLine(row: RowInProgress, line: string, separator: Separator): void {
  if (row.open === undefined && !line.includes('"')) {
    for (const cell of line.split(separator)) row.cells.push(cell.trim());
    return;
  }
  let at = row.open === undefined ? 0 : readQuoted(row, line, 0, separator);
  while (at <= line.length) at = readCell(row, line, at, separator);
}

/** Reads the cell that begins there; gives the place behind its separator, which is beyond the line at its end. */
function readCell(row: RowInProgress, line: string, start: number, separator: Separator): number {
  const first = behindBlanks(line, start, separator);
  if (line[first] === '"' && (first === start || closesInLine(line, first + 1, separator))) {
    row.open = [];
    return readQuoted(row, line, first + 1, separator);
  }
  const end = cellEnd(line, start, separator);
  const cell = line.slice(start, end);
  if (cell.includes('"')) row.hasStrayQuote = true;
  row.cells.push(cell.trim());
  return end + 1;
}

/** From behind the first quote of a cell, or from the beginning of a line in its midst. */
function readQuoted(row: RowInProgress, line: string, start: number, separator: Separator): number {
  const close = closingQuote(line, start);
  const text = line.slice(start, close === -1 ? line.length : close).replaceAll('""', '"');
  row.open?.push(text);
  if (close === -1) return line.length + 1;
  const end = cellEnd(line, close + 1, separator);
  row.cells.push((row.open ?? []).join('\n').trim());
  row.open = undefined;
  if (line.slice(close + 1, end).trim() !== '') row.brokenAt ??= row.cells.length;
  return end + 1;
}

function closesInLine(line: string, start: number, separator: Separator): boolean {
  const close = closingQuote(line, start);
  return close !== -1 && line.slice(close + 1, cellEnd(line, close + 1, separator)).trim() === '';
}

/** The first quote that is not doubled; -1: there is none. */
function closingQuote(line: string, start: number): number {
  let at = line.indexOf('"', start);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

function cellEnd(line: string, start: number, separator: Separator): number {
  const end = line.indexOf(separator, start);
  return end === -1 ? line.length : end;
}

function behindBlanks(line: string, start: number, separator: Separator): number {
  let at = start;
  while ((line[at] === ' ' || line[at] === '\t' || line[at] === '\u00a0') && line[at] !== separator) at += 1;
  return at;
}
