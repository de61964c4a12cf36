import type { Message } from 'kafkajs';
import { expect, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import { messageOfParked, recordsOfParked } from '../../../src/kafka/parking/parked-message.ts';
import { hostTopic, parkingTopic } from '../../../src/kafka/client/parking-topic-names.ts';
import { fakeRecord } from '../../support/deliveries.ts';

const record = fakeRecord({
  topic: 'shop',
  partition: 3,
  offset: 41,
  timestamp: 1_790_000_000_123,
  key: Buffer.from([0xff, 0x00]),
  value: Buffer.from('{"type":"track"}'),
  headers: {
    trace: Buffer.from([1, 2, 0xfe]),
    twice: ['a', 'b'],
    'meta-actions.hops': '2',
    none: null,
    'none, [too]': null,
  },
});

/** As the broker gives it back. */
function read({ key, value, headers = {} }: Message, at: number): SourceRecord {
  const bytes = (one: Buffer | string | undefined) => Buffer.from(one ?? '');
  return fakeRecord({
    ...{ topic: 'shop.parked.web', partition: 3, offset: at, next: at + 1, timestamp: 1 },
    key: key as Buffer | null,
    value: value as Buffer | null,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, one]) => [name, Array.isArray(one) ? one.map(bytes) : bytes(one)]),
    ),
  });
}

test('DELIVERY 6: one event of a record that holds several comes back as that one', () => {
  const event = { index: 2, of: '0123456789abcdef' };
  const part = { destination: 'web', subscription: 'Orders' };
  const [back] = recordsOfParked(
    [read(messageOfParked({ record: { ...record, event }, ...part }, 'group'), 5)],
    'group',
  );
  expect(back?.event).toEqual(event);
});

test('DELIVERY 6: a record comes back byte for byte, with its own position and time, and what of it waits', () => {
  const part = { destination: 'web', subscription: 'Orders', lanes: ['id\n7'], inDoubtSince: 1_790_000_000_500 };
  const [back] = recordsOfParked([read(messageOfParked({ record, ...part }, 'group'), 5)], 'group');
  expect(back).toEqual({
    ...record,
    next: 6,
    headers: {
      trace: Buffer.from([1, 2, 0xfe]),
      twice: [Buffer.from('a'), Buffer.from('b')],
      'meta-actions.hops': Buffer.from('2'),
      none: null,
      'none, [too]': null,
    },
    parked: { at: 5, ...part },
  });
});

test('headers without a value come back from messages that noted their names as JSON', () => {
  const parked = messageOfParked({ record, destination: 'web', subscription: 'Orders' }, 'group');
  const names = JSON.stringify(['none', 'none, [too]']);
  const earlier = { ...parked, headers: { ...parked.headers, 'meta-actions.parked.null-headers': names } };
  const [back] = recordsOfParked([read(earlier, 5)], 'group');
  expect(back?.headers).toMatchObject({ none: null, 'none, [too]': null });
});

test('a tombstone and a record without headers come back as they were', () => {
  const bare = { ...record, key: null, value: null, headers: undefined };
  const message = messageOfParked({ record: bare, destination: 'web', subscription: 'Orders' }, 'group');
  const [back] = recordsOfParked([read(message, 0)], 'group');
  expect(back).toEqual({ ...bare, next: 1, parked: { at: 0, destination: 'web', subscription: 'Orders' } });
});

test('what another group has parked, and what nobody has, is left out', () => {
  const ofOthers = messageOfParked({ record, destination: 'web', subscription: 'Orders' }, 'staging');
  expect(recordsOfParked([read(ofOthers, 0), read({ value: Buffer.from('{}') }, 1)], 'group')).toEqual([]);
});

test('parking topics have legal names, told apart, that lead back to their source topic', () => {
  const name = parkingTopic('eu.shop', 'Web store.eu');
  expect(name).toMatch(/^eu\.shop\.parked\.Web-store-eu-[0-9a-f]{6}$/);
  expect(parkingTopic('eu.shop', 'Web-store.eu')).not.toBe(name);
  expect(hostTopic(name)).toBe('eu.shop');
  expect(parkingTopic('eu.shop', 'web')).toBe('eu.shop.parked.web');
  expect(hostTopic('eu.shop')).toBeUndefined();
  expect(() => parkingTopic('x'.repeat(240), 'web-store')).toThrow(/too long/);
});
