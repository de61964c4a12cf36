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

/** True when one of the columns alone tells who it is. */
export function identifiesSomebody(columns: ColumnValues): boolean {
  return identifyingKeys.some((key) => columns.has(key));
}

/** The first version of the rules under which something tells who it is: what an old one took may be left out now. */
export function identifyingVersion(versions: readonly ColumnValues[]): ColumnValues | undefined {
  return versions.find(identifiesSomebody) ?? versions[0];
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
  entry?: string,
): AudienceChange | undefined {
  const current = identifyingVersion(versions);
  const user = current === undefined ? undefined : userOf(current);
  if (user === undefined) return undefined;
  const rows = versions.flatMap((columns) => rowsOf(columns).filter(isIdentifying));
  return {
    operation,
    user,
    identifiers: [...new Set(versions.flatMap(identifiersOf))],
    rows: versions.length === 1 ? rows : withoutRepetitions(rows),
    ...(entry !== undefined && { entry }),
  };
}

function withoutRepetitions(rows: readonly AudienceRow[]): readonly AudienceRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function isIdentifying(row: AudienceRow): boolean {
  return identifyingKeys.some((key) => row[key] !== undefined);
}

/** The first value of the first identifying column. */
function userOf(columns: ColumnValues): string | undefined {
  const key = identifyingKeys.find((candidate) => columns.has(candidate));
  return key === undefined ? undefined : `${key}:${String(columns.get(key)?.[0])}`;
}

function identifiersOf(columns: ColumnValues): readonly string[] {
  const identifiers: string[] = [];
  for (const key of identifyingKeys) {
    for (const value of columns.get(key) ?? []) identifiers.push(String(value));
  }
  return identifiers;
}
