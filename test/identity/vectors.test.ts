import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hashIdentifier, normalize } from '../../src/identity/identify.ts';
import { withVectors } from '../support/needs.ts';

interface Vector {
  readonly id: string;
  readonly field: string;
  readonly raw: unknown;
  /** Null: the field is omitted; absent: the value was already hashed. */
  readonly normalized?: string | null;
  readonly hashed: string | null;
}

const file = fileURLToPath(new URL('../../../shared/vectors/normalization.json', import.meta.url));

describe('the normalization vectors', withVectors(file), () => {
  const vectors: readonly Vector[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : [{}];

  it.each(vectors)('$id: $field $raw', ({ field, raw, normalized, hashed }) => {
    const result = normalize(field, raw);
    if (normalized !== undefined) expect(result ?? null).toBe(normalized);
    expect(hashIdentifier(field, raw) ?? null).toBe(hashed);
    if (result !== undefined) expect(normalize(field, result)).toBe(result);
    if (hashed !== null) expect(hashIdentifier(field, hashed)).toBe(hashed);
  });
});
