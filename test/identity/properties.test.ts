import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IdentifierName, identifierFields } from '../../src/identity/fields.ts';
import { hashIdentifier, identify, normalize } from '../../src/identity/identify.ts';

const fields = Object.keys(identifierFields) as IdentifierName[];
const sha256 = /^[0-9a-f]{64}(\.([\w-]{2}|[\w-]{8}))?$/;

/** Pieces that the rules look at, between arbitrary text. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom(
    ...['İ', 'i\u0307', 'I', 'ı', 'Σ', 'ς', 'ß', 'K', 'Å', 'é', 'e\u0301', '\u0301', '\u0307', '\u0345', 'ﬁ', 'Ǆ'],
    ...['-', '–', '/', '.', ',', ' ', '\u00a0', '\u200b', '\ufeff', '(0)', '+', '00', '@', ':', '::', '[', ']', '%'],
    ...['0', '1', '12', '1997', '650', '555', '1212', '44', 'x', 'ext', '#', 'fb.1.1.', 'ffff', 'Québec', 'state of'],
    ...['New York', 'Korea', 'the ', 'us', 'uk', 'nu', 'll', 'n', 'a', '62a14e44f765419d10fea99367361a72', '.AQQCAQMC'],
  ),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const value = fc.oneof(
  { weight: 8, arbitrary: text },
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.ipV4(),
  fc.ipV6(),
  fc.emailAddress(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.record({ year: fc.integer({ min: 1890, max: 2100 }), month: fc.integer(), day: fc.integer() }),
  fc.anything(),
);
const country = fc.constantFrom(undefined, 'us', 'CA', 'Germany', 'ge', 'Atlantis');

describe.each(fields)('%s', (field) => {
  it('is the same when normalized once more', () => {
    fc.assert(
      fc.property(value, country, fc.boolean(), (raw, place, audience) => {
        // The digits of a foreign number can be a number of the country: a phone is normalized once.
        const options = field === 'ph' ? { audience } : { country: place, audience };
        const once = normalize(field, raw, options);
        if (once !== undefined) expect(normalize(field, once, options)).toBe(once);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same when hashed once more, and when hashed after normalizing', () => {
    fc.assert(
      fc.property(value, (raw) => {
        const hashed = hashIdentifier(field, raw);
        if (hashed === undefined) return;
        expect(hashIdentifier(field, hashed)).toBe(hashed);
        expect(hashIdentifier(field, normalize(field, raw))).toBe(hashed);
        if (identifierFields[field].hashed) expect(hashed).toMatch(sha256);
      }),
      { numRuns: 200 },
    );
  });

  it('has a value exactly when its status says so', () => {
    fc.assert(
      fc.property(value, (raw) => {
        const { status, value: sent } = identify(field, raw);
        const usable = status === 'hashed' || status === 'passed' || status === 'plain';
        expect(sent !== undefined && sent !== '').toBe(usable);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for audiences as for conversions, but for the appendix', () => {
    fc.assert(
      fc.property(value, country, (raw, place) => {
        const options = { country: place, hashExternalId: true };
        const conversion = hashIdentifier(field, raw, options);
        const audience = hashIdentifier(field, raw, { ...options, audience: true });
        expect(audience).toBe(identifierFields[field].hashed ? conversion?.slice(0, 64) : conversion);
      }),
      { numRuns: 200 },
    );
  });
});

describe('ph', () => {
  it('of a country keeps its meaning when normalized once more', () => {
    const places = [
      ['us', fc.integer({ min: 2_000_000_000, max: 9_999_999_999 }).map((n) => `${n}`)],
      ['gb', fc.integer({ min: 7_000_000_000, max: 7_999_999_999 }).map((n) => `0${n}`)],
      ['fr', fc.integer({ min: 100_000_000, max: 799_999_999 }).map((n) => `0${n}`)],
    ] as const;
    for (const [place, number] of places) {
      fc.assert(
        fc.property(number, (raw) => {
          const options = { country: place };
          const once = normalize('ph', raw, options);
          if (once !== undefined) expect(normalize('ph', once, options)).toBe(once);
        }),
        { numRuns: 100 },
      );
    }
  });
});
