import { expect, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import type { Destination } from '../../../src/core/subscription.ts';
import type { Decoded } from '../../../src/pipeline/route/decoded.ts';
import { createPlanningAhead } from '../../../src/pipeline/route/planning-ahead.ts';
import { fakeDestination } from '../../support/destinations.ts';

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
  const plans: number[] = [];
  let destinations: readonly Destination[] = [fakeDestination([])];
  const ahead = createPlanningAhead({
    destinations: () => destinations,
    decode({ offset }): Decoded {
      decodes.push(offset);
      if (offset === 7) throw new Error('a bug');
      return { kind: 'event', event: { type: 'track', offset } };
    },
    plan({ offset }, decoded, isDone) {
      plans.push(offset);
      if (isDone('shop/A')) return { decoded: undefined, decisions: [] };
      return { decoded, decisions: [] };
    },
  });
  const offsetOf = (records: readonly SourceRecord[], at: number, done = new Set<number>()) => {
    const plan = ahead(records, at, ({ offset }, key) => key === 'shop/A' && done.has(offset));
    return plan?.decoded?.kind === 'event' ? plan.decoded.event['offset'] : undefined;
  };
  const reload = () => {
    destinations = [fakeDestination([])];
  };
  return { decodes, plans, offsetOf, reload };
}

test('each record of a batch is decoded and planned once, and a few of them together', () => {
  const { decodes, plans, offsetOf } = counting();
  const records = batchOf(50, 100);
  const found = records.map((_, at) => [offsetOf(records, at), decodes.length] as const);
  expect(found.map(([offset]) => offset)).toStrictEqual(records.map(({ offset }) => offset));
  expect(decodes).toHaveLength(50);
  expect(plans).toStrictEqual(decodes);
  expect(found.slice(0, 2).map(([, count]) => count)).toStrictEqual([20, 20]);
});

test('a record that can not be decoded is planned all the same, which makes a dead letter of it', () => {
  const { offsetOf } = counting();
  const records = batchOf(10);
  expect(records.map((_, at) => offsetOf(records, at))).toStrictEqual([0, 1, 2, 3, 4, 5, 6, undefined, 8, 9]);
});

test('large records are not planned ahead', () => {
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

test('what an earlier process has done is asked of each record', () => {
  const { offsetOf } = counting();
  const records = batchOf(4);
  expect(records.map((_, at) => offsetOf(records, at, new Set([1, 3])))).toStrictEqual([0, undefined, 2, undefined]);
});

test('after a reload the records that are left are planned anew', () => {
  const { plans, offsetOf, reload } = counting();
  const records = batchOf(4, 100);
  offsetOf(records, 0);
  reload();
  expect([1, 2, 3].map((at) => offsetOf(records, at))).toStrictEqual([101, 102, 103]);
  expect(plans).toStrictEqual([100, 101, 102, 103, 101, 102, 103]);
});
