import {
  type AudienceCell,
  type AudienceChange,
  type AudienceKey,
  type AudienceOperation,
  type AudienceRow,
  audienceKeys,
  identifyingKeys,
} from '../../core/audience.ts';
import { type ColumnValues, hasColumn, valuesIn } from './column-values.ts';

/** What tells who somebody is. `strict`: one column alone. `meta`: also what Meta matches together. */
export type IdentifyingRule = 'strict' | 'meta';

/** Beside first and last name: each of these lists (Meta: custom audience, users: combined keys such as LN_FN_ZIP). */
const beside: readonly (readonly AudienceKey[])[] = [['ZIP'], ['COUNTRY'], ['DOBY', 'DOBM', 'DOBD']];

/** True when the columns tell who it is. */
export function identifiesSomebody(columns: ColumnValues, rule: IdentifyingRule = 'strict'): boolean {
  return identifies((key) => hasColumn(columns, key), rule);
}

function isRowOfSomebody(row: AudienceRow, rule: IdentifyingRule): boolean {
  return identifies((key) => row[key] !== undefined, rule);
}

function identifies(has: (key: AudienceKey) => boolean, rule: IdentifyingRule): boolean {
  for (const key of identifyingKeys) if (has(key)) return true;
  return rule === 'meta' && has('FN') && has('LN') && beside.some((keys) => keys.every(has));
}

/** The first version of the rules under which something tells who it is: what an old one took may be left out now. */
export function identifyingVersion(
  versions: readonly ColumnValues[],
  rule: IdentifyingRule = 'strict',
): ColumnValues | undefined {
  return versions.find((columns) => identifiesSomebody(columns, rule)) ?? versions[0];
}

/**
 * One row for each value of the longest list; single values repeat, shorter lists end before. Only the columns that
 * have a value: one blank EXTERN_ID spoils a row at Meta.
 */
export function rowsOf(columns: ColumnValues): readonly AudienceRow[] {
  let longest = 0;
  for (const values of columns) if (values !== undefined && values.length > longest) longest = values.length;
  // Of most people one; a list that grows keeps room for sixteen more, and thousands of changes may wait.
  if (longest === 1) return [rowAt(columns, 0)];
  return Array.from({ length: longest }, (_, place) => rowAt(columns, place));
}

function rowAt(columns: ColumnValues, place: number): AudienceRow {
  const row: Partial<Record<AudienceKey, AudienceCell>> = {};
  for (let column = 0; column < audienceKeys.length; column += 1) {
    const key = audienceKeys[column];
    const values = columns[column];
    if (key === undefined || values === undefined) continue;
    const cell = values.length === 1 ? values[0] : values[place];
    if (cell !== undefined) row[key] = cell;
  }
  return row;
}

/**
 * A change of one person. Undefined when nothing tells who it is.
 *
 * @param versions The same person under each version of the identity rules that the operation must reach; the first
 * is the current one.
 */
export function changeOf(
  operation: AudienceOperation,
  versions: readonly ColumnValues[],
  { entry, rule = 'strict' }: { readonly entry?: string | undefined; readonly rule?: IdentifyingRule } = {},
): AudienceChange | undefined {
  const current = identifyingVersion(versions, rule);
  const user = current === undefined ? undefined : userOf(current, rule);
  if (user === undefined) return undefined;
  const [first = noRows, ...others] = versions.map((columns) => rowsFor(columns, rule));
  return {
    operation,
    user,
    identifiers: identifiersOf(versions, rule),
    rows: others.length === 0 ? first : withoutRepetitions([first, ...others].flat()),
    ...(entry !== undefined && { entry }),
  };
}

const noRows: readonly AudienceRow[] = [];

/** The rows that tell who it is. */
function rowsFor(columns: ColumnValues, rule: IdentifyingRule): readonly AudienceRow[] {
  const rows = rowsOf(columns);
  for (const row of rows) {
    if (!isRowOfSomebody(row, rule)) return rows.filter((each) => isRowOfSomebody(each, rule));
  }
  return rows;
}

function withoutRepetitions(rows: readonly AudienceRow[]): readonly AudienceRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

/** The first value of the first identifying column. */
function userOf(columns: ColumnValues, rule: IdentifyingRule): string | undefined {
  for (const key of identifyingKeys) {
    const values = valuesIn(columns, key);
    // Joined it is one text in memory; a template would be one that refers to two, of which thousands may wait.
    if (values !== undefined) return [key, String(values[0])].join(':');
  }
  return identifiesSomebody(columns, rule) ? combinationOf(columns) : undefined;
}

/** Name and what stands beside it, as one text. */
function combinationOf(columns: ColumnValues): string {
  const keys: readonly AudienceKey[] = ['LN', 'FN', ...beside.flat()];
  return `NAME:${keys.map((key) => String(valuesIn(columns, key)?.[0] ?? '')).join('|')}`;
}

function identifiersOf(versions: readonly ColumnValues[], rule: IdentifyingRule): readonly string[] {
  const identifiers: string[] = [];
  for (const columns of versions) addIdentifiers(identifiers, columns, rule);
  return identifiers.length < few ? identifiers : [...new Set(identifiers)];
}

/** Of fewer than that it takes less time to look through all than to make a set of them. */
const few = 16;

function addIdentifiers(identifiers: string[], columns: ColumnValues, rule: IdentifyingRule): void {
  let isKnown = false;
  for (const key of identifyingKeys) {
    const values = valuesIn(columns, key);
    if (values === undefined) continue;
    isKnown = true;
    for (const value of values) {
      const text = String(value);
      if (identifiers.length >= few || !identifiers.includes(text)) identifiers.push(text);
    }
  }
  if (!isKnown && identifiesSomebody(columns, rule)) identifiers.push(combinationOf(columns));
}
