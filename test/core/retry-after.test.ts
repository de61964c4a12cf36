import { describe, expect, it } from 'vitest';
import { retryAfterMillis } from '../../src/core/retry-after.ts';

const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

describe('the time that Retry-After names', () => {
  it.each([
    ['30', 30_000],
    ['Sun, 06 Nov 1994 08:51:37 GMT', 120_000],
    ['Sunday, 06-Nov-94 08:51:37 GMT', 120_000],
    ['Sun Nov  6 08:51:37 1994', 120_000],
    ['Mon, 07 Nov 1994 08:49:37 GMT', 86_400_000],
  ])('of %s is %i ms', (retryAfter, millis) => {
    expect(retryAfterMillis(retryAfter, date)).toBe(millis);
  });

  it('is counted from the time of the answer, in whichever form that is written', () => {
    expect(retryAfterMillis('Sun, 06 Nov 1994 08:49:38 GMT', 'Sun Nov  6 08:49:37 1994')).toBe(1_000);
    expect(retryAfterMillis('Sun, 06 Nov 1994 08:49:38 GMT', undefined)).toBeUndefined();
  });

  it.each(['', ' ', '0', '-5', 'soon', date, 'Sun, 06 Nov 1994 08:40:00 GMT', 'Sun, 99 Nov 1994 08:51:37 GMT'])(
    'is not known from "%s"',
    (retryAfter) => {
      expect(retryAfterMillis(retryAfter, date)).toBeUndefined();
    },
  );

  it('is not read from other ways to write a date, nor from what is near one', () => {
    for (const text of [
      '1994-11-06T08:51:37Z',
      '6 Nov 2094',
      'Nov 2094',
      'Sun, 06 Nov 1994 08:51:37 +0100',
      `${date}, later`,
    ])
      expect(retryAfterMillis(text, date)).toBeUndefined();
  });
});
