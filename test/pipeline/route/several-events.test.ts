import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decode, decodeRecord } from '../../../src/pipeline/route/decode.ts';
import { maxEventsOfRecord, recordsIn } from '../../../src/pipeline/route/several-events.ts';
import { fakeRecord } from '../../support/deliveries.ts';

const plain: DecodeOptions = { envelope: [], maxRecordBytes: 10_000_000 };

/** What each event of a record is decoded to, as the record of its own that it becomes. */
function eventsOf(message: unknown, options = plain): readonly unknown[] {
  const whole = fakeRecord({ offset: 7, value: Buffer.from(JSON.stringify(message)) });
  return [...recordsIn(whole, ({ value }) => decode(value, options))].map(({ value, offset }) => {
    expect(offset).toBe(7);
    const decoded = decode(value, options);
    if (decoded.kind === 'undecodable') return decoded.failure.code;
    return decoded.kind === 'event' ? decoded.event : decoded.kind;
  });
}

const call = (event: string, more: object = {}) => ({ type: 'track', event, ...more });

describe('a topic with a list of events in each record', () => {
  const decoding = { envelope: ['data'], unpack: ['body', 'events'] };
  const options: DecodeOptions = { ...plain, topics: () => decoding };
  const decodedEvents = (message: unknown) => {
    const whole = fakeRecord({ value: Buffer.from(JSON.stringify(message)) });
    return [...recordsIn(whole, (record) => decodeRecord(record, options))].map((record) => {
      const decoded = decodeRecord(record, options);
      if (decoded.kind === 'undecodable') return decoded.failure.code;
      return decoded.kind === 'event' ? decoded.event : decoded.kind;
    });
  };

  test('has each of it as an event', () => {
    const events = [call('a'), { no: 'event' }, call('b')];
    expect(decodedEvents({ data: { body: { events } } })).toEqual([call('a'), 'NOT_AN_EVENT', call('b')]);
    expect(decodedEvents({ data: { body: { events: null } } })).toEqual(['skipped']);
    expect(decodedEvents({ data: { body: { events: [] } } })).toEqual(['skipped']);
  });

  test('has a dead letter for a record without the list', () => {
    expect(decodedEvents({ data: { body: { events: 'text' } } })).toEqual(['UNPACK_MISSING']);
    expect(decodedEvents({ data: {} })).toEqual(['UNPACK_MISSING']);
  });
});

describe('a record that holds several events', () => {
  test('is a list of calls, each good or bad by itself', () => {
    expect(eventsOf([call('a'), 5, call('b'), { event: 'c' }, [call('d')], { batch: [call('e')] }])).toEqual([
      call('a'),
      'NOT_AN_EVENT',
      call('b'),
      'NOT_AN_EVENT',
      'several',
      'several',
    ]);
  });

  test('is a batch, whose context, integrations and time are those of each call that has none of its own', () => {
    const batch = {
      batch: [call('a'), call('b', { context: { ip: '2' }, integrations: { Meta: true }, sentAt: 'then' }), 5],
      context: { ip: '1', locale: 'de' },
      integrations: { All: false },
      sentAt: 'now',
      writeKey: 'not-ours',
    };
    expect(eventsOf(batch)).toEqual([
      call('a', { context: { ip: '1', locale: 'de' }, integrations: { All: false }, sentAt: 'now' }),
      call('b', { context: { ip: '2', locale: 'de' }, integrations: { All: false, Meta: true }, sentAt: 'then' }),
      'NOT_AN_EVENT',
    ]);
  });

  test.each<[string, unknown]>([
    ['a list in an envelope', { payload: { after: [call('a'), call('b')] } }],
    ['a batch in an envelope', { payload: { after: { batch: [call('a'), call('b')] } } }],
    ['a list of envelopes', [{ payload: { after: call('a') } }, { payload: { after: call('b') } }]],
  ])('is %s', (_, message) => {
    expect(eventsOf(message, { ...plain, envelope: ['payload', 'after'] })).toEqual([call('a'), call('b')]);
  });

  test('is a list of rows or of changes of rows', () => {
    const rows = eventsOf([{ id: 1 }, { id: 2, __deleted: 'true' }], { ...plain, records: 'rows' });
    expect(rows).toMatchObject([
      { event: 'new', properties: { id: 1 } },
      { event: 'deleted', properties: { id: 2 } },
    ]);
    const changes = eventsOf([{ op: 'c', after: { id: 1 } }, { op: 'x' }], { ...plain, records: 'debezium' });
    expect(changes).toMatchObject([{ event: 'new', properties: { id: 1 } }, 'NOT_A_ROW']);
  });

  test('is itself where it holds one', () => {
    const one = fakeRecord({ value: Buffer.from(JSON.stringify(call('a'))) });
    expect([...recordsIn(one, ({ value }) => decode(value, plain))]).toEqual([one]);
  });

  test('names the place of each, and the record that they were in', () => {
    const whole = (text: string) => fakeRecord({ value: Buffer.from(text) });
    const places = (text: string) =>
      [...recordsIn(whole(text), ({ value }) => decode(value, plain))].map(({ event }) => event);
    const [first, second] = places('[{"type":"page"},{"type":"page"}]');
    expect([first?.index, second?.index]).toEqual([0, 1]);
    expect(first?.of).toMatch(/^[0-9a-f]{16}$/);
    expect(first?.of).toBe(second?.of);
    expect(places('[{"type":"page"}]')[0]?.of).not.toBe(first?.of);
  });

  test(`of more than ${maxEventsOfRecord} is refused as a whole`, () => {
    const many = (count: number) => Buffer.from(JSON.stringify(Array.from({ length: count }, () => 1)));
    expect(decode(many(maxEventsOfRecord), plain).kind).toBe('several');
    expect(decode(many(maxEventsOfRecord + 1), plain)).toMatchObject({ failure: { code: 'TOO_MANY_EVENTS' } });
  });
});

describe('calls of RudderStack that the Segment spec does not have', () => {
  const decoded = (message: unknown) => {
    const found = decode(Buffer.from(JSON.stringify(message)), plain);
    return found.kind === 'event' ? found.event : found.kind === 'undecodable' ? found.failure.code : found.kind;
  };

  test.each([
    ['insert', 'new'],
    ['UPDATE', 'updated'],
    ['delete', 'deleted'],
  ])('a record that is to %s is the event %s of reverse ETL', (action, event) => {
    const fields = { EMAIL: 'a@shop.example', FN: 'Ann' };
    const context = {
      mappedToDestination: 'true',
      externalId: [{ type: 'FB_CUSTOM_AUDIENCE-120', identifierType: 'EMAIL' }],
    };
    expect(decoded({ type: 'record', action, fields, context, messageId: 'm', recordId: '4' })).toEqual({
      type: 'track',
      event,
      messageId: 'm',
      recordId: '4',
      properties: fields,
      context: { ...context, row: { op: action, audience_id: '120', person: { em: 'a@shop.example', fn: 'Ann' } } },
    });
  });

  test.each<[object, string]>([
    [{ type: 'record', action: 'upend', fields: {} }, 'NOT_A_ROW'],
    [{ type: 'record', fields: {} }, 'NOT_A_ROW'],
    [{ type: 'record', action: 'insert' }, 'ROW_MISSING'],
  ])('%j is %s', (message, code) => {
    expect(decoded(message)).toBe(code);
  });

  test('an audience list is a track call with the lists of those who join and leave', () => {
    const list = { add: [{ EMAIL: 'a@shop.example' }], remove: [{ EMAIL: 'b@shop.example' }] };
    expect(decoded({ type: 'audiencelist', properties: { listData: list, x: 1 }, userId: 'u' })).toEqual({
      type: 'track',
      event: 'audiencelist',
      userId: 'u',
      properties: { x: 1, userListAdd: list.add, userListDelete: list.remove },
    });
  });
});
