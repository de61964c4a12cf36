import { describe, expect, test } from 'vitest';
import { maxDepth } from '../../../src/core/bounded-json.ts';
import { decode } from '../../../src/pipeline/route/decode.ts';

const options = { envelope: [], maxRecordBytes: 1_000_000 };
const bytes = (text: string) => Buffer.from(text);
const nested = (levels: number, inner = '1') => `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;

function codeOf(value: Buffer | null, more: Partial<typeof options> = {}): string {
  const decoded = decode(value, { ...options, ...more });
  if (decoded.kind === 'undecodable') return decoded.failure.code;
  if (decoded.kind === 'several') return `${decoded.messages.length} events`;
  return decoded.kind === 'skipped' ? decoded.reason : decoded.event.type;
}

describe('decode', () => {
  test.each([
    ['a call of the Segment spec', bytes('{"type":"track","event":"x"}'), 'track'],
    ['a tombstone', null, 'tombstone'],
    ['nothing', bytes(''), 'NOT_JSON'],
    ['text', bytes('hello'), 'NOT_JSON'],
    ['a cut-off object', bytes('{"type":"track"'), 'NOT_JSON'],
    ['a number', bytes('42'), 'NOT_AN_EVENT'],
    ['null', bytes('null'), 'NOT_AN_EVENT'],
    ['a list', bytes('[{"type":"track"}, 5, []]'), '3 events'],
    ['a list of nothing', bytes('[]'), 'no_event'],
    ['a batch', bytes('{"batch":[{"type":"track"}],"sentAt":"2026-11-29T00:00:00Z"}'), '1 events'],
    ['a batch of nothing', bytes('{"batch":[]}'), 'no_event'],
    ['a batch that is no list', bytes('{"batch":{"type":"track"}}'), 'NOT_AN_EVENT'],
    ['a call that has a batch', bytes('{"type":"track","batch":[1,2]}'), 'track'],
    ['a call whose type is written large', bytes('{"type":" Track "}'), 'track'],
    ['a byte order mark', bytes('\ufeff{"type":"page"}'), 'page'],
    [
      'a list behind a registry header',
      Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), bytes('[{"type":"page"}]')]),
      '1 events',
    ],
    ['an object without a type', bytes('{"event":"x"}'), 'NOT_AN_EVENT'],
    ['a type nobody knows', bytes('{"type":"purchase"}'), 'UNKNOWN_TYPE'],
    ['a type that is no text', bytes('{"type":["track"]}'), 'UNKNOWN_TYPE'],
    ['a type behind the prototype', bytes('{"__proto__":{"type":"track"}}'), 'NOT_AN_EVENT'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'INVALID_UTF8'],
    ['Avro behind a registry header', Buffer.from([0, 0, 0, 0, 7, 2, 4]), 'NOT_JSON'],
    ['JSON behind a registry header', Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), bytes('{"type":"page"}')]), 'page'],
  ])('takes %s', (_name, value, expected) => {
    expect(codeOf(value)).toBe(expected);
  });

  test('refuses what nests too deep and takes what nests just so deep', () => {
    const event = (levels: number) => bytes(`{"type":"track","properties":${nested(levels - 1)}}`);
    expect(codeOf(event(10_000))).toBe('TOO_DEEP');
    expect(codeOf(event(maxDepth + 1))).toBe('TOO_DEEP');
    expect(codeOf(event(maxDepth))).toBe('track');
  });

  test('does not count brackets in text as nesting', () => {
    expect(codeOf(bytes(`{"type":"track","event":"${'[{\\"'.repeat(5000)}"}`))).toBe('track');
  });

  test('refuses a record above the limit unread', () => {
    const long = bytes(`{"type":"track","x":"${'a'.repeat(100)}"}`);
    expect(codeOf(long, { maxRecordBytes: 50 })).toBe('RECORD_TOO_LARGE');
    const decoded = decode(long, { ...options, maxRecordBytes: 50 });
    expect(decoded).toMatchObject({ failure: { message: expect.stringContaining('is 50 (MAX_RECORD_BYTES)') } });
  });

  test('takes the event out of its envelope', () => {
    const envelope = ['payload', 'after'];
    expect(codeOf(bytes('{"payload":{"after":{"type":"identify"}}}'), { envelope } as never)).toBe('identify');
    expect(codeOf(bytes('{"payload":{"after":null}}'), { envelope } as never)).toBe('tombstone');
    expect(codeOf(bytes('{"payload":{}}'), { envelope } as never)).toBe('ENVELOPE_MISSING');
  });

  test('never puts the content of a record into a message', () => {
    const secret = 'ann@example.com';
    for (const text of [secret, `"${secret}"`, `{"type":"${secret}"}`, `{"a":"${secret}"`]) {
      expect(JSON.stringify(decode(bytes(text), options))).not.toContain(secret);
    }
  });
});
