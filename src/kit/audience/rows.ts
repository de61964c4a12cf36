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

const identifying: ReadonlySet<AudienceKey> = new Set(identifyingKeys);

/** True when one of the columns alone tells who it is. */
export function identifiesSomebody(columns: ColumnValues): boolean {
  return identifyingKeys.some((key) => columns.has(key));
}

/**
 * One row for each value of the longest list; single values repeat, shorter lists end before. Only the columns that
 * have a value: one blank EXTERN_ID spoils a row at Meta.
 */
export function rowsOf(columns: ColumnValues): readonly AudienceRow[] {
  const longest = Math.max(0, ...[...columns.values()].map((values) => values.length));
  return Array.from({ length: longest }, (_, place) => {
    const row: Partial<Record<AudienceKey, AudienceCell>> = {};
    for (const key of audienceKeys) {
      const values = columns.get(key);
      const cell = values?.length === 1 ? values[0] : values?.[place];
      if (cell !== undefined) row[key] = cell;
    }
    return row;
  });
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
  const [current] = versions;
  const user = current === undefined ? undefined : userOf(current);
  if (user === undefined) return undefined;
  const rows = new Map<string, AudienceRow>();
  for (const columns of versions) {
    for (const row of rowsOf(columns)) {
      if (isIdentifying(row)) rows.set(JSON.stringify(row), row);
    }
  }
  const identifiers = new Set(versions.flatMap((columns) => identifiersOf(columns)));
  return {
    operation,
    user,
    identifiers: [...identifiers],
    rows: [...rows.values()],
    ...(entry !== undefined && { entry }),
  };
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
  return [...columns].flatMap(([key, values]) => (identifying.has(key) ? values.map(String) : []));
}
