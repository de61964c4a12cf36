import { hash } from 'node:crypto';

const length = 8;

/** Eight characters of a value's SHA-256: enough to find it again, too little to say what it is. */
export function fingerprint(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, length) : hash('sha256', value, 'hex').slice(0, length);
}
