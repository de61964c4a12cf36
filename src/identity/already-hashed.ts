/** A value that somebody has hashed before us. */
export interface HashedValue {
  /** 64 hex digits, lower case. */
  readonly hash: string;
  /** `.` and 2 or 8 characters, or empty. */
  readonly appendix: string;
}

/**
 * Meta's parameter builder adds an appendix to what it hashes: 8 characters, in its first versions 2 (page: parameter
 * builder library). It is case-sensitive.
 */
const pattern = /^([0-9a-f]{64})(\.(?:[\w-]{8}|[\w-]{2}))?$/i;
const shortest = 64;

/**
 * Reads a SHA-256, in either case, with or without Meta's appendix; undefined for everything else. Shorter digests,
 * such as MD5, are not taken for a hash: Meta documents SHA-256 alone.
 */
export function readHash(text: string): HashedValue | undefined {
  if (text.length < shortest) return undefined;
  const match = pattern.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { hash: match[1].toLowerCase(), appendix: match[2] ?? '' };
}
