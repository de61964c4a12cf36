import {
  type AudienceCell,
  type AudienceChange,
  type AudienceKey,
  type AudienceOperation,
  type AudienceRow,
  audienceKeys,
  identifyingKeys,
} from '../../core/audience.ts';

/** Values of each column that a person has, ready to send; a list has no repetitions and is never empty. */
export type ColumnValues = ReadonlyMap<AudienceKey, readonly AudienceCell[]>;

/** What tells who somebody is. `strict`: one column alone. `meta`: also what Meta matches together. */
export type IdentifyingRule = 'strict' | 'meta';

/** Beside first and last name: each of these lists (Meta: custom audience, users: combined keys such as LN_FN_ZIP). */
const beside: readonly (readonly AudienceKey[])[] = [['ZIP'], ['COUNTRY'], ['DOBY', 'DOBM', 'DOBD']];

/** True when the columns tell who it is. */
export function identifiesSomebody(columns: ColumnValues, rule: IdentifyingRule = 'strict'): boolean {
  return identifies((key) => columns.has(key), rule);
}

function identifies(has: (key: AudienceKey) => boolean, rule: IdentifyingRule): boolean {
  if (identifyingKeys.some(has)) return true;
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
  for (const values of columns.values()) longest = Math.max(longest, values.length);
  const rows: AudienceRow[] = [];
  for (let place = 0; place < longest; place += 1) rows.push(rowAt(columns, place));
  return rows;
}

function rowAt(columns: ColumnValues, place: number): AudienceRow {
  const row: Partial<Record<AudienceKey, AudienceCell>> = {};
  for (const key of audienceKeys) {
    const values = columns.get(key);
    if (values === undefined) continue;
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
  const rows = versions.flatMap((columns) =>
    rowsOf(columns).filter((row) => identifies((key) => row[key] !== undefined, rule)),
  );
  return {
    operation,
    user,
    identifiers: [...new Set(versions.flatMap((columns) => identifiersOf(columns, rule)))],
    // A list that has grown keeps room for sixteen more, and thousands of changes may wait.
    rows: versions.length === 1 ? rows.slice() : withoutRepetitions(rows),
    ...(entry !== undefined && { entry }),
  };
}

function withoutRepetitions(rows: readonly AudienceRow[]): readonly AudienceRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

/** The first value of the first identifying column. */
function userOf(columns: ColumnValues, rule: IdentifyingRule): string | undefined {
  const key = identifyingKeys.find((candidate) => columns.has(candidate));
  if (key !== undefined) return `${key}:${String(columns.get(key)?.[0])}`;
  return identifiesSomebody(columns, rule) ? combinationOf(columns) : undefined;
}

/** Name and what stands beside it, as one text. */
function combinationOf(columns: ColumnValues): string {
  const keys: readonly AudienceKey[] = ['LN', 'FN', ...beside.flat()];
  return `NAME:${keys.map((key) => String(columns.get(key)?.[0] ?? '')).join('|')}`;
}

function identifiersOf(columns: ColumnValues, rule: IdentifyingRule): readonly string[] {
  const identifiers: string[] = [];
  for (const key of identifyingKeys) {
    for (const value of columns.get(key) ?? []) identifiers.push(String(value));
  }
  return identifiers.length === 0 && identifiesSomebody(columns, rule) ? [combinationOf(columns)] : identifiers;
}
