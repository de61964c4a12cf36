import { expect, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import { createPendingRecord } from '../../../src/pipeline/partition/in-flight-record.ts';
import { createPartition } from '../../../src/pipeline/partition/partition.ts';
import { createRecordArenas } from '../../../src/pipeline/partition/record-arena.ts';
import { fakeRecord } from '../../support/deliveries.ts';

/** Takes records in, one behind the other. */
function setUp() {
  const partition = createPartition({ topic: 'events', partition: 0, position: 0 }, 1, 0);
  const arenaFor = createRecordArenas();
  let inFlight = 0;
  const released = (bytes: number) => {
    inFlight -= bytes;
  };
  return {
    take(more: Partial<SourceRecord>) {
      const record = fakeRecord(more);
      const slot = partition.tracker.begin(record.next);
      const pending = createPendingRecord({ partition, record, slot, arenaFor, released });
      inFlight += pending.bytes;
      return pending;
    },
    inFlight: () => inFlight,
  };
}

/** 1 KB that tells its number. */
const bytesOf = (number: number) => Buffer.alloc(1_000, `${number} `);

test('holds a copy of everything of a record', () => {
  const { take } = setUp();
  const key = Buffer.from('key');
  const value = Buffer.from('value');
  const header = Buffer.from('header');
  const parked = { destination: 'shop', subscription: 'Orders', at: 7 };
  const given = { offset: 41, next: 43, timestamp: 1.5e12, key, value, headers: { header }, parked };
  const pending = take(given);
  for (const bytes of [key, value, header]) bytes.fill(0);
  expect(pending.record).toEqual({
    topic: 'events',
    partition: 0,
    ...given,
    key: Buffer.from('key'),
    value: Buffer.from('value'),
    headers: { header: Buffer.from('header') },
  });
});

test('counts headers as in flight, which may be larger than the record', () => {
  const { take } = setUp();
  const bare = take({ offset: 0 }).bytes;
  const headers = { trace: Buffer.alloc(50_000), several: [Buffer.alloc(20_000), null, Buffer.alloc(30_000)] };
  expect(take({ offset: 1, headers }).bytes - bare).toBe(100_000 + 'trace'.length + 'several'.length);
});

test('tells no bytes from none', () => {
  const { take } = setUp();
  const empty = take({ offset: 0, key: Buffer.alloc(0), value: Buffer.alloc(0) });
  const absent = take({ offset: 1, key: null, value: null });
  expect(empty.record).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
  expect(absent.record).toMatchObject({ key: null, value: null });
});

test('keeps the bytes of those that stay, while all around them is settled and used again', () => {
  const { take, inFlight } = setUp();
  const staying = [];
  let passing = [];
  for (let offset = 0; offset < 5_000; offset++) {
    const one = { number: offset, pending: take({ offset, value: bytesOf(offset) }) };
    if (offset % 97 === 0) staying.push(one);
    else passing.push(one);
    if (passing.length < 700) continue;
    for (const { pending } of passing) pending.release();
    passing = [];
  }
  for (const { number, pending } of [...staying, ...passing]) expect(pending.record.value).toEqual(bytesOf(number));
  for (const { pending } of [...staying, ...passing]) pending.release();
  expect(inFlight()).toBe(0);
});

test('gives bytes that stay as they are once they were asked for', () => {
  const { take } = setUp();
  const first = take({ offset: 0, value: bytesOf(0) });
  const { record } = first;
  first.release();
  for (let offset = 1; offset < 2_000; offset++) take({ offset, value: bytesOf(offset) }).release();
  expect(record.value).toEqual(bytesOf(0));
});

test('has a record of any size', () => {
  const { take } = setUp();
  const value = Buffer.alloc(900_000, 'x');
  expect(take({ offset: 0, value }).record.value).toEqual(value);
  expect(take({ offset: 1, value: bytesOf(1) }).record.value).toEqual(bytesOf(1));
});

test('refuses to be released more often than it was held, and to be read once it is settled', () => {
  const pending = setUp().take({});
  pending.release();
  expect(() => pending.record).toThrow(/after it was settled/);
  expect(() => pending.release()).toThrow(/more often/);
});
