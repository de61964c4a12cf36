/** What the process exits with. */
export const exitCode = {
  done: 0,
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
} as const;
