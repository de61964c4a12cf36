import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLane } from '../../../src/pipeline/lane/lane.ts';
import { fakeDelivery } from '../../support/deliveries.ts';

const lingerMillis = 500;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A lane whose requests are answered after `answerMillis`, and when it sent how many. */
function setUp({ idleLingerMillis = 10, answerMillis = 200 } = {}) {
  const requests: { readonly at: number; readonly size: number }[] = [];
  const startedAt = Date.now();
  const lane = createLane({
    name: 'shop',
    destination: 'shop',
    sink: {
      async send(batch) {
        requests.push({ at: Date.now() - startedAt, size: batch.length });
        await new Promise((answered) => setTimeout(answered, answerMillis));
        return batch.map(() => ({ kind: 'delivered' }));
      },
    },
    concurrency: 4,
    maxCount: 1_000,
    maxBytes: 1_000_000,
    lingerMillis,
    idleLingerMillis,
    clock: { monotonic: Date.now },
    telemetry: { emit: () => undefined },
    rejectedEarly: () => [],
    settled: () => undefined,
    dropped: () => undefined,
    failed(error) {
      throw error;
    },
  });
  let offered = 0;
  /** One delivery each `everyMillis`, for so long; then what is left is sent and answered. */
  async function traffic(everyMillis: number, forMillis: number): Promise<void> {
    for (let passed = 0; passed < forMillis; passed += everyMillis) {
      lane.offer(fakeDelivery(`e-${offered++}`));
      await vi.advanceTimersByTimeAsync(everyMillis);
    }
    await vi.advanceTimersByTimeAsync(lingerMillis + answerMillis);
  }
  return { lane, requests, traffic };
}

test('a delivery that finds the lane idle waits for those that come with it, and no longer', async () => {
  const { requests, traffic } = setUp();
  await traffic(4, 8);
  expect(requests).toEqual([{ at: 10, size: 2 }]);
});

test('one that comes while a request is under way waits for company', async () => {
  const { requests, traffic } = setUp({ answerMillis: 2_000 });
  await traffic(600, 1_200);
  expect(requests).toEqual([
    { at: 10, size: 1 },
    { at: 1_100, size: 1 },
  ]);
});

test('one that comes soon after a request waits for company, also if that was answered at once', async () => {
  const { requests, traffic } = setUp({ answerMillis: 0 });
  await traffic(300, 600);
  expect(requests).toEqual([
    { at: 10, size: 1 },
    { at: 800, size: 1 },
  ]);
});

test('is idle again when nothing was sent for as long as a batch waits', async () => {
  const { requests, traffic } = setUp();
  await traffic(1_000, 3_000);
  expect(requests.map(({ at }) => at)).toEqual([10, 1_010, 2_010]);
});

test('waits as long as ever where the two waits are the same', async () => {
  const { requests, traffic } = setUp({ idleLingerMillis: lingerMillis });
  await traffic(1_000, 2_000);
  expect(requests.map(({ at }) => at)).toEqual([500, 1_500]);
});

test('a halted lane is not idle: what waits goes together', async () => {
  const { lane, requests, traffic } = setUp();
  lane.halt();
  await traffic(100, 1_000);
  expect(requests).toEqual([]);
  lane.resume();
  await vi.advanceTimersByTimeAsync(lingerMillis);
  expect(requests.map(({ size }) => size)).toEqual([10]);
});

test.each([10, 100, 1_000])('%i deliveries a second take no request more than if each batch waited', async (rate) => {
  for (const answerMillis of [0, 200]) {
    const adaptive = setUp({ answerMillis });
    const strict = setUp({ idleLingerMillis: lingerMillis, answerMillis });
    await adaptive.traffic(1_000 / rate, 10_000);
    await strict.traffic(1_000 / rate, 10_000);
    // The first one alone, before anything followed it.
    expect(adaptive.requests.length).toBeLessThanOrEqual(strict.requests.length + 1);
    expect(adaptive.requests.reduce((sum, { size }) => sum + size, 0)).toBe(10 * rate);
  }
});

test('what comes after it was to send without waiting for more is sent with what comes in the same turn, and no later', async () => {
  const { lane, requests } = setUp({ idleLingerMillis: lingerMillis });
  lane.drain();
  for (let offered = 0; offered < 3; offered++) lane.offer(fakeDelivery(`late-${offered}`));
  await vi.advanceTimersByTimeAsync(300);
  expect(requests).toEqual([{ at: 0, size: 3 }]);
  await vi.advanceTimersByTimeAsync(lingerMillis);
});
