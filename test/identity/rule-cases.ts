import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type IdentifierName, identifierFields } from '../../src/identity/fields.ts';
import { hashIdentifier, normalize } from '../../src/identity/identify.ts';
import type { IdentityOptions } from '../../src/identity/options.ts';
import groups from '../fixtures/identity/normalization.json' with { type: 'json' };

/** Cases of one rule: raw value, value before hashing (null: omitted), options. */
interface RuleCases {
  readonly rule: string;
  readonly field: IdentifierName;
  readonly cases: readonly (readonly [unknown, string | null, IdentityOptions?])[];
}

const rules = groups as unknown as readonly RuleCases[];

/** Registers a test for every case of the fields: what is normalized, what is sent, and that both are final. */
export function testRules(...fields: readonly IdentifierName[]): void {
  for (const { rule, field, cases } of rules.filter((group) => fields.includes(group.field))) {
    const rows = cases.map(([raw, normalized, options]) => ({ raw, normalized, options: options ?? {} }));
    describe(`${field}: ${rule}`, () => {
      it.each(rows)('$raw → $normalized', ({ raw, normalized, options }) => {
        expect(normalize(field, raw, options) ?? null).toBe(normalized);
        expect(hashIdentifier(field, raw, options) ?? null).toBe(sent(field, normalized, options));
      });

      it.each(rows.filter((row) => row.normalized !== null))('$raw once more changes nothing', ({ raw, options }) => {
        const normalized = normalize(field, raw, options);
        expect(normalize(field, normalized, options)).toBe(normalized);
        const hashed = hashIdentifier(field, raw, options);
        expect(hashIdentifier(field, hashed, options)).toBe(hashed);
      });
    });
  }
}

function sent(field: IdentifierName, normalized: string | null, options: IdentityOptions): string | null {
  const asGiven = field === 'external_id' && options.audience === true && options.hashExternalId !== true;
  if (normalized === null || asGiven || !identifierFields[field].hashed) return normalized;
  return createHash('sha256').update(normalized).digest('hex');
}
