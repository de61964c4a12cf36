import type { Batch } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { RecordBatch } from '../../../src/core/source.ts';
import { createAssignment, type OwnedPartition } from '../../../src/kafka/consumer/assignment.ts';
import { createReader } from '../../../src/kafka/consumer/reader.ts';
import { recordsOf } from '../../../src/kafka/client/records.ts';
import { batchOf } from './batches.ts';

const where = { topic: 't', partition: 0 };

const batch = (fetched: number, offsets: readonly number[], last?: number) => batchOf(where, fetched, offsets, last);

function reading(next: number) {
  const assignment = createAssignment();
  const owned = assignment.join([where], false).gained[0] as OwnedPartition;
  Object.assign(owned, { phase: 'reading', epoch: 7, next });
  const batches: RecordBatch[] = [];
  const failures: Error[] = [];
  const calls: string[] = [];
  let paused = false;
  const reader = createReader({
    assignment,
    handlers: {
      assigned: () => undefined,
      lost: () => undefined,
      batch: (one) => {
        batches.push(one);
        if (one.records[0]?.offset === 666) throw new TypeError('a bug');
      },
      finished: () => undefined,
      failed: (error) => void failures.push(error),
    },
    stopped: () => paused,
    records: recordsOf,
    seek: ({ next: to }) => void calls.push(`seek ${to}`),
    mismatch: () => void calls.push('mismatch'),
  });
  const take = (one: Batch) => reader.batch(one, (offset) => void calls.push(`resolve ${offset}`));
  return {
    assignment,
    owned,
    batches,
    failures,
    calls,
    reader,
    take,
    pause: () => {
      paused = true;
    },
  };
}

describe('the reader', () => {
  it('hands on what begins where the last batch ended, under the epoch', () => {
    const { take, batches, calls } = reading(5);
    take(batch(5, [5, 6]));
    take(batch(7, [9, 10]));
    expect(batches.map(({ epoch, records }) => [epoch, records.map(({ offset }) => offset)])).toEqual([
      [7, [5, 6]],
      [7, [9, 10]],
    ]);
    expect(calls).toEqual(['resolve 6', 'resolve 10']);
  });

  it.each([3, 8])(
    'leaves a batch that was fetched from elsewhere (%d instead of 5), and resolves nothing',
    (fetched) => {
      const { take, batches, calls } = reading(5);
      take(batch(fetched, [fetched, fetched + 1]));
      expect(batches).toEqual([]);
      expect(calls).toEqual(['mismatch']);
    },
  );

  it('leaves batches of partitions that are not ours, not ready, or paused', () => {
    const { take, batches, calls, owned, assignment, pause } = reading(5);
    owned.phase = 'checking';
    take(batch(5, [5]));
    owned.phase = 'reading';
    pause();
    take(batch(5, [5]));
    assignment.clear();
    take(batch(5, [5]));
    expect([batches, calls]).toEqual([[], []]);
  });

  it('puts the end of the last record behind what kafkajs took out of the batch', () => {
    const { take, batches } = reading(5);
    take(batch(5, [5, 6], 9));
    expect(batches[0]?.records.map(({ next }) => next)).toEqual([6, 10]);
    take(batch(10, [10]));
    expect(batches.length).toBe(2);
  });

  it('follows kafkajs over a batch without records, after seeing one twice', () => {
    const { take, batches, calls, reader } = reading(5);
    reader.empty(where, '8');
    expect(calls).toEqual(['seek 5']);
    take(batch(9, [9]));
    expect(calls).toEqual(['seek 5', 'mismatch']);
    reader.empty(where, '8');
    take(batch(9, [9]));
    reader.empty(where, '3');
    take(batch(10, [10]));
    expect(batches.map(({ records, readTo }) => [records.length, readTo])).toEqual([
      [0, 9],
      [1, undefined],
      [1, undefined],
    ]);
  });

  it('reports a bug of the pipeline and does not let kafkajs see it', () => {
    const { take, failures, calls } = reading(666);
    take(batch(666, [666]));
    expect(failures).toMatchObject([{ message: 'a bug' }]);
    expect(calls).toEqual(['resolve 666']);
  });
});
