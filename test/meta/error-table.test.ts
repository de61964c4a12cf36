import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../scripts/generate-errors.ts';
import { graphErrorRow, graphErrors, httpErrors, networkErrors, unreadableErrors } from '../../src/meta/error-table.ts';

describe('the error table', () => {
  it('gives every row a name, a meaning and a fix', () => {
    for (const row of [...graphErrors, ...httpErrors, ...unreadableErrors, ...Object.values(networkErrors)]) {
      expect(row.name, JSON.stringify(row)).toMatch(/^\S.{3,}/);
      expect(row.meaning, row.name).toMatch(/\S.*\.$/);
      expect(row.fix, row.name).toMatch(/\S.*\.$/);
    }
  });

  it('has no two rows for the same code, subcode and text', () => {
    const keys = graphErrors.map((row) => JSON.stringify([row.code, row.subcode, row.message?.source]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('reads texts for code 100 without a subcode alone', () => {
    for (const row of graphErrors.filter((each) => each.message !== undefined)) {
      expect([row.code, row.subcode]).toEqual([100, undefined]);
    }
    expect(graphErrorRow(190, undefined, 'appsecret_proof')?.name).toBe('Token refused');
    expect(graphErrorRow(100, 2804019, '(#100) Missing Permission')?.name).toBe('Invalid parameter');
  });

  it('prefers the exact subcode to the range, and the exact code to the range', () => {
    expect(graphErrorRow(100, 2804131, '')?.outcome.kind).toBe('blocked');
    expect(graphErrorRow(100, 2804130, '')?.name).toBe('Invalid event');
    expect(graphErrorRow(270, undefined, '')?.name).toBe('Development access');
    expect(graphErrorRow(200, 1870090, '')?.name).toBe('Terms not accepted');
    expect(graphErrorRow(200, 1, '')?.name).toBe('Permission refused');
  });

  it('is what docs/reference/errors.md shows: run `npm run generate` otherwise', () => {
    const page = readFileSync(new URL('../../docs/reference/errors.md', import.meta.url), 'utf8');
    expect(page).toBe(errorsPage(page));
    expect(page.length).toBeGreaterThan(1000);
  });
});
