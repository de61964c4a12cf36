import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { replayCountHeader, deadLetterKey } from '../../../src/core/dead-letter-key.ts';
import type { RecordHeaders } from '../../../src/core/record.ts';
import { sizeOfMessage } from '../../../src/kafka/client/produce-requests.ts';
import { deadLetterOfMessage, messageOfDeadLetter } from '../../../src/kafka/dead-letters/dead-letter-message.ts';

const writer = { connectorName: 'c', taskId: '0' };

function headersOf(headers: RecordHeaders | undefined, keep: 'all' | 'without_value' | 'position_only' = 'all') {
  const record = {
    topic: 't',
    partition: 0,
    offset: 1,
    next: 2,
    timestamp: 3,
    key: Buffer.from('k'),
    value: Buffer.from('v'),
    headers,
  };
  return messageOfDeadLetter({ record, failure: { code: 'C', message: 'm' }, at: 9 }, writer, keep);
}

it.each([-1, -5, 0, 1_790_000_000_000])(
  'a record of the time %d has it again in its letter, whenever that was written',
  (timestamp) => {
    const message = messageOfDeadLetter({ ...letter, record: { ...letter.record, timestamp } }, writer, 'all');
    const written = { ...message, timestamp: '1790000009000' } as unknown as KafkaMessage;
    expect(deadLetterOfMessage(written)?.record.timestamp).toBe(timestamp);
  },
);

describe('headers of a dead letter', () => {
  it('name the event of a record that holds several, which makes letters differ', () => {
    const event = { index: 3, of: '0123456789abcdef' };
    const given: DeadLetter = { ...letter, record: { ...letter.record, event } };
    const message = messageOfDeadLetter(given, writer, 'all');
    expect(message.headers).toMatchObject({ 'meta-actions.event-index': '3', 'meta-actions.event-of': event.of });
    const read = deadLetterOfMessage(message as unknown as KafkaMessage);
    expect(read?.record.event).toEqual(event);
    expect(deadLetterKey(given)).not.toBe(deadLetterKey(letter));
    expect(read !== undefined && deadLetterKey(read)).toBe(deadLetterKey(given));
  });

  it("come after those of Connect's own letters, which stay", () => {
    const { headers } = headersOf({ '__connect.errors.topic': Buffer.from('earlier') });
    expect(headers?.['__connect.errors.topic']).toEqual([Buffer.from('earlier'), 't']);
  });

  it('replace ours of an earlier letter and count the replays', () => {
    const { headers } = headersOf({ 'meta-actions.hops': Buffer.from('1'), 'meta-actions.code': Buffer.from('OLD') });
    expect(headers?.['meta-actions.hops']).toBe('2');
    expect(headers?.['meta-actions.code']).toBe('C');
  });

  it('note those that had no value, which kafkajs can not send', () => {
    const absent = { gone: null, here: 'x' } as unknown as RecordHeaders;
    const { headers } = headersOf(absent);
    expect(headers?.['gone']).toEqual(Buffer.alloc(0));
    expect(headers?.['meta-actions.null-headers']).toBe('gone');
  });

  it('are all that is left when not even key and headers fit', () => {
    const message = headersOf({ big: Buffer.alloc(10) }, 'position_only');
    expect([message.key, message.value, message.headers?.['big']]).toEqual([null, Buffer.alloc(0), undefined]);
    expect(message.headers).toMatchObject({
      'meta-actions.offset': '1',
      'meta-actions.value-omitted': 'true',
      'meta-actions.key-and-headers-omitted': 'true',
    });
  });

  it('are few bytes then, however long an event has made its id and its members', () => {
    const long = 'ü'.repeat(1_000_000);
    const failure = { code: 'C', message: long, field: long, entries: long, meta: { status: 400, fbtraceId: long } };
    const huge = { ...letter, failure, eventId: long };
    const message = messageOfDeadLetter(huge, writer, 'position_only');
    expect(sizeOfMessage(message)).toBeLessThan(16 * 1024);
    const read = deadLetterOfMessage({ ...message, timestamp: '9' } as unknown as KafkaMessage);
    expect(read?.record).toMatchObject({ topic: 'orders', partition: 3, offset: 42 });
    expect([read?.failure.code, read?.eventId, read?.failure.entries]).toEqual(['C', undefined, undefined]);
    const short = messageOfDeadLetter({ ...letter, eventId: 'm-1' }, writer, 'position_only');
    expect(short.headers).toMatchObject({ 'meta-actions.event-id': 'm-1', 'meta-actions.entries': 'users[1-3]' });
  });
});

const letter: DeadLetter = {
  record: {
    topic: 'orders',
    partition: 3,
    offset: 42,
    next: 43,
    timestamp: 1_790_000_000_000,
    key: Buffer.from('user-1'),
    value: Buffer.from('{}'),
    headers: { trace: Buffer.from([0, 255]), '__connect.errors.topic': Buffer.from('older') },
  },
  failure: {
    code: 'META_100',
    message: 'no',
    field: 'value',
    entries: 'users[1-3]',
    meta: { status: 400, fbtraceId: 'A1' },
  },
  destination: 'shop',
  subscription: 'Orders',
  action: 'purchase',
  eventId: 'm-1',
  attempts: 3,
  at: 1_790_000_001_000,
};

/** As a consumer gets it: every header as bytes. */
function received(one: DeadLetter): KafkaMessage {
  const { key = null, value, headers = {} } = messageOfDeadLetter(one, writer, 'all');
  const bytes = Object.entries(headers).map(([name, given]) => [
    name,
    Array.isArray(given) ? given.map((each) => Buffer.from(each)) : Buffer.from(given ?? ''),
  ]);
  return {
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(bytes),
    timestamp: '1',
    offset: '0',
    attributes: 0,
  };
}

describe('a letter read from its topic', () => {
  it('is the one that was written, its record byte for byte', () => {
    expect(deadLetterOfMessage(received(letter))).toEqual({ ...letter, replayCount: 0 });
  });

  it('has its headers without a value again, those of Kafka Connect too', () => {
    const headers = { gone: null, 'gone, [too]': null, '__connect.errors.topic': null, here: Buffer.alloc(0) };
    const read = deadLetterOfMessage(received({ ...letter, record: { ...letter.record, headers } }));
    expect(read?.record.headers).toEqual(headers);
  });

  it('keeps whatever bytes the record had', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (key, value) => {
        const record = { ...letter.record, key: Buffer.from(key), value: Buffer.from(value) };
        const read = deadLetterOfMessage(received({ ...letter, record }));
        expect(read?.record.key?.equals(record.key)).toBe(true);
        expect(read?.record.value?.equals(record.value)).toBe(true);
      }),
    );
  });

  it('rule 34: counts a replay more when a replayed record fails again, and is then another letter', () => {
    const again = {
      ...letter,
      record: { ...letter.record, headers: { ...letter.record.headers, [replayCountHeader]: '2' } },
    };
    const read = deadLetterOfMessage(received(again));
    expect(read?.replayCount).toBe(3);
    expect(read?.record.headers).toEqual(letter.record.headers);
    expect(read === undefined ? '' : deadLetterKey(read)).not.toBe(deadLetterKey(letter));
  });

  it('rule 33: is the same letter however often it was written', () => {
    const read = deadLetterOfMessage(received({ ...letter, at: letter.at + 1 }));
    expect(read === undefined ? '' : deadLetterKey(read)).toBe(deadLetterKey(letter));
  });

  it('is nothing when the message is none of ours', () => {
    expect(
      deadLetterOfMessage(Object.assign(received(letter), { headers: { other: Buffer.from('x') } })),
    ).toBeUndefined();
  });
});
