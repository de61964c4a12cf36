import { createHmac } from 'node:crypto';

/** Tells these keys from every other use of the same hashes: a table of hashed addresses doesn't open them. */
const context = 'meta-actions person key 1';
/** Of base64url: 96 bits. Two people of one key are not to be expected, and less says less. */
const length = 16;

/**
 * The key under which something of a person is found again: of the hash that Meta knows them by (docs/decisions/0370).
 * Nothing can be read from it; who already knows a person can tell whether it is theirs, as with Meta's own hash.
 */
export function personKey(hash: string): string {
  return createHmac('sha256', context).update(hash).digest('base64url').slice(0, length);
}
