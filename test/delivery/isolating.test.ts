import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, OutcomesSoFar } from '../../src/core/delivery.ts';
import { type Outcome, rejected } from '../../src/core/outcome.ts';
import { expiring } from '../../src/delivery/expiring.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { isolating } from '../../src/delivery/isolating.ts';
import { createPeers } from '../../src/delivery/peers.ts';
import { retrying } from '../../src/delivery/retrying.ts';
import {
  blocked,
  delivered,
  deliveries,
  type FakeSink,
  failure,
  fakeSink,
  never,
  recorder,
  refused,
  retryable,
  throttled,
  virtualClock,
} from './fakes.ts';

/** The composition that a lane uses. */
function setUp(sink: FakeSink) {
  const clock = virtualClock();
  const telemetry = recorder();
  const lane = 'pixel-1';
  const peers = createPeers();
  const shut = createGate({ lane, clock, telemetry, peers });
  const random = () => 0.5;
  const retry = retrying({ sink: expiring(sink, clock), gate: shut, clock, random, telemetry, lane });
  const isolate = isolating({ sink: retry, gate: shut });
  return {
    clock,
    telemetry,
    gate: shut,
    peers,
    requests: sink.requests,
    send: (sent: readonly Delivery[], signal: AbortSignal = never) => isolate.send(sent, signal),
    /** As a lane that doesn't wait for what keeps failing alone. */
    sendEarly(sent: readonly Delivery[], signal: AbortSignal = never) {
      const told: OutcomesSoFar[] = [];
      return { told, ended: isolate.send(sent, signal, (soFar) => told.push(soFar)) };
    },
    run: (sent: readonly Delivery[], signal: AbortSignal = never) => clock.run(isolate.send(sent, signal)),
  };
}

/** Refuses every request that holds one of the guilty, as Meta does. */
function refusing(
  guilty: readonly string[],
  outcome: (sent: readonly Delivery[]) => Outcome = () => refused(),
): FakeSink {
  return fakeSink((sent) =>
    sent.some((delivery) => guilty.includes(delivery.eventId ?? '')) ? outcome(sent) : delivered,
  );
}

function placesOf(outcomes: readonly Outcome[], kind: Outcome['kind']): number[] {
  return outcomes.flatMap((outcome, place) => (outcome.kind === kind ? [place] : []));
}

describe('isolating', () => {
  it('sends what is accepted once, and nothing for nothing', async () => {
    const target = setUp(refusing([]));
    expect(await target.run(deliveries(3))).toEqual([delivered, delivered, delivered]);
    expect(target.requests).toHaveLength(1);
    expect(await target.run([])).toEqual([]);
    expect(target.requests).toHaveLength(1);
  });

  it('rule 14: finds one guilty delivery among 1,000 with at most 21 requests, wherever it stands', async () => {
    for (const place of [0, 1, 333, 499, 500, 501, 777, 998, 999]) {
      const target = setUp(refusing([`e-${place}`]));
      const outcomes = await target.run(deliveries(1_000));
      expect(placesOf(outcomes, 'rejected')).toEqual([place]);
      expect(placesOf(outcomes, 'delivered')).toHaveLength(999);
      expect(target.requests.length).toBeLessThanOrEqual(21);
    }
  });

  it('does not send a part again that surely holds the guilty one', async () => {
    const target = setUp(refusing(['e-3']));
    await target.run(deliveries(4));
    expect(target.requests).toEqual([['e-0', 'e-1', 'e-2', 'e-3'], ['e-0', 'e-1'], ['e-2'], ['e-3']]);
  });

  it('tells each guilty delivery its own reason', async () => {
    const sink = fakeSink((sent) => {
      const ids = sent.map((delivery) => delivery.eventId);
      if (ids.includes('e-2')) return refused('META_100_2804009');
      return ids.includes('e-5') ? refused('META_100_2804011') : delivered;
    });
    const outcomes = await setUp(sink).run(deliveries(8));
    // Of the attempts only their number is left.
    expect(outcomes[2]).toEqual({ ...rejected(failure('META_100_2804009')), attempts: 3 });
    expect(outcomes[5]).toEqual({ ...rejected(failure('META_100_2804011')), attempts: 4 });
  });

  it('rule 14: sends the named delivery alone and the rest together', async () => {
    const named = (sent: readonly Delivery[]) =>
      refused('META_100_2804019', { index: sent.findIndex((delivery) => delivery.eventId === 'e-700') });
    const target = setUp(refusing(['e-700'], named));
    const outcomes = await target.run(deliveries(1_000));
    expect(placesOf(outcomes, 'rejected')).toEqual([700]);
    expect(target.requests.map((request) => request.length)).toEqual([1_000, 1, 999]);
  });

  it('falls back to halves when the named delivery is not the guilty one, or is none of the request', async () => {
    for (const index of [0, 5_000]) {
      const target = setUp(refusing(['e-700'], () => refused('META_100_2804019', { index })));
      const outcomes = await target.run(deliveries(1_000));
      expect(placesOf(outcomes, 'rejected')).toEqual([700]);
      expect(target.requests.length).toBeLessThanOrEqual(21);
    }
  });

  it('finds the named delivery although an expired one before it was left out', async () => {
    const sent = deliveries(6).map((delivery, place) => (place < 2 ? { ...delivery, expiresAt: 0 } : delivery));
    const named = (request: readonly Delivery[]) =>
      refused('META_100_2804019', { index: request.findIndex((delivery) => delivery.eventId === 'e-4') });
    const target = setUp(refusing(['e-4'], named));
    const outcomes = await target.run(sent);
    expect(placesOf(outcomes, 'rejected')).toEqual([0, 1, 4]);
    expect(target.requests).toHaveLength(3);
  });

  it('rule 13: halves what is too large for one request until it fits', async () => {
    const sink = fakeSink((sent) => (sent.length > 130 ? retryable('META_1', { halve: true }) : delivered));
    const target = setUp(sink);
    expect(placesOf(await target.run(deliveries(1_000)), 'delivered')).toHaveLength(1_000);
    expect(target.requests).toHaveLength(15);
  });

  it.each([10, 120, 1_800])(
    'rule 13: sends little while Meta answers everything with code 1 (%i s), and what it has in large parts afterwards',
    async (seconds) => {
      const start = virtualClock().monotonic();
      const sink: FakeSink = fakeSink(() =>
        target.clock.monotonic() - start < seconds * 1_000 ? retryable('META_1', { halve: true }) : delivered,
      );
      const target = setUp(sink);
      const outcomes = await target.clock.run(target.sendEarly(deliveries(1_000)).ended);
      expect(placesOf(outcomes, 'delivered')).toHaveLength(1_000);
      expect(target.requests.length).toBeLessThan(30 + seconds / 5);
      expect(target.clock.monotonic() - start).toBeLessThan((seconds + 60) * 1_000);
    },
  );

  it.each([0, 13, 26])(
    'rule 13: one that Meta always answers with code 1 (place %i) holds the others for two minutes at most',
    async (guilty) => {
      const target = setUp(refusing([`e-${guilty}`], () => retryable('META_1', { halve: true })));
      const startedAt = target.clock.monotonic();
      const { told, ended } = target.sendEarly(deliveries(27));
      await target.clock.advance(120_000);
      expect(placesOf(told[0]?.flatMap((outcome) => outcome ?? []) ?? [], 'delivered')).toHaveLength(26);
      expect((await target.clock.run(ended))[guilty]).toMatchObject({ failure: { code: 'POISON' } });
      expect(target.clock.monotonic() - startedAt).toBeLessThan(10 * 60_000);
    },
  );

  it('rule 13: isolates a record that makes Meta fail, with nothing else in the lane until then', async () => {
    const sink = fakeSink((sent) => (sent.some((delivery) => delivery.eventId === 'e-9') ? retryable() : delivered));
    const target = setUp(sink);
    const ended = target.send(deliveries(16));
    let outcomes: readonly Outcome[] | undefined;
    void ended.then((result) => {
      outcomes = result;
    });
    for (let second = 0; second < 3_600 && outcomes === undefined; second += 1) {
      await target.clock.advance(1_000);
      if (second > 600) target.gate.succeeded();
    }
    expect(placesOf(outcomes ?? [], 'delivered')).toHaveLength(15);
    expect(outcomes?.[9]).toMatchObject({ failure: { code: 'POISON' } });
  });

  it('rule 14: keeps its place through throttling, blocking and retries', async () => {
    const trouble = new Map<number, Outcome>([
      [2, throttled(120_000)],
      [4, blocked],
      [5, blocked],
      [7, retryable()],
    ]);
    const calm = setUp(refusing(['e-11']));
    await calm.run(deliveries(16));
    const refuse = (sent: readonly Delivery[]) =>
      sent.some(({ eventId }) => eventId === 'e-11') ? refused() : delivered;
    const rough = setUp(fakeSink((sent, request) => trouble.get(request) ?? refuse(sent)));
    const outcomes = await rough.run(deliveries(16));
    expect(placesOf(outcomes, 'rejected')).toEqual([11]);
    expect(rough.requests.filter((_, at) => !trouble.has(at + 1))).toEqual(calm.requests);
  });

  it('ends when the signal aborts, without an outcome', async () => {
    const target = setUp(fakeSink((sent) => (sent.length > 2 ? refused() : throttled())));
    const giveUp = new AbortController();
    const sending = target.send(deliveries(8), giveUp.signal);
    await target.clock.advance(1_000);
    giveUp.abort();
    await expect(sending).rejects.toMatchObject({ code: 'ABORTED' });
    expect(target.clock.sleepers()).toBe(0);
  });
});

describe('isolating an unknown code', () => {
  const unknown = () => refused('META_987654', { known: false });

  it('rule 14: rejects the single records that meet it, when others are delivered', async () => {
    const guilty = Array.from({ length: 40 }, (_, place) => `e-${place * 3}`);
    const target = setUp(refusing(guilty, unknown));
    const outcomes = await target.run(deliveries(120));
    expect(placesOf(outcomes, 'rejected')).toHaveLength(40);
    expect(target.telemetry.kinds()).not.toContain('lane_blocked');
  });

  it('rule 14: blocks the lane when 20 single records in a row meet it, and rejects none of them', async () => {
    let fixed = false;
    const target = setUp(fakeSink(() => (fixed ? delivered : unknown())));
    let outcomes: readonly Outcome[] | undefined;
    void target.send(deliveries(100)).then((ended) => {
      outcomes = ended;
    });
    await target.clock.advance(3_600_000);
    expect(outcomes).toBeUndefined();
    expect(target.gate.status()).toMatchObject({ failure: { code: 'META_987654' } });
    expect(target.telemetry.kinds().filter((kind) => kind === 'lane_blocked')).toHaveLength(1);
    const singles = new Set(target.requests.filter((request) => request.length === 1).flat());
    expect(singles.size).toBe(20);
    fixed = true;
    await target.clock.advance(300_000);
    expect(placesOf(outcomes ?? [], 'delivered')).toHaveLength(100);
  });

  it('rule 14: keeps those rejected that met it before the row', async () => {
    let fixed = false;
    const sink = fakeSink((sent) => {
      const [first] = sent;
      const alone = sent.length === 1;
      return fixed || (alone && first?.eventId === 'e-5') ? delivered : unknown();
    });
    const target = setUp(sink);
    let outcomes: readonly Outcome[] | undefined;
    void target.send(deliveries(64)).then((ended) => {
      outcomes = ended;
    });
    await target.clock.advance(60_000);
    fixed = true;
    await target.clock.advance(300_000);
    expect(placesOf(outcomes ?? [], 'rejected')).toEqual([0, 1, 2, 3, 4]);
  });

  it('rule 14: counts over several batches', async () => {
    const target = setUp(fakeSink(unknown));
    for (let batch = 0; batch < 19; batch += 1) {
      expect(await target.run(deliveries(1))).toEqual([rejected(failure('META_987654'))]);
    }
    void target.send(deliveries(1));
    await target.clock.advance(1_000);
    expect(target.gate.status().state).toBe('blocked');
  });

  it('rule 14: a delivery, or another code, begins the row anew', async () => {
    const target = setUp(fakeSink((_, request) => (request % 15 === 0 ? delivered : unknown())));
    for (let batch = 0; batch < 45; batch += 1) await target.run(deliveries(1));
    const other = setUp(fakeSink((_, request) => (request % 15 === 0 ? refused() : unknown())));
    for (let batch = 0; batch < 45; batch += 1) await other.run(deliveries(1));
    expect([...target.telemetry.kinds(), ...other.telemetry.kinds()]).toEqual([]);
  });
});

describe('whatever a sink answers', () => {
  const anyOutcome = fc.oneof(
    { weight: 3, arbitrary: fc.constant(delivered) },
    fc.constantFrom(refused(), refused('META_7', { known: false }), blocked, throttled(), throttled(5_000)),
    fc.record({ index: fc.integer({ min: 0, max: 40 }) }).map((more) => refused('META_100_2804019', more)),
    fc.tuple(fc.boolean(), fc.boolean()).map(([ambiguous, halve]) => retryable('HTTP_502', { ambiguous, halve })),
  );

  it('every delivery ends exactly once, in its place, and nothing final is sent again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.array(anyOutcome, { minLength: 1 })),
        async (count, script) => {
          const final = new Map<string, string>();
          const sink = fakeSink((sent, request) => {
            const turn = script[request - 1] ?? [delivered];
            const outcomes = sent.map((_, place) => turn[place % turn.length] ?? delivered);
            sent.forEach(({ eventId = '' }, place) => {
              expect(final.has(eventId)).toBe(false);
              if (outcomes[place]?.kind === 'delivered') final.set(eventId, 'delivered');
            });
            return outcomes;
          });
          const target = setUp(sink);
          const outcomes = await target.run(deliveries(count));
          expect(outcomes).toHaveLength(count);
          outcomes.forEach((outcome, place) => {
            expect(['delivered', 'rejected']).toContain(outcome.kind);
            expect(final.get(`e-${place}`) === 'delivered').toBe(outcome.kind === 'delivered');
          });
          expect(target.clock.sleepers()).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('exactly the guilty are rejected, with a bounded number of requests', async () => {
    const scenario = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      guilty: fc.uniqueArray(fc.integer({ min: 0, max: 299 }), { maxLength: 6 }),
      naming: fc.constantFrom('right', 'wrong', 'none'),
      trouble: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ count, guilty, naming, trouble }) => {
        const ids = new Set(guilty.filter((place) => place < count).map((place) => `e-${place}`));
        let troubles = 0;
        const sink = fakeSink((sent, request) => {
          if (trouble.includes(request)) {
            troubles += 1;
            return request % 2 === 0 ? throttled() : retryable();
          }
          const at = sent.findIndex(({ eventId = '' }) => ids.has(eventId));
          if (at < 0) return delivered;
          const index = naming === 'right' ? { index: at } : naming === 'wrong' ? { index: 0 } : {};
          return refused('META_100_2804019', index);
        });
        const target = setUp(sink);
        const outcomes = await target.run(deliveries(count));
        expect(
          placesOf(outcomes, 'rejected')
            .map((place) => `e-${place}`)
            .toSorted(),
        ).toEqual([...ids].toSorted());
        const levels = Math.ceil(Math.log2(count));
        expect(target.requests.length).toBeLessThanOrEqual(1 + troubles + ids.size * (2 * levels + 2));
      }),
      { numRuns: 200 },
    );
  });

  it.each([0, 13, 26])(
    'rule 13: an event that Meta always fails on (place %i) holds none of the others for two minutes, alone in its lane',
    async (guilty) => {
      const sent = deliveries(27);
      const poison = sent[guilty]?.eventId ?? '';
      const target = setUp(refusing([poison], () => retryable()));
      const stop = new AbortController();
      const ended = target.send(sent, stop.signal).catch(() => 'stopped');
      await target.clock.advance(120_000);
      const taken = target.requests.filter((ids) => !ids.includes(poison)).flat();
      expect(new Set(taken).size).toBe(26);
      expect(taken).toHaveLength(26);
      stop.abort();
      await target.clock.advance(60_000);
      expect(await ended).toBe('stopped');
    },
  );

  it.each([0, 13, 26])(
    'rule 13: it is poison within ten minutes (place %i), although nothing follows it',
    async (guilty) => {
      const sent = deliveries(27);
      const target = setUp(refusing([sent[guilty]?.eventId ?? ''], () => retryable()));
      const startedAt = target.clock.monotonic();
      const outcomes = await target.run(sent);
      expect(outcomes[guilty]).toMatchObject({ failure: { code: 'POISON' } });
      expect(placesOf(outcomes, 'delivered')).toHaveLength(26);
      expect(target.clock.monotonic() - startedAt).toBeLessThan(10 * 60_000);
    },
  );

  it('rule 13: tells of the others once, while those that fail alone are tried side by side', async () => {
    const poison = Array.from({ length: 40 }, (_, place) => `e-${place * 2}`);
    const target = setUp(refusing(poison, () => retryable()));
    const startedAt = target.clock.monotonic();
    const { told, ended } = target.sendEarly(deliveries(100));
    const outcomes = await target.clock.run(ended);
    expect(told).toHaveLength(1);
    expect(told[0]?.filter((outcome) => outcome?.kind === 'delivered')).toHaveLength(60);
    expect(told[0]?.filter((outcome) => outcome === undefined)).toHaveLength(40);
    expect(placesOf(outcomes, 'rejected').map((place) => `e-${place}`)).toEqual(poison);
    expect(target.clock.monotonic() - startedAt).toBeLessThan(40 * 60_000);
  });

  it('rule 13: in an outage that begins while parts are tried, nothing is poison', async () => {
    let up = true;
    const target = setUp(
      fakeSink((sent) => (!up || sent.some(({ eventId }) => eventId === 'e-9') ? retryable() : delivered)),
    );
    const { ended } = target.sendEarly(deliveries(16));
    await target.clock.advance(6_000);
    up = false;
    await target.clock.advance(3_600_000);
    up = true;
    const outcomes = await target.clock.run(ended);
    expect(placesOf(outcomes, 'rejected')).toEqual([9]);
  });

  it('rule 13: an event that is alone in its lane is poison within ten minutes, when other lanes deliver', async () => {
    const target = setUp(refusing(['e-0'], () => retryable()));
    const startedAt = target.clock.monotonic();
    let outcomes: unknown;
    void target.send(deliveries(1)).then((ended) => {
      outcomes = ended;
    });
    while (outcomes === undefined && target.clock.monotonic() - startedAt < 10 * 60_000) {
      await target.clock.advance(400);
      target.peers.delivered();
    }
    expect(outcomes).toMatchObject([{ failure: { code: 'POISON' } }]);
    expect(target.clock.monotonic() - startedAt).toBeGreaterThanOrEqual(5 * 60_000);
  });

  it('rule 13: what other lanes deliver makes nothing poison where more than one request fails', async () => {
    let up = false;
    const target = setUp(fakeSink(() => (up ? delivered : retryable())));
    const ended = Promise.all([target.send(deliveries(1)), target.send(deliveries(1))]);
    for (let turn = 0; turn < 60; turn += 1) {
      await target.clock.advance(60_000);
      target.peers.delivered();
    }
    up = true;
    expect((await target.clock.run(ended)).flat()).toEqual([delivered, delivered]);
  });

  it('rule 13: an outage of all lanes makes nothing poison, however long it is', async () => {
    let up = false;
    const target = setUp(fakeSink(() => (up ? delivered : retryable())));
    const ended = target.send(deliveries(1));
    target.peers.delivered();
    await target.clock.advance(24 * 3_600_000);
    up = true;
    expect(await target.clock.run(ended)).toEqual([delivered]);
  });

  it('rule 13: a single event that fails in an outage is tried until it is over, and lets others be tried', async () => {
    let up = false;
    const target = setUp(fakeSink(() => (up ? delivered : retryable('HTTP_503'))));
    const { told, ended } = target.sendEarly(deliveries(1));
    await target.clock.advance(24 * 3_600_000);
    expect(told).toEqual([[undefined]]);
    up = true;
    expect(await target.clock.run(ended)).toEqual([delivered]);
  });
});

describe('a failure that says no more than that something failed (mayLast)', () => {
  const minute = 60_000;
  const vague = retryable('META_2650', { mayLast: true });

  it.each([1, 5, 200])(
    'blocks the lane once nothing gets through, of %i deliveries, and rejects none of them',
    async (count) => {
      let mended = false;
      const target = setUp(fakeSink(() => (mended ? delivered : vague)));
      const sent = target.send(deliveries(count));
      await target.clock.advance(4 * minute);
      expect(target.gate.laneState()).toMatchObject({ state: 'retrying' });
      await target.clock.advance(16 * minute);
      expect(target.gate.laneState()).toMatchObject({ state: 'blocked', failure: { code: 'META_2650' } });
      expect(target.telemetry.kinds().filter((kind) => kind === 'lane_blocked')).toHaveLength(1);
      const before = target.requests.length;
      await target.clock.advance(60 * minute);
      // Probes, five minutes apart.
      expect(target.requests.length - before).toBeLessThan(40);
      mended = true;
      expect(placesOf(await target.clock.run(sent), 'delivered')).toHaveLength(count);
      expect(target.gate.laneState()).toEqual({ state: 'running' });
    },
  );

  it('of one delivery alone is poison as ever, and blocks nothing', async () => {
    const target = setUp(refusing(['e-2'], () => vague));
    const outcomes = await target.run(deliveries(5));
    expect(outcomes[2]).toMatchObject({ kind: 'rejected', failure: { code: 'POISON' } });
    expect(placesOf(outcomes, 'delivered')).toHaveLength(4);
    expect(target.telemetry.kinds()).not.toContain('lane_blocked');
    expect(target.gate.status()).toEqual({ state: 'open' });
  });

  it('is nothing like an outage, in which a lane is never blocked', async () => {
    const target = setUp(fakeSink((_, request) => (request > 300 ? delivered : retryable('HTTP_503'))));
    await target.run(deliveries(5));
    expect(target.telemetry.kinds()).not.toContain('lane_blocked');
  });
});
