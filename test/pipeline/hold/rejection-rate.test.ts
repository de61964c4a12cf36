import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCircuitBreaker } from '../../../src/pipeline/hold/circuit-breaker.ts';
import { createRejectionRate, defaultRejectionRate } from '../../../src/pipeline/hold/rejection-rate.ts';
import { fakePending } from '../../support/deliveries.ts';

describe('the rejection rate of a subscription', () => {
  test('takes little memory until there were many outcomes', () => {
    const before = process.memoryUsage().arrayBuffers;
    const many = Array.from({ length: 1_000 }, () => createRejectionRate(defaultRejectionRate));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 1024 * 1024);
    expect(many[999]?.observe(true)).toBe(false);
  });

  test('rule 16: knows what it took for good a long time ago', () => {
    const one = createRejectionRate({ share: 0.5, minimum: 1_000 });
    for (let count = 0; count < 600_000; count++) one.observe(false);
    for (let position = 0; position < 999; position++) expect(one.refuse(position)).toBe(false);
    expect(one.refuse(999)).toBe(true);
  });

  test('rule 16: blows at 200 rejected, not at 199', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 199; count++) expect(one.observe(true)).toBe(false);
    expect(one.observe(true)).toBe(true);
    expect(one.isExceeded()).toBe(true);
  });

  test('rule 16: does not blow while less than half of the last 1,000 is rejected', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 5000; count++) one.observe(count % 100 >= 51);
    expect(one.isExceeded()).toBe(false);
  });

  test('rule 16: looks back on 1,000 outcomes only', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 100_000; count++) one.observe(false);
    for (let count = 0; count < 499; count++) one.observe(true);
    expect(one.isExceeded()).toBe(false);
    expect(one.observe(true)).toBe(true);
  });

  test('rule 16: takes what is on its way for good until Meta refuses it', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 600; count++) expect(one.observe(count % 3 === 0)).toBe(false);
    const onTheirWay = Array.from({ length: 600 }, (_, place) => place).filter((place) => place % 3 !== 0);
    for (const place of onTheirWay.slice(0, 99)) expect(one.refuse(place)).toBe(false);
    expect(one.refuse(onTheirWay[99] ?? 0)).toBe(true);
    expect(one.counts()).toEqual({ outcomes: 600, rejected: 300 });
  });

  test('rule 16: a quarter of a backlog is a quarter, however much is on its way and whatever is answered first', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 40_000; count++) one.observe(false);
    for (let place = 0; place < 40_000; place += 4) one.refuse(place);
    expect(one.isExceeded()).toBe(false);
    expect(one.counts()).toEqual({ outcomes: 1_000, rejected: 250 });
  });

  test('rule 16: half of any thousand in a row is too much, also when many came behind them', () => {
    const one = createRejectionRate(defaultRejectionRate);
    for (let count = 0; count < 40_000; count++) one.observe(false);
    for (let place = 20_000; place < 20_499; place++) expect(one.refuse(place)).toBe(false);
    expect(one.refuse(20_499)).toBe(true);
    expect(one.counts()).toEqual({ outcomes: 1_000, rejected: 500 });
  });

  test('rule 16: counts as a plain list of outcomes would, for any answers in any order', () => {
    const order = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_999 }), fc.boolean()), { maxLength: 3_000 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 5_000 }), (answers, count) => {
        const one = createRejectionRate({ share: 0.2, minimum: 50 });
        const list: boolean[] = Array.from({ length: count }, () => false);
        for (let index = 0; index < count; index++) one.observe(false);
        for (const [place, isRefused] of answers) {
          if (place >= count || !isRefused || list[place]) continue;
          list[place] = true;
          one.refuse(place);
        }
        let most = 0;
        let inRow = 0;
        for (let place = 0; place < count; place++) {
          inRow += (list[place] ? 1 : 0) - (list[place - 1_000] ? 1 : 0);
          most = Math.max(most, inRow);
        }
        const limit = Math.max(50, 0.2 * Math.min(count, 1_000));
        // To the block: twenty more or less.
        if (most < limit) expect(one.isExceeded()).toBe(false);
        if (most >= limit + 20) expect(one.isExceeded()).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the circuit breaker of a subscription', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp() {
    const gone: string[] = [];
    const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined };
    const one = createCircuitBreaker({
      key: 'shop/Orders',
      limits: { share: 0.5, minimum: 10 },
      clock,
      telemetry: { emit() {} },
    });
    const item = (name: string, isDeadLetter: boolean, abandoned = false) => ({
      pending: fakePending({ abandoned }),
      isDeadLetter,
      go: () => void gone.push(name),
      drop: () => void gone.push(`dropped ${name}`),
    });
    for (let count = 0; count < 10; count++) one.rejected(item(`letter ${count}`, true));
    expect(one.blockage()?.failure.code).toBe('FUSE_BLOWN');
    gone.length = 0;
    return { one, item, gone };
  }

  const deliveries = (count: number, { one, item }: ReturnType<typeof setUp>) => {
    const items = Array.from({ length: count }, (_, index) => item(`delivery ${index}`, false));
    for (const each of items) one.submit(each);
    return items;
  };

  test('rule 16: a probe below the share closes it, in order', () => {
    const scene = setUp();
    const { one, gone } = scene;
    const items = deliveries(30, scene);
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(gone).toHaveLength(20);
    for (const { pending } of items.slice(0, 20)) one.delivered(pending);
    expect(one.blockage()).toBeUndefined();
    expect(gone).toEqual(Array.from({ length: 30 }, (_, count) => `delivery ${count}`));
  });

  test('rule 16: a probe that is refused as before leaves it open', () => {
    const scene = setUp();
    const { one, item, gone } = scene;
    const items = deliveries(30, scene);
    vi.advanceTimersByTime(60_000);
    for (const { pending } of items.slice(0, 20)) one.refused({ ...item('refused', true), pending });
    expect(one.blockage()).toBeDefined();
    expect(gone).toHaveLength(40);
    expect(one.held()).toBe(10);
  });

  test('rule 16: a probe takes deliveries, and letters that are held tell nothing of them', () => {
    const scene = setUp();
    const { one, item, gone } = scene;
    for (let count = 0; count < 15; count++) one.rejected(item(`bad ${count}`, true));
    const items = deliveries(20, scene);
    vi.advanceTimersByTime(60_000);
    expect(gone).toEqual(items.map((_, count) => `delivery ${count}`));
    one.rejected(item('late', true));
    for (const { pending } of items) one.delivered(pending);
    expect(one.blockage()).toBeUndefined();
    expect(gone).toHaveLength(36);
  });

  test('rule 16: while most of what comes is rejected before it is sent, nothing is tried', () => {
    const scene = setUp();
    const { one, item, gone } = scene;
    deliveries(20, scene);
    for (let count = 0; count < 20; count++) one.rejected(item(`bad ${count}`, true));
    vi.advanceTimersByTime(3_600_000);
    expect(gone).toEqual([]);
    expect(one.held()).toBe(40);
  });

  test('rule 16: what an earlier process has done counts as what it was', () => {
    const { one, item } = setUp();
    one.close();
    for (let count = 0; count < 20; count++) one.wasDone(false);
    for (let count = 0; count < 15; count++) one.rejected(item(`letter ${count}`, true));
    expect(one.blockage()).toBeUndefined();
    for (let count = 0; count < 5; count++) one.wasDone(true);
    expect(one.blockage()).toBeDefined();
  });

  test('drops what was abandoned', () => {
    const { one, item, gone } = setUp();
    one.submit(item('a', false, true));
    one.submit(item('b', false));
    one.purge();
    expect(gone).toEqual(['dropped a']);
    one.close();
    expect(gone).toEqual(['dropped a', 'b']);
  });
});
