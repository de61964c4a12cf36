import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type GateOptions, createGate } from '../../src/delivery/gate.ts';
import { createThrottleScopes } from '../../src/delivery/throttle-scopes.ts';
import { failure, never, recorder, virtualClock } from './fakes.ts';

function setUp(more: Partial<GateOptions> = {}) {
  const clock = virtualClock();
  const telemetry = recorder();
  return { clock, telemetry, gate: createGate({ lane: 'pixel-1', clock, telemetry, ...more }) };
}

/** Milliseconds until the gate lets a request through. */
async function waitOf(target: ReturnType<typeof setUp>): Promise<number> {
  const start = target.clock.now();
  const release = await target.clock.run(target.gate.pass(never));
  release();
  return target.clock.now() - start;
}

describe('an open gate', () => {
  it('lets any number of requests through at once', async () => {
    const { gate } = setUp();
    await Promise.all([gate.pass(never), gate.pass(never), gate.pass(never)]);
    expect(gate.status()).toEqual({ state: 'open' });
  });

  it('refuses a caller whose signal is aborted', async () => {
    const { gate } = setUp();
    await expect(gate.pass(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('a throttled gate', () => {
  it('rule 15: waits 60 s when no time is named, doubling to 15 min', async () => {
    const target = setUp();
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      target.gate.throttle(failure('META_4'));
      waits.push(await waitOf(target));
    }
    expect(waits.map((wait) => wait / 60_000)).toEqual([1, 2, 4, 8, 15, 15]);
  });

  it('waits the time that Meta names', async () => {
    const target = setUp();
    target.gate.throttle(failure('META_80004'), 7 * 60_000);
    expect(await waitOf(target)).toBe(7 * 60_000);
  });

  it('never spins on a named time of nothing, and never sleeps for more than a day', async () => {
    const target = setUp();
    target.gate.throttle(failure('META_4'), 0);
    expect(await waitOf(target)).toBe(1_000);
    target.gate.throttle(failure('META_4'), 1e12);
    expect(await waitOf(target)).toBe(24 * 3_600_000);
  });

  it('starts again with 60 s after a success', async () => {
    const target = setUp();
    for (const expected of [60_000, 120_000]) {
      target.gate.throttle(failure('META_4'));
      expect(await waitOf(target)).toBe(expected);
    }
    target.gate.succeeded();
    target.gate.throttle(failure('META_4'));
    expect(await waitOf(target)).toBe(60_000);
  });

  it('takes answers of requests under way as the same pause, unless they name a later time', async () => {
    const target = setUp();
    for (let answer = 0; answer < 4; answer += 1) target.gate.throttle(failure('META_4'));
    target.gate.throttle(failure('META_4'), 90_000);
    target.gate.throttle(failure('META_4'), 30_000);
    expect(await waitOf(target)).toBe(90_000);
    expect(target.telemetry.kinds()).toEqual(['lane_throttled']);
  });

  it('is not opened by the success of a request that was under way when the pause began', async () => {
    const target = setUp();
    target.gate.throttle(failure('META_4'));
    target.gate.succeeded();
    expect(target.gate.status().state).toBe('throttled');
  });

  it('rule 15: lets one request through at a time afterwards, until one succeeds', async () => {
    const { clock, gate } = setUp();
    gate.throttle(failure('META_4'));
    const passed: (() => void)[] = [];
    for (let request = 0; request < 3; request += 1) void gate.pass(never).then((release) => passed.push(release));
    await clock.advance(60_000);
    expect(gate.status()).toMatchObject({ state: 'half-open', after: 'throttled' });
    expect(passed).toHaveLength(1);
    passed[0]?.();
    await clock.advance(0);
    expect(passed).toHaveLength(2);
    gate.succeeded();
    await clock.advance(0);
    expect(passed).toHaveLength(3);
    expect(gate.status()).toEqual({ state: 'open' });
    expect(clock.sleepers()).toBe(0);
  });

  it('lets the end of an older request free no place', async () => {
    const { clock, gate } = setUp();
    const releaseOlder = await gate.pass(never);
    gate.throttle(failure('META_4'));
    await clock.advance(60_000);
    await gate.pass(never);
    let passed = false;
    void gate.pass(never).then(() => {
      passed = true;
    });
    releaseOlder();
    await clock.advance(0);
    expect(passed).toBe(false);
  });

  it('leaves nothing on the signal of a caller', async () => {
    const target = setUp();
    const { signal } = new AbortController();
    target.gate.throttle(failure('META_4'));
    await target.clock.run(target.gate.pass(signal));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves no timer behind when a waiting caller gives up', async () => {
    const { clock, gate } = setUp();
    gate.throttle(failure('META_4'));
    const giveUp = new AbortController();
    const waiting = gate.pass(giveUp.signal);
    await clock.advance(1_000);
    expect(clock.sleepers()).toBe(1);
    giveUp.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(clock.sleepers()).toBe(0);
  });

  it('tells of the pause once and of the opening once', async () => {
    const target = setUp();
    for (let round = 0; round < 3; round += 1) {
      target.gate.throttle(failure('META_4'));
      await waitOf(target);
    }
    target.gate.succeeded();
    target.gate.succeeded();
    expect(target.telemetry.events).toEqual([
      { kind: 'lane_throttled', lane: 'pixel-1', failure: failure('META_4'), waitMillis: 60_000 },
      { kind: 'lane_opened', lane: 'pixel-1' },
    ]);
  });
});

describe('a gate near a limit', () => {
  it('rule 15: keeps a distance between requests from 75 % on, which grows', async () => {
    const distances: number[] = [];
    for (const percent of [74, 75, 80, 89]) {
      const target = setUp();
      target.gate.slow({ percent });
      await waitOf(target);
      distances.push(Math.round(await waitOf(target)));
    }
    expect(distances).toEqual([0, 0, 1_667, 4_667]);
  });

  it('rule 15: pauses at 90 %, for the time that Meta names or else as when throttled', async () => {
    const target = setUp();
    target.gate.slow({ percent: 90 });
    expect(target.gate.status()).toMatchObject({ state: 'throttled', failure: { code: 'USAGE_HIGH' } });
    expect(await waitOf(target)).toBe(60_000);
    target.gate.slow({ percent: 95, regainMillis: 120_000 });
    expect(await waitOf(target)).toBe(120_000);
  });

  it('pauses for longer each time while the usage stays high, although requests succeed', async () => {
    const target = setUp();
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      target.gate.slow({ percent: 96 });
      target.gate.succeeded();
      waits.push(await waitOf(target));
    }
    expect(waits).toEqual([60_000, 120_000, 240_000]);
  });

  it('forgets a report after five minutes', async () => {
    const target = setUp();
    target.gate.slow({ percent: 89 });
    await waitOf(target);
    await target.clock.advance(300_000);
    await waitOf(target);
    expect(await waitOf(target)).toBe(0);
  });
});

describe('gates that share a throttle', () => {
  function pair() {
    const clock = virtualClock();
    const scopes = createThrottleScopes(clock);
    const make = (lane: string, memberOf: string[]) => {
      const telemetry = recorder();
      return { clock, telemetry, gate: createGate({ lane, clock, telemetry, scopes, memberOf }) };
    };
    return {
      first: make('one', ['app:a', 'account:1']),
      second: make('two', ['app:a', 'account:2']),
      other: make('three', ['app:b', 'account:3']),
    };
  }

  it('pause together, and each tells of it', () => {
    const { first, second, other } = pair();
    first.gate.throttle(failure('META_4'), 60_000, 'app:a');
    expect([first, second, other].map((each) => each.gate.status().state)).toEqual(['throttled', 'throttled', 'open']);
    expect(second.telemetry.kinds()).toEqual(['lane_throttled']);
    expect(other.telemetry.events).toEqual([]);
  });

  it('pause alone when the limit is not shared, or is of nobody that the gate knows', () => {
    const { first, second } = pair();
    first.gate.throttle(failure('META_17'), 60_000, 'account:1');
    first.gate.throttle(failure('META_17'), 60_000, 'account:9');
    expect(second.gate.status().state).toBe('open');
  });

  it('let one request of all of them through after the pause', async () => {
    const { first, second } = pair();
    first.gate.throttle(failure('META_4'), 60_000, 'app:a');
    await first.clock.advance(60_000);
    const release = await first.gate.pass(never);
    let passed = false;
    void second.gate.pass(never).then(() => {
      passed = true;
    });
    await first.clock.advance(10_000);
    expect(passed).toBe(false);
    first.gate.succeeded();
    release();
    await first.clock.advance(0);
    expect(passed).toBe(true);
    expect(second.telemetry.kinds()).toEqual(['lane_throttled', 'lane_opened']);
  });

  it('wait for as long as the policy of all of them says where nobody names a time, also alone', () => {
    const clock = virtualClock();
    const scopes = createThrottleScopes(clock, { firstMillis: 500, longestMillis: 7_500 });
    const one = createGate({ lane: 'one', clock, telemetry: recorder(), scopes, memberOf: ['app:a'] });
    one.throttle(failure('META_17'));
    expect(one.status()).toMatchObject({ state: 'throttled', until: clock.now() + 500 });
  });

  it('share the usage', async () => {
    const { first, second } = pair();
    first.gate.slow({ percent: 92, scope: 'app:a' });
    expect(second.gate.status().state).toBe('throttled');
  });

  it('are no longer told after they close', () => {
    const { first, second } = pair();
    second.gate.close();
    first.gate.throttle(failure('META_4'), 60_000, 'app:a');
    expect(second.telemetry.events).toEqual([]);
  });
});

describe('a blocked gate', () => {
  it('probes after 5 s, doubling to 5 min', async () => {
    const target = setUp();
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      target.gate.block(failure('META_190'));
      waits.push((await waitOf(target)) / 1_000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('says since what and until when, once per cause', async () => {
    const target = setUp();
    target.gate.block(failure('META_190'));
    expect(target.gate.status()).toEqual({
      state: 'blocked',
      probeAt: target.clock.now() + 5_000,
      failure: failure('META_190'),
    });
    await waitOf(target);
    expect(target.gate.status()).toMatchObject({ state: 'half-open', after: 'blocked' });
    target.gate.block(failure('META_190'));
    await waitOf(target);
    target.gate.block(failure('META_200'));
    await waitOf(target);
    target.gate.succeeded();
    expect(target.telemetry.kinds()).toEqual(['lane_blocked', 'lane_blocked', 'lane_opened']);
  });

  it('probes at once when it is woken', async () => {
    const target = setUp();
    for (let round = 0; round < 5; round += 1) {
      target.gate.block(failure('META_190'));
      if (round < 4) await waitOf(target);
    }
    const waiting = waitOf(target);
    target.gate.wake();
    expect(await waiting).toBe(0);
    target.gate.block(failure('META_190'));
    expect(await waitOf(target)).toBe(5_000);
  });

  it('stays blocked while a throttle ends', async () => {
    const target = setUp();
    target.gate.throttle(failure('META_4'), 3_000);
    target.gate.block(failure('META_190'));
    await target.clock.advance(3_500);
    expect(target.gate.status().state).toBe('blocked');
    expect(await waitOf(target)).toBe(1_500);
  });
});
