export interface BackoffTimes {
  /** After the first failure. */
  readonly firstMillis: number;
  readonly longestMillis: number;
}

/** The wait after so many failures in a row: each failure doubles it, up to the longest. */
export function backoffMillis({ firstMillis, longestMillis }: BackoffTimes, failures: number): number {
  return Math.min(firstMillis * 2 ** (failures - 1), longestMillis);
}
