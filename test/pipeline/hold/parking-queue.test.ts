import { expect, it } from 'vitest';
import type { ParkedRecord } from '../../../src/core/parked.ts';
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
      pending: {
        ...record,
        parked: undefined,
        record,
        abandoned: false,
        hold: () => undefined,
        release: () => undefined,
      },
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
