import { isObject, type JsonObject, own } from './json.ts';

/** Why a row of a file of cells can't be read, so that none of it can be trusted. */
export interface RowProblem {
  /** In the file, from 1. */
  readonly line: number;
  readonly kind: RowProblemKind;
  /** Of the cell, from 1. */
  readonly column?: number;
  readonly cells?: number;
  /** Of the header. */
  readonly columns?: number;
}

/**
 * `quote_unclosed`: no quote ends the cell. `after_quote`: the cell goes on behind its last quote. `after_open_quote`:
 * it stands where a quote is open, and is no whole row by itself. `too_many_cells`: more than the header names. `not_text`:
 * the bytes are of another encoding than the file's. `too_long`: longer than is read.
 */
export type RowProblemKind =
  | 'quote_unclosed'
  | 'after_quote'
  | 'after_open_quote'
  | 'too_many_cells'
  | 'not_text'
  | 'too_long';

const texts: Readonly<Record<RowProblemKind, (problem: RowProblem) => string>> = {
  quote_unclosed: ({ column }) => `column ${column}: the quote is never closed`,
  after_quote: ({ column }) => `column ${column}: there is text behind the closing quote`,
  after_open_quote: () => 'it is no whole row, and stands behind a quote that is never closed',
  too_many_cells: ({ cells, columns }) => `the row has ${cells} cells, the header ${columns}`,
  not_text: () => 'the row is not UTF-8: save the file as "CSV UTF-8"',
  too_long: () => 'the row is too long to be read',
};

/** Without a value of the row. */
export function rowProblemText(problem: RowProblem): string {
  return texts[problem.kind](problem);
}

const problemMember = '__malformed';

/** What stands for the row as a record: it says what is wrong, and nobody can take it for a row. */
export function malformedRecord(problem: RowProblem, cells: readonly string[]): JsonObject {
  return { [problemMember]: problem, __cells: cells };
}

/** The problem that a record tells of, read with care: anybody can write such a record. */
export function problemOfRecord(record: JsonObject): RowProblem | undefined {
  const given = own(record, problemMember);
  if (!isObject(given)) return undefined;
  const kind = own(given, 'kind');
  if (typeof kind !== 'string' || !Object.hasOwn(texts, kind)) return undefined;
  const number = (name: string) => Number(own(given, name));
  const [line, column, cells, columns] = ['line', 'column', 'cells', 'columns'].map(number) as [number, ...number[]];
  return { line, kind: kind as RowProblemKind, column, cells, columns } as RowProblem;
}
