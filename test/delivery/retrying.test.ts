import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/delivery.ts';
import type { Failure, Outcome } from '../../src/core/outcome.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { type RetryPolicy, retrying } from '../../src/delivery/retrying.ts';
import {
  blocked,
  delivered,
  deliveries,
  failure,
  type FakeSink,
  fakeSink,
  never,
  recorder,
  refused,
  retryable,
  throttled,
  virtualClock,
} from './fakes.ts';

function setUp(sink: FakeSink, policy: Partial<RetryPolicy> = {}, random = () => 0.999_999) {
  const clock = virtualClock();
  const telemetry = recorder();
  const lane = 'pixel-1';
  const shut = createGate({ lane, clock, telemetry });
  const retry = retrying({ sink, gate: shut, clock, random, telemetry, lane, policy });
  const start = clock.now();
  return {
    clock,
    telemetry,
    gate: shut,
    requests: sink.requests,
    elapsed: () => clock.now() - start,
    send: (sent: readonly Delivery[], signal: AbortSignal = never) => retry.send(sent, signal),
    sendAlone: () => retry.send(deliveries(1), never, 'alone'),
    run: (sent: readonly Delivery[], signal: AbortSignal = never) => clock.run(retry.send(sent, signal)),
    runAlone: () => clock.run(retry.send(deliveries(1), never, 'alone')),
    /** Something else of the lane is delivered every `millis`. */
    deliverOthersEvery: async (millis: number, until: () => boolean) => {
      while (!until()) {
        await clock.advance(millis);
        shut.succeeded();
      }
    },
  };
}

/** Answers the outcomes in turn, and the last for ever. */
function inTurn(...outcomes: Outcome[]): FakeSink {
  return fakeSink((_, request) => outcomes[Math.min(request, outcomes.length) - 1] ?? delivered);
}

describe('retrying', () => {
  it('sends once what is delivered at once', async () => {
    const target = setUp(inTurn(delivered));
    expect(await target.run(deliveries(3))).toEqual([delivered, delivered, delivered]);
    expect(target.requests).toHaveLength(1);
    expect(target.elapsed()).toBe(0);
  });

  it('says since when requests fail and why, until one gets an answer of another kind', async () => {
    const target = setUp(inTurn(retryable('HTTP_502'), retryable('HTTP_503'), throttled(60_000), delivered));
    const since = target.clock.monotonic();
    const sent = target.send(deliveries(1));
    await target.clock.advance(0);
    expect(target.gate.laneState()).toMatchObject({ state: 'retrying', since, failure: { code: 'HTTP_502' } });
    await target.clock.advance(600);
    expect(target.gate.laneState()).toMatchObject({ state: 'retrying', since, failure: { code: 'HTTP_503' } });
    await target.clock.advance(1_000);
    expect(target.gate.laneState()).toMatchObject({ state: 'throttled', failure: { code: 'META_4' } });
    await target.clock.run(sent);
    expect(target.gate.laneState()).toEqual({ state: 'running' });
  });

  it('is not retrying any more when nothing is left that would be sent again', async () => {
    const stop = new AbortController();
    const target = setUp(inTurn(retryable()));
    const sent = target.send(deliveries(1), stop.signal);
    await target.clock.advance(0);
    expect(target.gate.laneState()).toMatchObject({ state: 'retrying' });
    stop.abort();
    await expect(sent).rejects.toMatchObject({ code: 'ABORTED' });
    expect(target.gate.laneState()).toEqual({ state: 'running' });
  });

  it('sends only what is not final again', async () => {
    const sink = fakeSink((_, request) =>
      request === 1 ? [delivered, retryable(), refused(), retryable()] : delivered,
    );
    const target = setUp(sink);
    expect(await target.run(deliveries(4))).toEqual([delivered, delivered, refused(), delivered]);
    expect(target.requests).toEqual([
      ['e-0', 'e-1', 'e-2', 'e-3'],
      ['e-1', 'e-3'],
    ]);
  });

  it('waits up to twice as long each time, at most a minute', async () => {
    const target = setUp(inTurn(...Array.from({ length: 10 }, () => retryable()), delivered));
    await target.runAlone();
    const waits = target.telemetry.events.map((event) => (event.kind === 'retry_scheduled' ? event.waitMillis : 0));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(target.elapsed()).toBe(waits.reduce((sum, wait) => sum + wait, 0));
  });

  it('draws the wait from all of its range (full jitter)', async () => {
    const draws = [0, 0.5, 0.25];
    const sink = inTurn(retryable(), retryable(), retryable(), delivered);
    const target = setUp(sink, {}, () => draws.shift() ?? 0);
    await target.run(deliveries(1));
    expect(target.elapsed()).toBe(0 + 500 + 500);
  });

  it('tries for as long as it takes', async () => {
    const target = setUp(inTurn(...Array.from({ length: 2_000 }, () => retryable('HTTP_503')), delivered));
    target.gate.failing(failure('HTTP_500'));
    expect(await target.runAlone()).toEqual([delivered]);
    expect(target.requests).toHaveLength(2_001);
  });

  it('gives up after maxAttempts requests, when that is set', async () => {
    const target = setUp(inTurn(retryable('HTTP_502')), { maxAttempts: 3 });
    const outcomes = await target.run(deliveries(2));
    expect(outcomes).toMatchObject([
      { kind: 'rejected', failure: { code: 'RETRIES_EXHAUSTED' } },
      { kind: 'rejected', failure: { code: 'RETRIES_EXHAUSTED' } },
    ]);
    expect(JSON.stringify(outcomes)).toContain('HTTP_502');
    expect(target.requests).toHaveLength(3);
  });

  it('gives up after maxElapsedMillis, when that is set', async () => {
    const target = setUp(inTurn(retryable()), { maxElapsedMillis: 10_000 });
    expect(await target.run(deliveries(1))).toMatchObject([{ failure: { code: 'RETRIES_EXHAUSTED' } }]);
    expect(target.elapsed()).toBe(15_500);
  });

  it('counts neither waits at the gate nor the time they take', async () => {
    const sink = inTurn(throttled(3_600_000), blocked, throttled(), retryable(), blocked, retryable(), delivered);
    const target = setUp(sink, { maxAttempts: 3, maxElapsedMillis: 600_000 });
    expect(await target.run(deliveries(1))).toEqual([delivered]);
    expect(target.requests).toHaveLength(7);
  });

  it('never rejects what is throttled or blocked', async () => {
    const sink = inTurn(
      ...Array.from({ length: 300 }, (_, turn) => (turn % 2 === 0 ? throttled() : blocked)),
      delivered,
    );
    const target = setUp(sink, { maxAttempts: 1, maxElapsedMillis: 1 });
    expect(await target.run(deliveries(2))).toEqual([delivered, delivered]);
  });

  it('tells the gate once of a request, not once for each delivery', async () => {
    const target = setUp(inTurn(throttled(), delivered));
    await target.run(deliveries(50));
    expect(target.elapsed()).toBe(60_000);
    expect(target.telemetry.kinds()).toEqual(['lane_throttled', 'lane_opened']);
  });

  it('gives the place that Meta named among all deliveries', async () => {
    const sink = fakeSink((sent, request) =>
      request === 1 ? sent.map((_, place) => (place === 0 ? delivered : retryable())) : refused('X', { index: 1 }),
    );
    const outcomes = await setUp(sink).run(deliveries(3));
    expect(outcomes).toMatchObject([{ kind: 'delivered' }, { index: 2 }, { index: 2 }]);
  });

  it('takes a wrong number of outcomes for the bug that it is', async () => {
    const target = setUp(fakeSink(() => [delivered]));
    await expect(target.run(deliveries(2))).rejects.toMatchObject({ code: 'OUTCOME_COUNT' });
  });

  it('lets a thrown error of the sink through, once', async () => {
    const target = setUp(
      fakeSink(() => {
        throw new RangeError('a bug');
      }),
    );
    await expect(target.run(deliveries(2))).rejects.toThrow('a bug');
    expect(target.requests).toHaveLength(1);
  });
});

describe('a lane that was stopped', () => {
  const met = { status: 400, code: 100, subcode: 2_804_050 };

  /** A refusal as `classify` and the sinks make it. */
  function refusal(meta: Failure['meta'], more: { readonly whole?: boolean; readonly known?: boolean } = {}): Outcome {
    return { kind: 'rejected', whole: true, ...more, failure: { ...failure('REFUSED'), ...(meta && { meta }) } };
  }

  it.each<[string, Outcome, Outcome]>([
    ['refuses an event, with a new token', blocked, refusal(met)],
    ['refuses an event, after a limit', throttled(), refusal(met)],
    ['takes a request, and none of its rows', blocked, refusal({ status: 200 }, { whole: false })],
  ])('goes on when Meta %s', async (_, stop, verdict) => {
    const target = setUp(inTurn(stop, verdict));
    await target.run(deliveries(1));
    expect(target.gate.status()).toEqual({ state: 'open' });
    expect(target.gate.laneState()).toEqual({ state: 'running' });
    expect(target.telemetry.kinds().at(-1)).toBe('lane_opened');
    expect(target.gate.successes()).toBe(0);
  });

  it.each<[string, Outcome]>([
    ['what nobody has sent', refusal(undefined)],
    ['what a proxy finds too large', refusal({ status: 413 })],
    ['an event with a code that nobody knows', refusal(met, { known: false })],
    ['what names an audience that may not be seen', refusal({ status: 400, code: 100, subcode: 33 }, { whole: false })],
  ])('stays stopped after the refusal of %s', async (_, verdict) => {
    const target = setUp(inTurn(blocked, verdict));
    await target.run(deliveries(1));
    expect(target.gate.laneState()).toMatchObject({ state: 'blocked' });
  });
});

describe('retrying, aborted', () => {
  it.each([
    ['while it waits to try again', retryable()],
    ['while it waits at a throttled gate', throttled()],
    ['while it waits at a blocked gate', blocked],
  ])('ends %s, and leaves no timer', async (_, outcome) => {
    const target = setUp(inTurn(outcome));
    const giveUp = new AbortController();
    const sending = target.send(deliveries(2), giveUp.signal);
    await target.clock.advance(100);
    expect(target.clock.sleepers()).toBe(1);
    giveUp.abort();
    await expect(sending).rejects.toMatchObject({ code: 'ABORTED' });
    expect(target.clock.sleepers()).toBe(0);
    expect(target.requests).toHaveLength(1);
  });

  it('settles nothing when the request under way did not end well', async () => {
    const giveUp = new AbortController();
    const sink = fakeSink((sent) => {
      giveUp.abort();
      return sent.map((_, place) => (place === 0 ? delivered : retryable('NETWORK_ABORTED')));
    });
    const target = setUp(sink);
    await expect(target.run(deliveries(2), giveUp.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(target.telemetry.kinds()).not.toContain('retry_scheduled');
  });

  it('still tells of a request that was delivered', async () => {
    const giveUp = new AbortController();
    const sink = fakeSink(() => {
      giveUp.abort();
      return delivered;
    });
    expect(await setUp(sink).run(deliveries(1), giveUp.signal)).toEqual([delivered]);
  });
});

describe('retrying what fails again and again', () => {
  it('rule 13: code 1 asks for smaller requests at once; a single record is tried again', async () => {
    const sink = inTurn(retryable('META_1', { halve: true }), delivered);
    const target = setUp(sink);
    expect(await target.run(deliveries(2))).toMatchObject([{ kind: 'split' }, { kind: 'split' }]);
    expect(await target.run(deliveries(1))).toEqual([delivered]);

    const single = setUp(inTurn(retryable('META_1', { halve: true }), delivered));
    expect(await single.run(deliveries(1))).toEqual([delivered]);
    expect(single.requests).toHaveLength(2);
  });

  it('rule 13: a batch that failed five times while its lane delivered is split', async () => {
    const target = setUp(inTurn(retryable()));
    let ended = false;
    const sending = target.send(deliveries(8)).finally(() => {
      ended = true;
    });
    await target.deliverOthersEvery(300, () => ended);
    expect((await sending).every((outcome) => outcome.kind === 'split')).toBe(true);
    expect(target.requests).toHaveLength(5);
  });

  it('rule 13: in an outage nothing is concluded; one record at a time shows when it is over', async () => {
    let up = false;
    const sink = fakeSink(() => (up ? delivered : retryable('HTTP_503')));
    const target = setUp(sink);
    let outcomes: unknown;
    void target.send(deliveries(100)).then((ended) => {
      outcomes = ended;
    });
    await target.clock.advance(6 * 3_600_000);
    expect(outcomes).toBeUndefined();
    expect(target.requests.slice(0, 5).every((request) => request.length === 100)).toBe(true);
    expect(target.requests.slice(5).every((request) => request.length === 1)).toBe(true);
    up = true;
    await target.clock.advance(60_000);
    expect(outcomes).toBeDefined();
  });

  it.each(['e-0', 'e-5'])(
    'rule 13: a batch with a poison record (%s) and no company in its lane is split when one of it gets through',
    async (poison) => {
      const sink = fakeSink((sent) => (sent.some((delivery) => delivery.eventId === poison) ? retryable() : delivered));
      const target = setUp(sink);
      target.gate.succeeded();
      const outcomes = await target.run(deliveries(8));
      expect(outcomes.filter((outcome) => outcome.kind === 'delivered')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome.kind === 'split')).toHaveLength(7);
      expect(target.requests.filter((request) => request.length === 8)).toHaveLength(5);
    },
  );

  it('rule 13: what the lane delivered before the trouble is no evidence', async () => {
    const target = setUp(inTurn(retryable()));
    target.gate.succeeded();
    let ended = false;
    void target.send(deliveries(8)).then(() => {
      ended = true;
    });
    await target.clock.advance(3_600_000);
    expect(ended).toBe(false);
  });

  it.each([
    [
      'others',
      async (target: ReturnType<typeof setUp>) => {
        await target.clock.advance(2_000);
        target.gate.succeeded();
      },
    ],
    [
      'nothing else',
      async (target: ReturnType<typeof setUp>) => {
        await target.clock.advance(65_000);
      },
    ],
  ])('rule 13: a single record that keeps failing leaves its place in the lane to %s', async (_, others) => {
    const target = setUp(inTurn(retryable('META_2')));
    let outcomes: unknown;
    void target.send(deliveries(1)).then((ended) => {
      outcomes = ended;
    });
    await others(target);
    await target.clock.advance(20_000);
    expect(outcomes).toMatchObject([{ kind: 'split' }]);
  });

  it('rule 13: a record that fails alone is poison after ten tries over five minutes, while others are delivered', async () => {
    const target = setUp(inTurn(retryable('META_2')));
    let endedAt: number | undefined;
    const sending = target.sendAlone().finally(() => {
      endedAt = target.elapsed();
    });
    await target.deliverOthersEvery(400, () => endedAt !== undefined);
    expect(await sending).toMatchObject([{ kind: 'rejected', failure: { code: 'POISON' } }]);
    expect(target.requests.length).toBeGreaterThanOrEqual(10);
    expect(endedAt).toBeGreaterThanOrEqual(5 * 60_000);
    expect(endedAt).toBeLessThan(8 * 60_000);
  });

  it('rule 13: it is poison, too, where nothing follows it', async () => {
    const target = setUp(inTurn(retryable('META_2')));
    target.gate.failing(failure('HTTP_500'));
    target.gate.succeeded();
    expect(await target.runAlone()).toMatchObject([{ kind: 'rejected', failure: { code: 'POISON' } }]);
    expect(target.elapsed()).toBeGreaterThanOrEqual(5 * 60_000);
    expect(target.elapsed()).toBeLessThan(8 * 60_000);
  });

  it('rule 13: time in which others fail, too, makes no record poison', async () => {
    const target = setUp(inTurn(retryable('META_2')));
    let ended = false;
    void target.sendAlone().then(() => {
      ended = true;
    });
    await target.clock.advance(1_000);
    for (let others = 0; others < 3; others += 1) {
      target.gate.succeeded();
      await target.clock.advance(60_000);
    }
    // Others fail, too.
    target.gate.failing(failure('HTTP_500'));
    await target.clock.advance(24 * 3_600_000);
    expect(ended).toBe(false);
  });
});
