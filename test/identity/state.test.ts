import { describe, expect, it } from 'vitest';
import { normalizeState } from '../../src/identity/state.ts';
import { canadianProvinces, usStates } from '../../src/identity/state-table.ts';
import { testRules } from './rule-cases.ts';

testRules('st');

const rows = `${usStates}${canadianProvinces}`
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => ({ code: line.slice(0, 2), names: line.slice(3).split('; ') }));

describe('the states of the US and the provinces of Canada', () => {
  it('are 50 and the District of Columbia, 9 territories, 3 postal regions, 13 provinces', () => {
    expect(rows).toHaveLength(50 + 1 + 9 + 3 + 13);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  it.each(rows)('$code is what $names becomes there and without a country, and nowhere else', ({ code, names }) => {
    for (const name of names) {
      for (const country of [undefined, 'us', 'CA', 'United States']) {
        expect(normalizeState(name.toUpperCase(), { country }), name).toBe(code);
      }
      expect(normalizeState(name, { country: 'fr' })).not.toBe(code);
    }
    expect(normalizeState(code, { country: 'us' })).toBe(code);
  });
});
