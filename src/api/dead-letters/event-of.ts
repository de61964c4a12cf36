/** Longer values are not read for a list, nor searched by path. */
const longestRead = 1024 * 1024;

/** The value of a record as JSON; undefined: it is none. */
export function jsonOf(value: Buffer | null, longest = longestRead): unknown {
  if (value === null || value.length > longest) return undefined;
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
