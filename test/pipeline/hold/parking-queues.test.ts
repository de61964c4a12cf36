import { describe, expect, test } from 'vitest';
import type { ParkedRecord } from '../../../src/core/parked.ts';
import { partitionKey, type TopicPartition } from '../../../src/core/record.ts';
import type { AssignedPartition } from '../../../src/core/source.ts';
import type { QueuedWork } from '../../../src/pipeline/hold/parking-queue.ts';
import { createParkingQueues } from '../../../src/pipeline/hold/parking-queues.ts';
import { createPartition, type Partition } from '../../../src/pipeline/partition/partition.ts';
import { fakePending, fakeRecord } from '../../support/deliveries.ts';

const host = { topic: 'events', partition: 0 };
const parkingPartition = { topic: 'events.parked.shop', partition: 0 };

function scene() {
  const partitions = new Map<string, Partition>();
  const written: number[] = [];
  const went: number[] = [];
  /** While it is set, writes wait for it. */
  const broker: { away?: Promise<void> } = {};
  const queues = createParkingQueues({
    parkingStore: {
      async open() {},
      parkingPartitionOf: () => parkingPartition,
      hostOf: ({ topic }: TopicPartition) =>
        topic === parkingPartition.topic ? { ...host, destination: 'shop' } : undefined,
      async write(_, records: readonly ParkedRecord[]) {
        await broker.away;
        written.push(...records.map(({ record }) => record.offset));
        return { count: records.length, end: written.length };
      },
      async close() {},
    },
    partitions,
    clock: { now: Date.now, monotonic: Date.now, sleep: async () => undefined },
    telemetry: { emit: () => undefined },
    closeWithin: 10,
    signal: new AbortController().signal,
  });
  let epoch = 0;

  function assign(given: AssignedPartition): Partition {
    epoch += 1;
    const partition = createPartition(given, epoch, 0);
    partitions.set(partitionKey(given), partition);
    return partition;
  }

  function lose(): void {
    for (const partition of partitions.values()) partition.lost = true;
    partitions.clear();
    queues.purge();
  }

  function workOf(offset: number, lanes = ['pixel']): QueuedWork {
    return {
      key: {},
      pending: fakePending({ record: fakeRecord({ offset }) }),
      destination: 'shop',
      subscription: 'All',
      lanes,
      go: () => void went.push(offset),
      parked: () => undefined,
      drop: () => undefined,
    };
  }

  function enter(work: QueuedWork): void {
    const queue = queues.of('shop', work.pending);
    if (queue === undefined) expect.fail('nothing may be parked');
    queues.prepare(queue);
    queue.enter(work);
  }

  return { queues, partitions, broker, written, went, assign, lose, workOf, enter };
}

describe('rule 6: nothing overtakes what is parked', () => {
  test('while it is not known where the parking partition ends', () => {
    const { assign, enter, workOf, went } = scene();
    assign({ ...host, position: 0 });
    const reader = assign({ ...parkingPartition, position: 40 });
    enter(workOf(0));
    expect(went).toEqual([]);
    reader.end = 40;
    enter(workOf(1));
    expect(went).toEqual([0, 1]);
  });

  test('by another process, while nothing came from the partition here', () => {
    const { queues, assign, lose, enter, workOf, went } = scene();
    assign({ ...host, position: 0, end: 0 });
    assign({ ...parkingPartition, position: 0, end: 0 });
    queues.discover();
    for (const queue of queues.all()) queues.check(queue, false);
    expect(queues.all().map((queue) => queue.direct())).toEqual([true]);
    lose();
    assign({ ...host, position: 7, end: 8 });
    assign({ ...parkingPartition, position: 0, end: 7 });
    enter(workOf(7));
    expect(went).toEqual([]);
  });

  test('and of what waited behind it, the first that is still in its lane is waited for', async () => {
    const { queues, assign, enter, workOf, went, written } = scene();
    assign({ ...host, position: 0, end: 0 });
    const reader = assign({ ...parkingPartition, position: 0, end: 0 });
    enter(workOf(0));
    const [queue] = queues.all();
    if (queue === undefined) expect.fail('there is no queue');
    // Near the end of what is parked for one lane, its work waits in memory, while that of another lane goes.
    queue.park(['A']);
    reader.end = 1;
    queues.check(queue, false);
    const [first, second, other] = [workOf(1, ['A']), workOf(2, ['A']), workOf(3, ['B'])] as const;
    for (const work of [first, second, other]) enter(work);
    expect(went).toEqual([0, 3]);
    reader.tracker.extend(1);
    queues.check(queue, false);
    expect(went).toEqual([0, 3, 1, 2]);
    // Both lanes are blocked now. The first of A is in a request, and comes back after the second.
    queue.park(['A', 'B']);
    queue.sentBack(second.key);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual([]);
    queue.sentBack(first.key);
    await expect.poll(() => written).toEqual([1, 2]);
  });

  test('however much of it waits in memory', () => {
    const { queues, assign, lose, enter, workOf } = scene();
    assign({ ...host, position: 0, end: 0 });
    const work = workOf(0);
    enter(work);
    const [queue] = queues.all();
    if (queue === undefined) expect.fail('there is no queue');
    for (let more = 0; more < 200_000; more += 1) queue.enter(work);
    queue.park(['pixel']);
    expect(queue.idle()).toBe(false);
    lose();
  });

  test('while a write of before the partition went and came back may still arrive', async () => {
    const { queues, assign, lose, enter, workOf, broker, written, went } = scene();
    const { promise, resolve } = Promise.withResolvers<void>();
    broker.away = promise;
    assign({ ...host, position: 0, end: 1 });
    enter(workOf(0));
    for (const queue of queues.all()) queue.park(['pixel']);
    await new Promise((resolved) => setImmediate(resolved));
    lose();
    assign({ ...host, position: 0, end: 1 });
    const reader = assign({ ...parkingPartition, position: 0, end: 0 });
    enter(workOf(0));
    enter(workOf(1));
    expect(went).toEqual([]);
    resolve();
    await expect.poll(() => written).toEqual([0]);
    enter(workOf(2));
    expect(went).toEqual([]);
    reader.tracker.extend(1);
    reader.readTo = 1;
    for (const queue of queues.all()) queues.check(queue, false);
    expect(went).toEqual([0, 1, 2]);
  });
});
