import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDatetime, unitOf } from '../../src/kit/datetime.ts';

const millis = Date.UTC(2024, 4, 6, 7, 8, 9, 123);

test.each([
  ['2024-05-06T07:08:09.123Z', millis],
  ['2024-05-06t07:08:09.123z', millis],
  ['2024-05-06 07:08:09.123', millis],
  ['2024-05-06T09:08:09.123+02:00', millis],
  ['2024-05-06T03:38:09.123-0330', millis],
  ['2024-05-06T09:08:09,123456+02', millis],
  ['2024-05-06T07:08:09.1Z', Date.UTC(2024, 4, 6, 7, 8, 9, 100)],
  ['2024-05-06T07:08:09.02+00:00', Date.UTC(2024, 4, 6, 7, 8, 9, 20)],
  ['2024-05-06T07:08:09.9999Z', Date.UTC(2024, 4, 6, 7, 8, 9, 999)],
  ['2024-05-06T07:08Z', Date.UTC(2024, 4, 6, 7, 8)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  [1714979289, 1714979289000],
  ['1714979289', 1714979289000],
  [1714979289123, 1714979289123],
  ['1714979289123', 1714979289123],
  [1714979289.123, 1714979289123],
  [0, 0],
  ['2024-05-06T07:08:09.123 UTC', millis],
  ['2024-05-06 07:08:09.123 UTC', millis],
  ['2024-05-06 07:08:09.123456 UTC', millis],
  ['2024-05-06 07:08:09.123 GMT', millis],
  ['2024-05-06 07:08:09.123 Z', millis],
  ['2024-05-06 07:08:09.123 +0000', millis],
  ['2024-05-06 07:08:09.123 +00', millis],
  ['2024-05-06 09:08:09.123 +02:00', millis],
  ['2024-05-06 03:38:09.123 -0330', millis],
  ['2024-05-06 07:08:09.123 +0000 UTC', millis],
  ['  2024-05-06T07:08:09.123Z ', millis],
  ['\t2024-05-06 07:08:09.123 UTC\n', millis],
  ['2024-05-06T07:08:09.123Z\u00a0', millis],
  [' 1714979289 ', 1714979289000],
  [1714979289123456, 1714979289123],
  ['1714979289123456', 1714979289123],
  ['1714979289123456\n', 1714979289123],
])('%j is a time', (value, expected) => {
  expect(parseDatetime(value)).toBe(expected);
});

test.each([
  '',
  'soon',
  '2023-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-05-32',
  '2024-5-6',
  '2024-05-06T24:00:00Z',
  '2024-05-06T07:60:00Z',
  '2024-05-06T07:08:61Z',
  '2024-05-06T07:08:09.Z',
  '2024-05-06T07:08:09+2',
  '2024-05-06T07:08:09 CET',
  '2024-05-06T07:08:09  UTC',
  '2024-05-06T07:08:09 +2',
  '2024-05-06T07:08:09 +02:00 CET',
  '2024-05-06 UTC',
  `2024-05-06${' '.repeat(100)}`,
  1e17,
  '1714979289123456789',
  '2024-05-06T',
  '2024-05-06T07',
  '2024-05-06x',
  '05/06/2024',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  null,
  undefined,
  {},
  [],
])('%j is none', (value) => {
  expect(parseDatetime(value)).toBeUndefined();
});

test('every time is read from its ISO text', () => {
  const dates = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const year100 = Date.UTC(100, 0, 1);
  fc.assert(
    fc.property(dates, (date) => {
      fc.pre(date.getTime() >= year100);
      expect(parseDatetime(date.toISOString())).toBe(date.getTime());
    }),
  );
});

test.each([
  [1714979289, 'seconds'],
  ['1714979289', 'seconds'],
  [1714979289123, 'milliseconds'],
  [' 1714979289123456 ', 'microseconds'],
  ['2024-05-06T07:08:09Z', 'text'],
])('%j is read as %s', (value, unit) => {
  expect(unitOf(value)).toBe(unit);
});
