import { describe, expect, it } from 'vitest';
import { identifierFields, ruleVersion } from '../../src/identity/fields.ts';
import { firstFields } from '../../src/identity/first-fields.ts';
import { normalize } from '../../src/identity/identify.ts';
import type { IdentityOptions } from '../../src/identity/options.ts';

/** What people were added to audiences by: a removal must repeat it. Field, value, options, first rules, current ones. */
const changed: readonly (readonly [string, unknown, IdentityOptions, string | undefined, string | undefined])[] = [
  ['ph', '+4407911123456', {}, '4407911123456', '447911123456'],
  ['ph', '+39 (0)6 69883145', {}, '39669883145', '390669883145'],
  ['ph', '+33 (06) 12 34 56 78', {}, '330612345678', '33612345678'],
  ['ph', '4915112345678.0', {}, '49151123456780', '4915112345678'],
  ['ph', '4.91512E+12', {}, '49151212', undefined],
  ['ph', '01 55 1234 5678', { country: 'mx' }, '15512345678', undefined],
  ['ph', '+52 1 55 1234 5678', {}, '5215512345678', '525512345678'],
  ['ph', '97 12 34 56', { country: 'bj' }, '97123456', '2290197123456'],
  ['ph', '089 123456', { country: 'aq' }, '89123456', undefined],
  ['ph', '(650) 253-0000', { country: 'United States (US)' }, '6502530000', '16502530000'],
  ['ph', '+123456789012345', {}, '123456789012345', undefined],
  ['db', '3.12.1990', {}, undefined, '19900312'],
  ['db', '1990_12_31', {}, undefined, '19901231'],
  ['dobm', 'March', {}, undefined, '03'],
  ['ct', '10115', {}, '10115', undefined],
  ['st', 'US-CA', {}, 'usca', 'ca'],
  ['st', 'California (CA)', {}, 'californiaca', 'ca'],
  ['zp', '94035.0', {}, '94035.0', '94035'],
  ['zp', '7', {}, '7', undefined],
  ['country', 'United States (US)', {}, undefined, 'us'],
  ['external_id', '12345.0', { hashExternalId: true }, '12345.0', '12345'],
  ['external_id', '12345.0', {}, '12345.0', '12345'],
  ['external_id', '1.2E+12', {}, '1.2E+12', undefined],
  ['page_scoped_user_id', '2401234567.0', {}, '2401234567.0', '2401234567'],
];

describe('the first rules', () => {
  it('are the version before the current one', () => {
    expect(ruleVersion).toBe(2);
  });

  it.each(changed)('keep what %s %j %j was', (field, value, given, first, current) => {
    const options = { ...given, audience: true };
    expect(normalize(field, value, { ...options, version: 1 })).toBe(first);
    expect(normalize(field, value, options)).toBe(current);
  });

  it('have no field of their own that has nothing to show here', () => {
    const shown = new Set(changed.map(([field]) => field));
    // The year and the day are read off the same dates.
    const others = Object.keys(firstFields).filter((field) => !shown.has(field) && !/^dob[yd]$/.test(field));
    expect(others).toEqual([]);
    expect(Object.keys(identifierFields)).toEqual(expect.arrayContaining(Object.keys(firstFields)));
  });
});
