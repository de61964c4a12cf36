import { describe, expect, test } from 'vitest';
import type { AudienceKey } from '../../../src/core/audience.ts';
import { noColumns, withValues } from '../../../src/kit/audience/column-values.ts';
import { changeOf, rowsOf } from '../../../src/kit/audience/rows.ts';

const columns = (values: Partial<Record<AudienceKey, readonly string[]>>) => withValues(noColumns, values);

describe('rule 28: identifiers with several values', () => {
  test('make a row for each value of the longest, single values repeated, shorter lists blank after their end', () => {
    expect(rowsOf(columns({ EXTERN_ID: ['u'], EMAIL: ['a', 'b', 'c'], PHONE: ['1', '2'] }))).toEqual([
      { EXTERN_ID: 'u', EMAIL: 'a', PHONE: '1' },
      { EXTERN_ID: 'u', EMAIL: 'b', PHONE: '2' },
      { EXTERN_ID: 'u', EMAIL: 'c' },
    ]);
  });

  test('a row that identifies nobody is not sent', () => {
    expect(changeOf('add', [columns({ EMAIL: ['a', 'b'], FN: ['x', 'y', 'z'] })])?.rows).toHaveLength(2);
  });
});

describe('rule 19: the key of a user', () => {
  test.each<[Partial<Record<AudienceKey, readonly string[]>>, string | undefined]>([
    [{ PAGEUID: ['5'], EXTERN_ID: ['u'], EMAIL: ['a'] }, 'EXTERN_ID:u'],
    [{ PHONE: ['1'], EMAIL: ['a', 'b'] }, 'EMAIL:a'],
    [{ MADID: ['m'], PHONE: ['1'] }, 'PHONE:1'],
    [{ PAGEUID: ['5'], MADID: ['m'] }, 'MADID:m'],
    [{ PAGEUID: ['5'] }, 'PAGEUID:5'],
    [{ FN: ['maja'], COUNTRY: ['se'] }, undefined],
  ])('of %j is %s', (values, user) => {
    expect(changeOf('add', [columns(values)])?.user).toBe(user);
  });
});

test('rule 27: a removal has a row for each different result of the rule versions', () => {
  const change = changeOf('remove', [
    columns({ EMAIL: ['now'] }),
    columns({ EMAIL: ['now'] }),
    columns({ EMAIL: ['then'] }),
  ]);
  expect(change?.rows).toEqual([{ EMAIL: 'now' }, { EMAIL: 'then' }]);
  expect(change?.identifiers).toEqual(['now', 'then']);
});
