import { expect, test } from 'vitest';
import { createHeldRun } from '../../src/workers/console/hold-handlers.ts';
import type { Order } from '../../src/workers/messages.ts';
import { createWorkerHolds, heldAfter, noHolds } from '../../src/workers/run-holds.ts';
import { fakeWorker } from '../support/fake-worker.ts';

test('what is stopped in a run is what was ordered last', () => {
  const orders = [
    { what: 'pause', name: 'shop' },
    { what: 'drain', name: 'crm' },
    { what: 'pauseLane', name: 'audience 1' },
    { what: 'drain', name: 'shop' },
    { what: 'resume', name: 'crm' },
  ] as const;
  const held = orders.reduce(heldAfter, noHolds);
  expect(held).toEqual({ destinations: new Map([['shop', 'drain']]), lanes: new Set(['audience 1']) });
  expect(heldAfter(held, { what: 'resumeLane', name: 'audience 1' }).lanes.size).toBe(0);
});

test('a worker that begins is told first of all what is stopped, and those that did not do it are named', async () => {
  const heard: Order[] = [];
  const one = fakeWorker(1, () => true);
  const other = fakeWorker(2, () => undefined);
  const starting = fakeWorker(3, () => undefined);
  starting.set.state = 'starting';
  const held = createHeldRun();
  held.begin(one);
  expect(one.orders).toEqual([{ kind: 'held', holds: noHolds }]);
  expect(await held.take({ what: 'pause', name: 'shop' }, [one, other, starting])).toEqual([2]);
  const later = fakeWorker(2, () => undefined);
  held.begin(later);
  heard.push(...later.orders);
  expect(heard).toEqual([{ kind: 'held', holds: { destinations: new Map([['shop', 'pause']]), lanes: new Set() } }]);
  expect(starting.orders[0]).toEqual(heard[0]);
});

test('a lane that comes to a worker after it was stopped in the others is stopped there, too', () => {
  const lanes = new Map<string, 'running' | 'paused'>();
  const set = (lane: string, state: 'running' | 'paused') => lanes.has(lane) && lanes.set(lane, state) !== undefined;
  const holds = createWorkerHolds({
    of: () => ({ state: 'none', waiting: 0 }),
    pause: () => undefined,
    drain: () => undefined,
    resume: () => undefined,
    pauseLane: (lane) => set(lane, 'paused'),
    resumeLane: (lane) => set(lane, 'running'),
  });
  holds.take({ what: 'pauseLane', name: 'audience 1' });
  lanes.set('audience 1', 'running');
  holds.sweep();
  expect(lanes.get('audience 1')).toBe('paused');
  holds.take({ what: 'resumeLane', name: 'audience 1' });
  holds.sweep();
  expect(lanes.get('audience 1')).toBe('running');
});
