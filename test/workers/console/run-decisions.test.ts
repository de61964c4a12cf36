import { expect, test } from 'vitest';
import type { ShownDecision } from '../../../src/api/decisions/shown-decisions.ts';
import { isRefused } from '../../../src/api/server/handler.ts';
import { createRunDecisions } from '../../../src/workers/console/run-decisions.ts';
import { type FakeWorker, fakeWorker } from '../../support/fake-worker.ts';

const now = 1_000_000;
const decision = (at: number, sample?: string): ShownDecision => ({
  ...{ at, topic: 'orders', partition: 0, offset: at, outcome: 'sent', text: 'On its way.' },
  ...(sample !== undefined && { sample }),
});

function reading(workers: readonly FakeWorker[], query = {}) {
  const decisions = createRunDecisions({ workers: () => workers, now: () => now });
  const subscribe = decisions.read(query);
  if (isRefused(subscribe)) throw new Error(subscribe.error);
  const read: ShownDecision[] = [];
  const leave = subscribe({
    send(_, data) {
      read.push(data as ShownDecision);
      return true;
    },
  });
  return { decisions, read, leave };
}

const two = () => [fakeWorker(1, () => undefined), fakeWorker(2, () => undefined)] as const;

test('what workers tell comes in the order of time, with ids that say whose the event is', async () => {
  const [one, other] = two();
  const { decisions, read, leave } = reading([one, other]);
  decisions.tell(1, decision(now - 500, 's1'), one);
  decisions.tell(1, decision(now - 300, 's2'), one);
  decisions.tell(1, decision(now - 400, 's1'), other);
  await expect
    .poll(() => read.map(({ at, sample }) => [now - at, sample]))
    .toEqual([
      [500, '1.1-s1'],
      [400, '2.1-s1'],
      [300, '1.1-s2'],
    ]);
  leave();
});

test('no more come than the reader wants, from all over what there was', async () => {
  const [one, other] = two();
  const { decisions, read, leave } = reading([one, other], { perSecond: 4 });
  for (let age = 1_000; age > 200; age -= 100) decisions.tell(1, decision(now - age), age > 600 ? one : other);
  await expect.poll(() => read.map(({ at }) => now - at)).toEqual([1_000, 800, 600, 400]);
  leave();
});

test('a worker that begins later is asked too, and none when the reader has gone', () => {
  const [one, other] = two();
  other.set.state = 'starting';
  const { decisions, leave } = reading([one, other], { event: 'order' });
  const asks = { kind: 'read', stream: 1, query: { event: 'order' } };
  expect([one.orders, other.orders]).toEqual([[asks], []]);
  other.set.state = 'running';
  decisions.join(other);
  expect(other.orders).toEqual([asks]);
  leave();
  expect([one.orders.at(-1), other.orders.at(-1)]).toEqual([
    { kind: 'leave', stream: 1 },
    { kind: 'leave', stream: 1 },
  ]);
  decisions.join(one);
  expect(one.orders).toHaveLength(2);
});
