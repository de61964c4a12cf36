import { createHash } from 'node:crypto';

/** The beginning of the SHA-256 of a record's value: it tells records apart that have one position in two files. */
export function valueHash(value: Buffer | null): string {
  const hash = createHash('sha256');
  if (value !== null) hash.update(value);
  return hash.digest('hex').slice(0, 16);
}
