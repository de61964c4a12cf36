import { describe, expect, it, test } from 'vitest';
import { apiVersions, endingText, lifeOf, newestApiVersion, warningOf } from '../../src/core/api-versions.ts';

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

test('the table is in order, newest first, with dates that are days', () => {
  const released: readonly string[] = apiVersions.map((row) => row.released);
  expect(released).toEqual(released.toSorted().toReversed());
  const ends = apiVersions.flatMap((row) => Object.values(row.ends));
  for (const day of [...released, ...ends]) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
  expect(newestApiVersion).toBe('v27.0');
});

describe('the life of a version', () => {
  it('is another for conversions than for audiences', () => {
    const now = at('2026-11-29');
    expect(lifeOf('v25.0', 'marketing', now)).toEqual({ api: 'marketing', end: '2027-02-23', daysLeft: 86 });
    expect(lifeOf('v25.0', 'graph', now)).toMatchObject({ end: '2028-07-29' });
    expect(lifeOf('v24.0', 'marketing', now)).toMatchObject({ end: '2026-11-10', daysLeft: -19 });
  });

  it('is unknown where Meta names no end, and for versions that came after this table', () => {
    for (const version of ['v26.0', 'v27.0', 'v28.0', 'v100.0']) {
      for (const api of ['graph', 'marketing'] as const) expect(lifeOf(version, api, at('2029-01-01'))).toBeUndefined();
    }
  });

  it('ends at the latest with that of a newer one, also of a version that is too old for the table', () => {
    expect(lifeOf('v23.0', 'graph', at('2026-11-29'))).toMatchObject({ end: '2028-02-18' });
    for (const version of ['v22.0', 'v9.0']) {
      expect(lifeOf(version, 'marketing', at('2026-11-29'))).toMatchObject({ end: '2026-06-09' });
    }
  });

  it.each([
    ['2026-11-24', 91, undefined],
    ['2026-11-25', 90, 90],
    ['2027-01-24', 30, 30],
    ['2027-02-16', 7, 7],
    ['2027-02-22', 1, 7],
    ['2027-02-23', 0, 0],
    ['2027-03-23', -28, 0],
  ])('on %s has %s days left, of which %s is told', (day, daysLeft, told) => {
    const life = lifeOf('v25.0', 'marketing', at(day));
    expect(life?.daysLeft).toBe(daysLeft);
    expect(life && warningOf(life)).toBe(told);
  });

  it('is told with what ends, when, and what to do', () => {
    const text = (day: string) => {
      const life = lifeOf('v25.0', 'marketing', at(day));
      return life && endingText('v25.0', life).message;
    };
    expect(text('2027-02-21')).toMatch(
      /no calls about audiences with "api_version" v25\.0 from 2027-02-23 on, in 2 days$/,
    );
    expect(text('2027-03-01')).toMatch(/v25\.0 since 2027-02-23$/);
  });
});
