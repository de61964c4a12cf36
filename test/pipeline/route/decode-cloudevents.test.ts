import { describe, expect, test } from 'vitest';
import type { RecordHeaders } from '../../../src/core/record.ts';
import { decodeRecord } from '../../../src/pipeline/route/decode.ts';

function decoded(message: unknown, headers?: RecordHeaders): unknown {
  const record = { topic: 't', value: Buffer.from(JSON.stringify(message)), headers };
  const found = decodeRecord(record, { envelope: [], records: 'cloudevents', maxRecordBytes: 100_000 });
  if (found.kind === 'undecodable') return found.failure.code;
  return found.kind === 'event' ? found.event : found;
}

const time = '2026-05-06T07:08:09Z';
const attributes = { specversion: '1.0', id: 'e-1', type: 'shop.order.paid', source: '/shop', subject: 'o-1', time };
const headersOf = (given: object): RecordHeaders =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`ce_${name}`, Buffer.from(String(value))]));
const order = { order_id: 'o-1', total: 19.99 };
const track = {
  type: 'track',
  event: 'shop.order.paid',
  messageId: 'e-1',
  timestamp: time,
  properties: order,
  context: { cloudevent: { type: 'shop.order.paid', source: '/shop', subject: 'o-1' } },
};

describe('a CloudEvent', () => {
  test('is a track call, whole in JSON or with its attributes in headers', () => {
    expect(decoded({ ...attributes, data: order })).toEqual(track);
    expect(decoded(order, headersOf(attributes))).toEqual(track);
  });

  test('around a call of the Segment spec is that call, with its own id and time if it has them', () => {
    const call = { type: 'identify', userId: 'u', traits: { email: 'a@example.com' }, context: { ip: '198.51.100.7' } };
    expect(decoded({ ...attributes, data: call })).toEqual({
      ...call,
      messageId: 'e-1',
      timestamp: time,
      context: { ip: '198.51.100.7', cloudevent: track.context.cloudevent },
    });
    expect(decoded({ ...attributes, data: { ...call, messageId: 'm' } })).toMatchObject({ messageId: 'm' });
  });

  test('may hold nothing, or no object', () => {
    expect(decoded(attributes)).toMatchObject({ properties: {} });
    expect(decoded('text', headersOf(attributes))).toMatchObject({ properties: { data: 'text' } });
  });

  test('may hold its data as bytes', () => {
    const bytes = (text: string | Buffer) => ({ ...attributes, data_base64: Buffer.from(text).toString('base64') });
    expect(decoded(bytes(JSON.stringify(order)))).toEqual(track);
    expect(decoded(bytes(JSON.stringify({ type: 'identify', userId: 'u' })))).toMatchObject({ type: 'identify' });
    for (const unread of ['no JSON', Buffer.from([0xff, 0xfe]), '['.repeat(2_000)]) {
      const message = bytes(unread);
      expect(decoded(message)).toMatchObject({ properties: { data: message.data_base64 } });
    }
  });

  test('with its attributes in headers is one event, also where its data is a list or there is none', () => {
    const items = [{ sku: 'a' }, { sku: 'b' }];
    expect(decoded(items, headersOf(attributes))).toMatchObject({ messageId: 'e-1', properties: { data: items } });
    const options = { envelope: [], records: 'cloudevents', maxRecordBytes: 100_000 } as const;
    for (const value of [null, Buffer.alloc(0)]) {
      const record = { topic: 't', value, headers: headersOf(attributes) };
      expect(decodeRecord(record, options)).toEqual({ kind: 'event', event: { ...track, properties: {} } });
    }
    expect(decodeRecord({ topic: 't', value: null, headers: {} }, options)).toMatchObject({ reason: 'tombstone' });
  });

  test.each([
    ['JSON that is none', order, undefined],
    ['without a type', { specversion: '1.0', id: 'e' }, undefined],
    ['headers of something else', order, { source: Buffer.from('shop') }],
  ])('is not %s', (_name, message, headers) => {
    expect(decoded(message, headers)).toBe('NOT_A_CLOUD_EVENT');
  });
});
