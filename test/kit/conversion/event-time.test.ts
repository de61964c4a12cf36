import { describe, expect, test } from 'vitest';
import { type Changes, type Expected, ran, rows } from '../../actions/order-table.ts';
import { noon } from '../../actions/run-action.ts';

describe('a time', () => {
  const time = (timestamp: unknown): Changes => ({ event: { timestamp } });
  const sent = (millis: number): Expected => ['event_time', millis / 1000];
  const eleven = noon - 3_600_000;
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
    ['nine minutes ahead of the record in a store', { ...time('2026-11-20T12:08:00Z'), ...store }, sent(noon - 60_000)],
    ['a store, ahead of the clock, far from the record', { ...time('2026-11-20T12:09:30Z'), ...store }, sent(noon)],
    [
      'eleven minutes ahead in a store',
      { ...time('2026-11-20T12:11:00Z'), ...store },
      { code: 'EVENT_IN_FUTURE', field: 'event_time' },
    ],
    ['eleven minutes ahead', time('2026-11-20T12:11:00Z'), { code: 'EVENT_IN_FUTURE', field: 'event_time' }],
    ['of 2099', time('2099-01-01T00:00:00Z'), { code: 'EVENT_IN_FUTURE', field: 'event_time' }],
    ['of 1970', time(1), tooOld],
    ['of 1970 as text', time('1970-01-02T00:00:00Z'), tooOld],
    ['0, that of the record', time(0), sent(noon - 60_000)],
    ['0 as text, that of the record', time('0'), sent(noon - 60_000)],
    ['0 that is mapped, that of the event', { ...time(eleven), mapping: { event_time: 0 } }, sent(eleven)],
    ['the zero time as text, that of the record', time('1970-01-01T00:00:00Z'), sent(noon - 60_000)],
    ['the zero time of Go, that of the record', time('0001-01-01T00:00:00Z'), sent(noon - 60_000)],
    ['-1, that of the record', time(-1), sent(noon - 60_000)],
    ['seven days old', time('2026-11-13T12:00:00Z'), tooOld],
    ['four minutes short of seven days', time('2026-11-13T12:04:00Z'), tooOld],
    ['six minutes short of seven days', time('2026-11-13T12:06:00Z'), sent(Date.UTC(2026, 10, 13, 12, 6))],
    ['sixty days old in a store', { ...time('2026-09-21T12:00:00Z'), ...store }, sent(Date.UTC(2026, 8, 21, 12))],
    ['sixty-three days old in a store', { ...time('2026-09-18T12:00:00Z'), ...store }, tooOld],
    ['Unix microseconds', time(eleven * 1000), sent(eleven)],
    ['Unix microseconds as text', time(`${eleven}000`), sent(eleven)],
    ['a database with a zone', time('2026-11-20 11:00:00 UTC'), sent(eleven)],
    ['a database with an offset', time('2026-11-20 12:00:00 +01:00'), sent(eleven)],
    ['a list of one', time(['2026-11-20T11:00:00Z']), sent(eleven)],
    ['a text with blanks', time('  2026-11-20T11:00:00Z '), sent(eleven)],
    ['a year', time('2026'), tooOld],
    ['nobody can read, that of the record', time('11/20/2026'), sent(noon - 60_000)],
    ['a 31st of February, that of the record', time('2026-02-31T00:00:00Z'), sent(noon - 60_000)],
    ['25 hours, that of the record', time('2026-11-20T25:00:00Z'), sent(noon - 60_000)],
    ['nanoseconds, that of the record', time(`${eleven}000000`), sent(noon - 60_000)],
    ['true, that of the record', time(true), sent(noon - 60_000)],
    ['an object, that of the record', time({ seconds: 5 }), sent(noon - 60_000)],
    [
      'words, the next that can be read',
      { event: { timestamp: 'yesterday', sentAt: '2026-11-20T11:00:00Z' } },
      sent(eleven),
    ],
    [
      'words that are mapped, the timestamp',
      { ...time('2026-11-20T11:00:00Z'), mapping: { event_time: 'yesterday' } },
      sent(eleven),
    ],
  ]);

  test.each([
    [noon + 12 * 60_000, 'The event happened 12 minutes in the future; its time was read as Unix milliseconds.'],
    [
      (noon + 5 * 3_600_000) * 1000,
      'The event happened 5 hours in the future; its time was read as Unix microseconds.',
    ],
    ['2026-12-20T12:00:00Z', 'The event happened 30 days in the future; its time was read as text.'],
    [20_000_000_000, 'The event happened 577 years in the future; its time was read as Unix seconds.'],
    [17e12, 'The event happened 482 years in the future; its time was read as Unix milliseconds.'],
  ])('%j is refused with how far ahead it is, and the unit', (timestamp, message) => {
    expect(ran(time(timestamp)).failure).toMatchObject({ code: 'EVENT_IN_FUTURE', message });
  });

  test('of a sale in a store is the same whenever it is sent: Meta knows the sale again by it', () => {
    const sale = { ...time('2026-11-20T12:05:00Z'), ...store };
    const times = [noon, noon + 60_000, noon + 3_600_000].map((now) => ran({ ...sale, now }).body?.['event_time']);
    expect(times).toEqual(Array(3).fill(noon / 1000 - 60));
  });

  test('that nobody can read is warned of once', () => {
    const { warnings } = ran({ event: { timestamp: 'secret', originalTimestamp: 'secret', sentAt: 'secret' } });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([['FIELD_UNUSABLE', 'event_time']]);
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });

  test('is skipped instead of refused when the destination drops old events', () => {
    expect(ran({ ...time(1), settings: { tooOld: 'drop' } }).skipped).toBe('too_old');
  });
});
