import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery } from '../../../src/core/delivery.ts';
import { textOf } from '../../../src/core/encoded-body.ts';
import { type BatcherOptions, type BatchTrigger, createBatcher } from '../../../src/pipeline/lane/batcher.ts';
import { fakeDelivery } from '../../support/deliveries.ts';

interface Closed {
  readonly bodies: readonly string[];
  readonly trigger: BatchTrigger;
}

function setUp(options: Partial<BatcherOptions> = {}) {
  const closed: Closed[] = [];
  const batches = createBatcher({
    maxCount: 3,
    maxBytes: 1000,
    lingerMillis: 500,
    hasRoom: () => true,
    closed: (batch: readonly Delivery[], _bytes, trigger) => closed.push({ bodies: batch.map(textOf), trigger }),
    ...options,
  });
  return { batches, closed };
}

describe('the batcher', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('has no more than 32 batches open: the oldest is closed', () => {
    const { batches, closed } = setUp();
    for (let key = 0; key < 1_000; key++) batches.add(fakeDelivery(`e-${key}`, { batchKey: `test code ${key}` }));
    expect(closed).toHaveLength(1_000 - 32);
    expect(closed[0]).toEqual({ bodies: ['e-0'], trigger: 'room' });
    batches.drain();
    expect(closed.flatMap(({ bodies }) => bodies)).toEqual(Array.from({ length: 1_000 }, (_, key) => `e-${key}`));
  });

  test('a closed batch of few small texts holds no more memory than they need', () => {
    const held: Delivery[] = [];
    const { batches } = setUp({ closed: (batch) => held.push(...batch) });
    for (let key = 0; key < 5_000; key++) batches.add(fakeDelivery(`e-${key}`, { batchKey: `test code ${key}` }));
    batches.drain();
    const buffers = new Set(held.map(({ body }) => (typeof body === 'string' ? undefined : body.buffer)));
    const bytes = [...buffers].reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0);
    expect(bytes).toBeLessThan(100_000);
    expect(held.map(textOf)).toEqual(Array.from({ length: 5_000 }, (_, key) => `e-${key}`));
  });

  test('closes a batch when it is full', () => {
    const { batches, closed } = setUp();
    for (const body of ['a', 'b', 'c']) batches.add(fakeDelivery(body));
    expect(closed).toEqual([{ bodies: ['a', 'b', 'c'], trigger: 'count' }]);
  });

  test('closes a batch before it would exceed the bytes', () => {
    const { batches, closed } = setUp({ maxBytes: 10 });
    for (const body of ['aaaa', 'bbbb', 'cc']) batches.add(fakeDelivery(body));
    batches.drain();
    expect(closed).toEqual([
      { bodies: ['aaaa', 'bbbb'], trigger: 'bytes' },
      { bodies: ['cc'], trigger: 'drain' },
    ]);
  });

  test('sends a delivery larger than the bytes alone', () => {
    const { batches, closed } = setUp({ maxBytes: 10 });
    batches.add(fakeDelivery('a'.repeat(50)));
    expect(closed).toEqual([{ bodies: ['a'.repeat(50)], trigger: 'bytes' }]);
  });

  test('closes a batch when its first delivery waited long enough', () => {
    const { batches, closed } = setUp();
    batches.add(fakeDelivery('a'));
    vi.advanceTimersByTime(300);
    batches.add(fakeDelivery('b'));
    vi.advanceTimersByTime(199);
    expect(closed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(closed).toEqual([{ bodies: ['a', 'b'], trigger: 'linger' }]);
  });

  test('keeps filling a batch that is due while there is no room', () => {
    let room = false;
    const { batches, closed } = setUp({ hasRoom: () => room });
    batches.add(fakeDelivery('a'));
    vi.advanceTimersByTime(500);
    batches.add(fakeDelivery('b'));
    expect(closed).toEqual([]);
    room = true;
    batches.roomAgain();
    expect(closed).toEqual([{ bodies: ['a', 'b'], trigger: 'linger' }]);
  });

  test('never mixes batch keys', () => {
    const { batches, closed } = setUp();
    batches.add(fakeDelivery('a', { batchKey: 'x' }));
    batches.add(fakeDelivery('b', { batchKey: 'y' }));
    batches.drain();
    expect(closed.map(({ bodies }) => bodies)).toEqual([['a'], ['b']]);
  });

  test('never loses, repeats or reorders within a key', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ key: fc.constantFrom('x', 'y', 'z'), size: fc.integer({ min: 1, max: 40 }) }),
            fc.constantFrom('wait', 'drain'),
          ),
        ),
        (steps) => {
          const { batches, closed } = setUp({ maxCount: 4, maxBytes: 100 });
          const added: string[] = [];
          for (const step of steps) {
            if (step === 'wait') vi.advanceTimersByTime(500);
            else if (step === 'drain') batches.drain();
            else if (typeof step === 'object') {
              const body = `${step.key}${added.length}:${'.'.repeat(step.size)}`;
              added.push(body);
              batches.add(fakeDelivery(body, { batchKey: step.key }));
            }
          }
          batches.drain();
          for (const key of ['x', 'y', 'z']) {
            const sent = closed.flatMap(({ bodies }) => bodies).filter((body) => body.startsWith(key));
            expect(sent).toEqual(added.filter((body) => body.startsWith(key)));
          }
          expect(closed.every(({ bodies }) => bodies.length <= 4)).toBe(true);
          expect(batches.size()).toBe(0);
        },
      ),
    );
  });
});
