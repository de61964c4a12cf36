import { describe, expect, it } from 'vitest';
import { normalizeCountry } from '../../src/identity/country.ts';
import { countryTable } from '../../src/identity/country-table.ts';
import { testRules } from './rule-cases.ts';

testRules('country');

const codes = countryTable
  .trim()
  .split('\n')
  .map((line) => line.slice(0, 6).split(' '));
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');

describe('the countries of ISO 3166-1', () => {
  it('are 249, each with two codes of its own', () => {
    expect(new Set(codes.map(([alpha2]) => alpha2)).size).toBe(249);
    expect(new Set(codes.map(([, alpha3]) => alpha3)).size).toBe(249);
    expect(codes.every(([alpha2, alpha3]) => /^[a-z]{2} [a-z]{3}$/.test(`${alpha2} ${alpha3}`))).toBe(true);
  });

  it.each(codes)('%s and %s are known, and the name that English has for them', (alpha2 = '', alpha3 = '') => {
    expect(normalizeCountry(alpha2.toUpperCase())).toBe(alpha2);
    expect(normalizeCountry(alpha3.toUpperCase())).toBe(alpha2);
    for (const style of ['long', 'short'] as const) {
      const names = new Intl.DisplayNames(['en'], { type: 'region', style, fallback: 'none' });
      expect(normalizeCountry(names.of(alpha2.toUpperCase()) ?? '')).toBe(alpha2);
    }
  });

  it('are the only codes of two letters that are known, besides uk', () => {
    const known = letters.flatMap((first) => letters.map((second) => first + second)).filter(normalizeCountry);
    expect(known.filter((code) => code !== 'uk')).toEqual(codes.map(([alpha2]) => alpha2).sort());
  });
});

describe('the names of countries', () => {
  it('each mean one country', () => {
    const meanings = new Map<string, string>();
    for (const line of countryTable.trim().split('\n')) {
      for (const name of line.slice(7).split('; ')) {
        expect(normalizeCountry(name), name).toBe(line.slice(0, 2));
        expect(meanings.get(name) ?? line).toBe(line);
        meanings.set(name, line);
      }
    }
  });
});
