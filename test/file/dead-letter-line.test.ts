import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineBeginning, parseDeadLetter, printDeadLetter } from '../../src/file/dead-letter-line.ts';
import { letter, record } from './letters.ts';

function printed(change: Partial<typeof record>): Record<string, unknown> {
  return JSON.parse(printDeadLetter({ ...letter, record: { ...record, ...change } }));
}

describe('printDeadLetter', () => {
  test('is one line with the place, the bytes as text, and the error with whom it concerns', () => {
    const line = printDeadLetter(letter);
    expect(line.startsWith(lineBeginning)).toBe(true);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      topic: 'events',
      partition: 3,
      offset: 42,
      next: 43,
      timestamp: 1_750_000_000_000,
      key: 'user-1',
      value: '{"type":"track"}',
      headers: { trace: 'a1' },
      error: {
        code: 'META_100_2804009',
        message: 'the purchase has no value',
        field: 'value',
        fix: 'map value',
        entries: 'users[1-3]',
        destination: 'web-store',
        subscription: 'Orders',
        action: 'purchase',
        event_id: 'm-1',
        attempts: 2,
        http_status: 400,
        meta_code: 100,
        meta_subcode: 2804009,
        fbtrace_id: 'Atrace',
      },
      written_at: 1_750_000_001_000,
    });
  });

  test('names the event of a record that holds several, and reads it back', () => {
    const event = { index: 3, of: '0123456789abcdef' };
    expect(printed({ event })).toMatchObject({ offset: 42, event_index: 3, event_of: event.of });
    const line = printDeadLetter({ ...letter, record: { ...record, event } });
    expect(parseDeadLetter(line)?.record.event).toEqual(event);
  });

  test('bytes that are not UTF-8 are base64 and say so, each for itself', () => {
    const broken = Buffer.from([0xff, 0x00]);
    expect(printed({ value: broken })).toMatchObject({ key: 'user-1', value: '/wA=', encoding: 'base64' });
    expect(printed({ value: broken })).not.toHaveProperty('key_encoding');
    expect(printed({ key: broken })).toMatchObject({ key: '/wA=', key_encoding: 'base64' });
    expect(printed({ key: broken })).not.toHaveProperty('encoding');
    expect(printed({ headers: { a: broken, b: 'text', c: ['x', broken], d: undefined } })).toMatchObject({
      headers: {
        a: { value: '/wA=', encoding: 'base64' },
        b: 'text',
        c: ['x', { value: '/wA=', encoding: 'base64' }],
        d: null,
      },
    });
  });

  test('tells no value from an empty one', () => {
    expect(printed({ value: null, key: null })).toMatchObject({ key: null, value: null });
    expect(printed({ value: Buffer.alloc(0) })).toMatchObject({ value: '' });
  });
});

describe('parseDeadLetter', () => {
  test('gives back every letter byte for byte', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1'));
    const header = fc.oneof(bytes, fc.constant(undefined), fc.array(bytes));
    const headers = fc.array(fc.tuple(name, header)).map((entries) => Object.fromEntries(entries));
    const anyRecord = fc.record({
      topic: fc.string(),
      partition: fc.nat(),
      offset: fc.maxSafeNat(),
      next: fc.maxSafeNat(),
      timestamp: fc.maxSafeNat(),
      key: fc.option(bytes),
      value: fc.option(bytes),
      headers: fc.option(headers, { nil: undefined }),
    });
    fc.assert(
      fc.property(anyRecord, (given) => {
        const back = parseDeadLetter(printDeadLetter({ ...letter, record: given }));
        expect(back).toEqual({ ...letter, record: given });
      }),
    );
  });

  test('gives back a letter that has no more than the least', () => {
    const least = { record, failure: { code: 'NOT_JSON', message: 'the record is not JSON' }, at: 7 };
    expect(parseDeadLetter(printDeadLetter(least))).toStrictEqual(least);
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"topic":"a"}',
    '{"topic":"a","partition":0,"offset":1,"timestamp":1,"key":null}',
  ])('takes %j for no letter', (line) => {
    expect(parseDeadLetter(line)).toBeUndefined();
  });
});
