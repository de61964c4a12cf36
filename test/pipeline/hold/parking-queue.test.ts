import { expect, it } from 'vitest';
import type { ParkedRecord } from '../../../src/core/parked.ts';
import type { SourceRecord } from '../../../src/core/record.ts';
import { createParkingQueue } from '../../../src/pipeline/hold/parking-queue.ts';
import { recorder, virtualClock } from '../../delivery/fakes.ts';
import { fakeRecord } from '../../support/deliveries.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What a partition holds that takes two records at a time, and then nothing for a while. */
function smallPartition(failures: number) {
  const there: number[] = [];
  let left = failures;
  return {
    there,
    async write(records: readonly ParkedRecord[]) {
      if (there.length > 0 && left > 0) {
        left -= 1;
        throw new Error('no leader');
      }
      const taken = records.slice(0, 2);
      there.push(...taken.map(({ record }) => record.offset));
      return { count: taken.length, end: there.length };
    },
  };
}

function pendingOf(record: SourceRecord) {
  return {
    ...record,
    ...{ parked: undefined, record, abandoned: false, hold: () => undefined, release: () => undefined },
  };
}

it('what was parked of several records is not parked again when the rest fails, and all of it in order', async () => {
  const clock = virtualClock();
  const { there, write } = smallPartition(3);
  const queue = createParkingQueue({
    ...{ destination: 'shop', host: { topic: 'events', partition: 0 } },
    ...{ clock, telemetry: recorder(), signal: new AbortController().signal, closeWithin: 10, write },
  });
  const parked: number[] = [];
  queue.park(['pixel']);
  for (let offset = 0; offset < 5; offset += 1) {
    const record = fakeRecord({ offset });
    queue.enter({
      key: record,
      pending: pendingOf(record),
      ...{ destination: 'shop', subscription: 'All', lanes: ['pixel'] },
      go: () => undefined,
      parked: () => void parked.push(offset),
      drop: () => undefined,
    });
  }
  await turn();
  expect([there, parked, queue.failing()]).toEqual([[0, 1], [0, 1], 'no leader']);
  for (let tries = 0; tries < 4; tries += 1) {
    await clock.advance(30_000);
    await turn();
  }
  expect([there, parked]).toEqual([
    [0, 1, 2, 3, 4],
    [0, 1, 2, 3, 4],
  ]);
  expect([queue.end(), queue.idle(), queue.failing()]).toEqual([5, true, undefined]);
});

it("a write whose partition went to another process is not wanted any more, and its end is nobody's failure", async () => {
  const telemetry = recorder();
  const writes: (() => boolean)[] = [];
  const refusal = Promise.withResolvers<never>();
  const queue = createParkingQueue({
    ...{ destination: 'shop', host: { topic: 'events', partition: 0 } },
    ...{ clock: virtualClock(), telemetry, signal: new AbortController().signal, closeWithin: 10 },
    write(_, isWanted) {
      writes.push(isWanted);
      return refusal.promise;
    },
  });
  const record = fakeRecord({ offset: 0 });
  const pending = pendingOf(record);
  let dropped = 0;
  queue.park(['pixel']);
  queue.enter({
    ...{ key: record, pending, destination: 'shop', subscription: 'All', lanes: ['pixel'] },
    ...{ go: () => undefined, parked: () => undefined, drop: () => void dropped++ },
  });
  await turn();
  expect(writes.map((isWanted) => isWanted())).toEqual([true]);
  pending.abandoned = true;
  expect(writes.map((isWanted) => isWanted())).toEqual([false]);
  refusal.reject(new Error('not wanted any more'));
  await turn();
  expect([writes.length, dropped, queue.idle(), queue.failing()]).toEqual([1, 1, true, undefined]);
  expect(telemetry.events.map(({ kind }) => kind)).not.toContain('parking_failed');
});
