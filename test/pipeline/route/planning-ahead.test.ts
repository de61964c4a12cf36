import { expect, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import type { Decoded } from '../../../src/pipeline/route/decoded.ts';
import { createDecodingAhead } from '../../../src/pipeline/route/decoding-ahead.ts';

const recordAt = (offset: number, bytes = 10): SourceRecord => ({
  topic: 'events',
  partition: 0,
  offset,
  next: offset + 1,
  timestamp: 0,
  key: null,
  value: Buffer.alloc(bytes),
  headers: undefined,
});
const batchOf = (count: number, first = 0) => Array.from({ length: count }, (_, index) => recordAt(first + index));

function counting() {
  const decodes: number[] = [];
  const ahead = createDecodingAhead(({ offset }): Decoded => {
    decodes.push(offset);
    if (offset === 7) throw new Error('a bug');
    return { kind: 'event', event: { type: 'track', offset } };
  });
  const offsetOf = (records: readonly SourceRecord[], at: number) => {
    const decoded = ahead(records, at);
    return decoded?.kind === 'event' ? decoded.event['offset'] : undefined;
  };
  return { decodes, offsetOf };
}

test('each record of a batch is decoded once, and a few of them together', () => {
  const { decodes, offsetOf } = counting();
  const records = batchOf(50, 100);
  const found = records.map((_, at) => [offsetOf(records, at), decodes.length] as const);
  expect(found.map(([offset]) => offset)).toStrictEqual(records.map(({ offset }) => offset));
  expect(decodes).toHaveLength(50);
  expect(found.slice(0, 2).map(([, count]) => count)).toStrictEqual([20, 20]);
});

test('a record that the program fails on is left to be decoded where it is planned', () => {
  const { offsetOf } = counting();
  const records = batchOf(10);
  expect(records.map((_, at) => offsetOf(records, at))).toStrictEqual([0, 1, 2, 3, 4, 5, 6, undefined, 8, 9]);
});

test('large records are not decoded ahead', () => {
  const { decodes, offsetOf } = counting();
  const records = [recordAt(1), recordAt(2, 39_000), recordAt(3, 39_000), recordAt(4, 1_000_000), recordAt(5)];
  expect([offsetOf(records, 0), decodes]).toStrictEqual([1, [1, 2]]);
  expect([1, 2, 3, 4].map((at) => offsetOf(records, at))).toStrictEqual([2, 3, undefined, 5]);
  expect(decodes).toStrictEqual([1, 2, 3, 5]);
});

test('a batch that comes in between gets its own records, and the first goes on where it was', () => {
  const { offsetOf } = counting();
  const [first, second] = [batchOf(30, 100), batchOf(3, 200)];
  const found = [
    offsetOf(first, 0),
    offsetOf(second, 0),
    offsetOf(first, 1),
    offsetOf(second, 1),
    offsetOf(second, 2),
    offsetOf(first, 2),
    offsetOf(first, 29),
  ];
  expect(found).toStrictEqual([100, 200, 101, 201, 202, 102, 129]);
});
