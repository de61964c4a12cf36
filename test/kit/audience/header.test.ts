import { describe, expect, test } from 'vitest';
import { columnMatcher, keyOfName } from '../../../src/kit/audience/header.ts';

describe('the columns of a file', () => {
  test.each([
    ['EXTERN_ID', 'external_id'],
    ['extern_id', 'external_id'],
    ['em', 'em'],
    ['E-Mail', 'em'],
    ['Email Address', 'em'],
    ['Phone Number', 'ph'],
    ['First Name', 'fn'],
    ['fn', 'fn'],
    ['Surname', 'ln'],
    ['Postal Code', 'zp'],
    ['Date of Birth', 'db'],
    ['Lookalike_Value', 'value'],
    ['MADID', 'madid'],
    ['Shoe size', undefined],
  ])('%s is %s', (header, name) => {
    expect(columnMatcher().nameOf(header)).toBe(name);
  });

  test('are what an override says, as written or in another case; one of nothing leaves a column out', () => {
    const overrides = new Map([
      ['Kundnr', 'external_id'],
      ['email', undefined],
      ['Missing', 'ph'],
    ]);
    const matcher = columnMatcher(overrides);
    expect(['KUNDNR', 'Email', 'Phone', 'Notes', 'Notes'].map(matcher.nameOf)).toEqual([
      'external_id',
      undefined,
      'ph',
      undefined,
      undefined,
    ]);
    expect(matcher.unknown()).toEqual(['Notes']);
    expect(matcher.unused()).toEqual(['Missing']);
  });

  test('have a key of Meta’s each', () => {
    expect(['em', 'zp', 'value', 'db'].map(keyOfName)).toEqual(['EMAIL', 'ZIP', 'LOOKALIKE_VALUE', 'DOBY, DOBM, DOBD']);
  });
});
