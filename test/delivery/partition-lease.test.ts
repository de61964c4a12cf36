import { describe, expect, test } from 'vitest';
import { createPartitionLease } from '../../src/delivery/partition-lease.ts';
import { never, virtualClock } from './fakes.ts';

const maxSilenceMillis = 5_000;

function setUp() {
  const clock = virtualClock();
  const group = { heartbeatAt: clock.monotonic(), gaps: 0 };
  const one = createPartitionLease({
    clock,
    maxSilenceMillis,
    heartbeatAt: () => group.heartbeatAt,
    gap: () => {
      group.gaps += 1;
    },
  });
  return { clock, group, one };
}

describe('DELIVERY 24: the lease of the partitions, under which audiences may be changed', () => {
  test('ends when the last heartbeat is half a session old', async () => {
    const { clock, one } = setUp();
    await clock.advance(maxSilenceMillis - 1);
    expect(one.isHeld()).toBe(true);
    await clock.advance(1);
    expect(one.isHeld()).toBe(false);
  });

  test('is not there while the group doesn’t count us in', () => {
    const { group, one } = setUp();
    group.heartbeatAt = Number.NEGATIVE_INFINITY;
    expect(one.isHeld()).toBe(false);
  });

  test('is not lost when the clock is set back, and lasts no longer for it', async () => {
    const { clock, group, one } = setUp();
    clock.setBack(3_600_000);
    expect(one.isHeld()).toBe(true);
    await clock.advance(maxSilenceMillis);
    expect(one.isHeld()).toBe(false);
    expect(group.gaps).toBe(0);
  });

  test('ends with the sleep of the machine, in which only the wall clock goes on', async () => {
    const { clock, group, one } = setUp();
    clock.setBack(-60_000);
    expect(one.isHeld()).toBe(false);
    expect(group.gaps).toBe(1);
    await clock.advance(10);
    group.heartbeatAt = clock.monotonic();
    expect(one.isHeld()).toBe(true);
  });

  test('comes back with the next heartbeat', async () => {
    const { clock, group, one } = setUp();
    group.heartbeatAt = Number.NEGATIVE_INFINITY;
    let back = false;
    const waiting = one
      .waitUntilHeld(() => false, never)
      .then(() => {
        back = true;
      });
    await clock.advance(60_000);
    expect(back).toBe(false);
    group.heartbeatAt = clock.monotonic();
    await clock.advance(1_000);
    await waiting;
    expect(back).toBe(true);
  });

  test('is waited for no longer than somebody needs it', async () => {
    const { clock, group, one } = setUp();
    group.heartbeatAt = Number.NEGATIVE_INFINITY;
    let needed = true;
    const stop = new AbortController();
    const waiting = one.waitUntilHeld(() => !needed, never);
    const stopped = one.waitUntilHeld(() => false, stop.signal);
    await clock.advance(10_000);
    needed = false;
    stop.abort();
    await clock.run(waiting);
    await clock.run(stopped);
  });

  test('a gap longer than half a session is told before anything is sent, once', async () => {
    const { clock, group, one } = setUp();
    await clock.advance(maxSilenceMillis);
    one.isHeld();
    expect(group.gaps).toBe(0);
    await clock.advance(maxSilenceMillis + 1);
    expect(one.isHeld()).toBe(false);
    one.isHeld();
    expect(group.gaps).toBe(1);
  });
});
