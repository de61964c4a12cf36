import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import type { DecodeOptions, TopicDecoding } from '../../../src/pipeline/route/decode.ts';
import { planRecord } from '../../../src/pipeline/route/plan.ts';
import { loadText } from '../../config/load-text.ts';

const now = Date.UTC(2026, 4, 6, 7, 8, 9);
const order = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm-1',
  userId: 'u-1',
  timestamp: new Date(now).toISOString(),
  context: { page: { url: 'https://shop.example/' }, kafka: { topic: 'forged' } },
  properties: { total: 5, currency: 'EUR' },
};

function record(more: Partial<SourceRecord> = {}): SourceRecord {
  const value = Buffer.from(JSON.stringify(order));
  const [offset, timestamp] = [41, now];
  return { topic: 'orders', partition: 3, offset, next: 42, timestamp, key: null, value, headers: undefined, ...more };
}

function decisionsOf(file: object, one: SourceRecord, decoding: Partial<DecodeOptions> = {}) {
  const settings = { pixel_id: '1', ad_account_id: '2', access_token: { $env: 'TOKEN' } };
  const { destination, problems } = loadText(JSON.stringify({ name: 'shop', settings, ...file }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (destination === undefined) throw new Error('the file is not valid');
  const decode: DecodeOptions = { envelope: [], maxRecordBytes: 1_000_000, ...decoding };
  return planRecord(one, [destination], { decode }, now + 1000, () => false).decisions;
}

/** What the only subscription would send as custom data. */
function sent(custom: object, one: SourceRecord, decoding: Partial<DecodeOptions> = {}): unknown {
  const mapping = { custom_data: custom };
  const [decision] = decisionsOf({ subscriptions: [{ name: 'A', action: 'purchase', mapping }] }, one, decoding);
  if (decision?.kind === 'deliver') return JSON.parse(decision.ready.body).custom_data;
  return decision && 'failure' in decision ? decision.failure : decision?.kind;
}

const topics = (decoding: Partial<TopicDecoding>): Partial<DecodeOptions> => ({
  topics: () => ({ envelope: [], ...decoding }),
});

describe('context.kafka', () => {
  const path = (name: string) => ({ '@path': `$.context.kafka.${name}` });

  test.each([
    ['@transform', { '@transform': { apply: { '@path': '$.' }, mapping: path('topic') } }, 'orders'],
    [
      '@transform of the context',
      { '@transform': { apply: { '@path': '$.context' }, mapping: { '@path': 'kafka.topic' } } },
      'orders',
    ],
    ['the shape of @arrayPath', { '@arrayPath': ['$.', path('topic')] }, ['orders']],
  ])('is the record and not what its writer says, also inside %s', (_where, topic, expected) => {
    expect(sent({ topic }, record())).toMatchObject({ topic: expected });
  });

  test('is the record that an event came in, for the mapping that asks', () => {
    const headers = {
      source: Buffer.from('web'),
      bytes: Buffer.from([255]),
      twice: [Buffer.from('a'), 'b'],
      none: null,
    };
    const from = record({ key: Buffer.from('order-7'), headers });
    const wanted = { t: path('topic'), p: path('partition'), o: path('offset'), at: path('timestamp'), k: path('key') };
    expect(sent(wanted, from)).toMatchObject({
      t: 'orders',
      p: 3,
      o: 41,
      at: '2026-05-06T07:08:09.000Z',
      k: 'order-7',
    });
    const named = { s: path('headers.source'), b: path('headers.bytes'), two: path('headers.twice') };
    expect(sent(named, from)).toMatchObject({ s: 'web', b: '/w==', two: ['a', 'b'] });
  });

  test('is what triggers may ask for, and not what the writer of the event says', () => {
    const matching = (trigger: string) =>
      decisionsOf({ subscriptions: [{ name: 'A', action: 'purchase', trigger }] }, record()).length;
    expect(matching('type = "track" and context.kafka.topic = "orders" and context.kafka.offset = 41')).toBe(1);
    expect(matching('type = "track" and context.kafka.topic = "forged"')).toBe(0);
  });

  test('is suggested where it is misspelt', () => {
    const text = JSON.stringify({
      name: 'shop',
      settings: { pixel_id: '1', access_token: { $env: 'T' } },
      subscriptions: [
        {
          name: 'A',
          action: 'purchase',
          trigger: 'context.kafak.topic = "orders"',
          mapping: { order_id: { '@path': '$.context.kafk.key' } },
        },
      ],
    });
    const fixes = loadText(text).problems.map(({ fix }) => fix);
    expect(fixes).toEqual([
      expect.stringContaining('context.kafka.topic'),
      expect.stringContaining('context.kafka.key'),
    ]);
  });

  test('has no key and no time where the record has none', () => {
    const wanted = { k: path('key'), at: path('timestamp') };
    const data = sent(wanted, record({ timestamp: -1 }));
    expect(data).toMatchObject({ value: 5 });
    expect(data).not.toMatchObject({ k: expect.anything() });
    expect(data).not.toMatchObject({ at: expect.anything() });
  });

  test('has the key as the topic says that it is written, and a record whose key can not be read is a dead letter', () => {
    const read = topics({ readKey: (key) => ({ kind: 'value', value: { id: key.length } }) });
    expect(sent({ k: path('key.id') }, record({ key: Buffer.from('abc') }), read)).toMatchObject({ k: 3 });
    const failure = { code: 'KEY_UNREADABLE', message: 'no' };
    const broken = topics({ readKey: () => ({ kind: 'failed', failure }) });
    expect(sent({ k: path('key') }, record({ key: Buffer.from('a') }), broken)).toEqual(failure);
    expect(sent({}, record({ key: Buffer.from('a') }), broken)).toMatchObject({ value: 5 });
  });
});

describe('topics of a destination and of a subscription', () => {
  const matched = (file: object, topic: string) =>
    decisionsOf(file, record({ topic })).map((decision) =>
      'subscription' in decision ? decision.subscription.id : '',
    );
  const purchase = (name: string, more: object = {}) => ({ name, action: 'purchase', ...more });

  test('are those whose events they get', () => {
    const subscriptions = [purchase('all'), purchase('eu', { topics: ['orders-eu', '/^eu\\./'] })];
    expect(matched({ subscriptions }, 'orders')).toEqual(['all']);
    expect(matched({ subscriptions }, 'orders-eu')).toEqual(['all', 'eu']);
    expect(matched({ subscriptions }, 'eu.orders')).toEqual(['all', 'eu']);
    const file = { topics: ['/eu/'], subscriptions };
    expect(matched(file, 'orders')).toEqual([]);
    expect(matched(file, 'orders-eu')).toEqual(['all', 'eu']);
    expect(matched(file, 'us.orders-eu')).toEqual(['all']);
  });

  test('are checked, with place and fix', () => {
    const text = JSON.stringify({
      name: 'shop',
      settings: { pixel_id: '1', access_token: { $env: 'T' } },
      topics: ['a b', '/(/'],
      subscriptions: [purchase('A', { topics: [] })],
    });
    const codes = loadText(text).problems.map(({ code, fix }) => [code, fix !== undefined]);
    expect(codes).toHaveLength(3);
    expect(codes.every(([, fix]) => fix)).toBe(true);
  });

  test('keep two subscriptions apart that would else send the same', () => {
    const warnings = (first: readonly string[], second: readonly string[]) =>
      loadText(
        JSON.stringify({
          name: 'shop',
          settings: { pixel_id: '1', access_token: { $env: 'T' } },
          subscriptions: [purchase('A', { topics: first }), purchase('B', { topics: second })],
        }),
      ).problems.map(({ code }) => code);
    expect(warnings(['a'], ['b'])).toEqual([]);
    expect(warnings(['a'], ['/a/'])).toEqual(['SAME_EVENTS']);
  });
});

describe('a tombstone in a topic of rows', () => {
  const gone = record({ value: null, key: Buffer.from('customer-7') });
  const sync = (mapping: object) => ({
    subscriptions: [{ name: 'A', action: 'sync-audience', mapping: { audience_id: '9', ...mapping } }],
  });
  const byKey = sync({ external_id: { '@path': '$.context.kafka.key' } });

  test('removes the person that the mapping makes of its key', () => {
    for (const records of ['rows', 'debezium'] as const) {
      const [decision] = decisionsOf(byKey, gone, topics({ records }));
      expect(decision).toMatchObject({
        kind: 'change',
        updates: [{ changes: [{ operation: 'remove', rows: [{ EXTERN_ID: 'customer-7' }] }] }],
      });
      expect(decisionsOf(byKey, gone, { records })[0]?.kind).toBe('change');
    }
  });

  test('is a dead letter where the key is nobody', () => {
    const [decision] = decisionsOf(byKey, record({ value: null }), topics({ records: 'rows' }));
    expect(decision?.kind).toBe('reject');
  });

  test('is nothing to who makes nobody of the key, to a pixel, and in a topic of events', () => {
    const skipped = [{ kind: 'empty', reason: 'tombstone' }];
    expect(decisionsOf(sync({}), gone, topics({ records: 'rows' }))).toEqual(skipped);
    expect(decisionsOf(byKey, gone, topics({ records: 'events' }))).toEqual(skipped);
    const mapping = { external_id: { '@path': '$.context.kafka.key' }, event_name: 'X' };
    const pixel = { subscriptions: [{ name: 'A', action: 'custom-event', trigger: 'type = "track"', mapping }] };
    expect(decisionsOf(pixel, gone, topics({ records: 'rows' }))).toEqual(skipped);
    expect(decisionsOf({ ...byKey, topics: ['others'] }, gone, topics({ records: 'rows' }))).toEqual(skipped);
  });
});
