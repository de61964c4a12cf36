import { describe, expect, test } from 'vitest';
import { type Changes, type Expected, ran, rows } from '../../actions/order-table.ts';
import { noon } from '../../actions/run-action.ts';

describe('a time', () => {
  const time = (timestamp: unknown): Changes => ({ event: { timestamp } });
  const sent = (millis: number): Expected => ['event_time', millis / 1000];
  const eleven = noon - 3_600_000;
  /** Then the record's own time is taken. */
  const unreadable = sent(noon - 60_000);
  const tooOld = { code: 'EVENT_TOO_OLD', field: 'event_time' };
  const store = { mapping: { action_source: 'physical_store' } };
  rows([
    ['UTC', time('2026-11-20T11:00:00Z'), sent(eleven)],
    ['milliseconds in the text', time('2026-11-20T11:00:00.999Z'), sent(eleven)],
    ['nanoseconds in the text', time('2026-11-20T11:00:00.999999999Z'), sent(eleven)],
    ['an offset', time('2026-11-20T12:30:00+01:30'), sent(eleven)],
    ['an offset without a colon', time('2026-11-20T06:00:00-0500'), sent(eleven)],
    ['no zone', time('2026-11-20T11:00:00'), sent(eleven)],
    ['a blank for the T', time('2026-11-20 11:00:00'), sent(eleven)],
    ['a date', time('2026-11-20'), sent(noon - 12 * 3_600_000)],
    ['Unix seconds', time(eleven / 1000), sent(eleven)],
    ['Unix seconds with a fraction', time(eleven / 1000 + 0.5), sent(eleven)],
    ['Unix seconds as text', time(String(eleven / 1000)), sent(eleven)],
    ['Unix milliseconds', time(eleven), sent(eleven)],
    ['Unix milliseconds as text', time(String(eleven)), sent(eleven)],
    ['sentAt where there is no other', { event: { timestamp: null, sentAt: '2026-11-20T11:00:00Z' } }, sent(eleven)],
    [
      'originalTimestamp before sentAt',
      { event: { timestamp: '', originalTimestamp: eleven, sentAt: 1 } },
      sent(eleven),
    ],
    ['the record where there is none', { event: { timestamp: null } }, sent(noon - 60_000)],
    ['nine minutes ahead', time('2026-11-20T12:09:00Z'), sent(noon)],
    ['eleven minutes ahead', time('2026-11-20T12:11:00Z'), { code: 'EVENT_IN_FUTURE', field: 'event_time' }],
    ['of 2099', time('2099-01-01T00:00:00Z'), { code: 'EVENT_IN_FUTURE', field: 'event_time' }],
    ['of 1970', time(0), tooOld],
    ['of 1970 as text', time('1970-01-01T00:00:00Z'), tooOld],
    ['seven days old', time('2026-11-13T12:00:00Z'), tooOld],
    ['four minutes short of seven days', time('2026-11-13T12:04:00Z'), tooOld],
    ['six minutes short of seven days', time('2026-11-13T12:06:00Z'), sent(Date.UTC(2026, 10, 13, 12, 6))],
    ['sixty days old in a store', { ...time('2026-09-21T12:00:00Z'), ...store }, sent(Date.UTC(2026, 8, 21, 12))],
    ['sixty-three days old in a store', { ...time('2026-09-18T12:00:00Z'), ...store }, tooOld],
    ['American', time('11/20/2026'), unreadable],
    ['a 31st of February', time('2026-02-31T00:00:00Z'), unreadable],
    ['25 hours', time('2026-11-20T25:00:00Z'), unreadable],
    ['words', time('yesterday'), unreadable],
    ['a year', time('2026'), tooOld],
    ['true', time(true), unreadable],
    ['an object', time({ seconds: 5 }), unreadable],
  ]);

  test('is skipped instead of refused when the destination drops old events', () => {
    expect(ran({ ...time(0), settings: { tooOld: 'drop' } }).skipped).toBe('too_old');
  });
});
