import { columnNamed } from '../../core/person-columns.ts';
import { audienceIdentifiers } from './key-names.ts';

/** Which columns of a file are which columns of an audience, as they are met. */
export interface ColumnMatcher {
  /** Our name of the column; undefined: its values are left out. */
  nameOf(header: string): string | undefined;
  /** Columns whose names say nothing, and that nobody has named. */
  unknown(): readonly string[];
  /** Overrides that no column was met for. */
  unused(): readonly string[];
}

/**
 * Matches headers to Meta's keys (`EXTERN_ID`), our fields (`em`) and usual names (`Postal Code`).
 *
 * @param overrides By header: our name of the column, or undefined to leave it out. A header is met as it is written,
 * else without regard to case.
 */
export function columnMatcher(overrides: ReadonlyMap<string, string | undefined> = new Map()): ColumnMatcher {
  const known = new Map<string, string | undefined>();
  const unknown: string[] = [];
  const unused = new Set(overrides.keys());

  function match(header: string): string | undefined {
    const given = overrideFor(header);
    if (given !== undefined) {
      unused.delete(given);
      return overrides.get(given);
    }
    const name = columnNamed(header);
    if (name === undefined) unknown.push(header);
    return name;
  }

  function overrideFor(header: string): string | undefined {
    if (overrides.has(header)) return header;
    return [...overrides.keys()].find((name) => name.toLowerCase() === header.toLowerCase());
  }

  return {
    nameOf(header) {
      if (!known.has(header)) known.set(header, match(header));
      return known.get(header);
    },
    unknown: () => unknown,
    unused: () => [...unused],
  };
}

/** The column of Meta's that our name stands for; the parts of a birthday for all of it. */
export function keyOfName(name: string): string {
  if (name === 'db') return 'DOBY, DOBM, DOBD';
  if (name === 'value') return 'LOOKALIKE_VALUE';
  return audienceIdentifiers.find((identifier) => identifier.name === name)?.key ?? name;
}
