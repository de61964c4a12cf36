import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRejectionRate, createRejectionRate } from '../../../src/pipeline/hold/rejection-rate.ts';
import { createCircuitBreaker } from '../../../src/pipeline/hold/circuit-breaker.ts';
import { fakePending } from '../../support/deliveries.ts';

describe('the rejection rate of a subscription', () => {
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
    for (let count = 0; count < 99; count++) expect(one.refuse()).toBe(false);
    expect(one.refuse()).toBe(true);
    expect(one.counts()).toEqual({ outcomes: 600, rejected: 300 });
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

  test('rule 16: a probe below the share closes it, in order', () => {
    const { one, item, gone } = setUp();
    for (let count = 0; count < 30; count++) one.submit(item(`delivery ${count}`, false));
    expect(gone).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(gone).toHaveLength(20);
    for (let count = 0; count < 20; count++) one.delivered();
    expect(one.blockage()).toBeUndefined();
    expect(gone).toEqual(Array.from({ length: 30 }, (_, count) => `delivery ${count}`));
  });

  test('rule 16: a probe that is rejected as before leaves it open', () => {
    const { one, item, gone } = setUp();
    for (let count = 0; count < 30; count++) one.rejected(item(`bad ${count}`, true));
    vi.advanceTimersByTime(60_000);
    expect(gone).toHaveLength(20);
    expect(one.blockage()).toBeDefined();
    expect(one.held()).toBe(10);
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
