import { describe, expect, it } from 'vitest';
import type { RecordHeaders } from '../../../src/core/record.ts';
import { messageOfLetter } from '../../../src/kafka/dead-letters/dead-letter-message.ts';

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
  return messageOfLetter({ record, failure: { code: 'C', message: 'm' }, at: 9 }, writer, keep);
}

describe('headers of a dead letter', () => {
  it("come after those of Connect's own letters, which stay", () => {
    const { headers } = headersOf({ '__connect.errors.topic': Buffer.from('earlier') });
    expect(headers?.['__connect.errors.topic']).toEqual([Buffer.from('earlier'), 't']);
  });

  it('replace ours of an earlier letter and count the hops', () => {
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
});
