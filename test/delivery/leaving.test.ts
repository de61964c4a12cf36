import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/core/delivery.ts';
import type { Clock } from '../../src/core/ports.ts';
import { expiring } from '../../src/delivery/expiring.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { isolating } from '../../src/delivery/isolating.ts';
import { retrying } from '../../src/delivery/retrying.ts';
import { fakePending } from '../support/deliveries.ts';
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
  virtualClock,
} from './fakes.ts';

function setUp(sink: FakeSink, around: (inner: Sink, clock: Clock) => Sink = (inner) => inner) {
  const clock = virtualClock();
  const telemetry = recorder();
  const shut = createGate({ lane: 'pixel-1', clock, telemetry });
  const retry = retrying({
    sink: around(sink, clock),
    gate: shut,
    clock,
    random: () => 0.5,
    telemetry,
    lane: 'pixel-1',
  });
  return { clock, gate: shut, retry, lane: isolating({ sink: retry, gate: shut }) };
}

/** Deliveries whose partition can be taken away. */
function takeable(count: number) {
  const pending = { ...fakePending(), abandoned: false };
  return { list: deliveries(count, { pending }), take: () => Object.assign(pending, { abandoned: true }) };
}

describe('rule 37: deliveries of a removed subscription', () => {
  const removed = failure('SUBSCRIPTION_REMOVED');

  /** Two that are removed when asked, beside one that stays. */
  function removable() {
    const origin: { removed?: typeof removed } = {};
    const given = deliveries(2, { origin: origin as { removed: typeof removed | undefined } });
    return {
      list: [...given, ...deliveries(1, { eventId: 'kept' })],
      remove: () => Object.assign(origin, { removed }),
    };
  }

  it('leave a blocked lane at once, when others of their request wait on', async () => {
    const { list, remove } = removable();
    const sink = fakeSink((_, request) => (request === 1 ? blocked : delivered));
    const { clock, lane, retry } = setUp(sink);
    const sending = lane.send(list, never);
    await clock.advance(1000);
    remove();
    retry.dropRemoved();
    const outcomes = await clock.run(sending);
    expect(sink.requests).toEqual([['e-0', 'e-1', 'kept'], ['kept']]);
    expect(outcomes).toMatchObject([
      { kind: 'rejected', failure: { code: 'SUBSCRIPTION_REMOVED' } },
      { kind: 'rejected', failure: { code: 'SUBSCRIPTION_REMOVED' } },
      { kind: 'delivered' },
    ]);
  });

  it('are delivered if their request was under way and Meta took it', async () => {
    const { list, remove } = removable();
    const sink = fakeSink(() => {
      remove();
      return delivered;
    });
    const { clock, lane } = setUp(sink);
    expect(await clock.run(lane.send(list, never))).toEqual([delivered, delivered, delivered]);
  });
});

describe('deliveries of a partition that went to another process', () => {
  it('rule 3: are not sent again', async () => {
    const { list, take } = takeable(2);
    const [kept] = deliveries(1, { eventId: 'kept' });
    const sink = fakeSink((_, request) => {
      if (request > 1) return delivered;
      take();
      return retryable();
    });
    const { clock, lane } = setUp(sink);
    const outcomes = await clock.run(lane.send([...list, ...(kept === undefined ? [] : [kept])], never));
    expect(sink.requests).toEqual([['e-0', 'e-1', 'kept'], ['kept']]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'rejected', 'delivered']);
  });

  it('leave a blocked lane without a request', async () => {
    const { list, take } = takeable(3);
    const sink = fakeSink(() => blocked);
    const { clock, lane, retry } = setUp(sink);
    const sending = lane.send(list, never);
    await clock.advance(1000);
    expect(sink.requests).toHaveLength(1);
    take();
    retry.dropRemoved();
    const outcomes = await clock.run(sending);
    expect(sink.requests).toHaveLength(1);
    expect(outcomes).toHaveLength(3);
  });

  it('stay while others of their request are still ours', async () => {
    const { list } = takeable(2);
    const sink = fakeSink((_, request) => (request === 1 ? blocked : delivered));
    const { clock, lane, retry } = setUp(sink);
    const sending = lane.send(list, never);
    await clock.advance(1000);
    retry.dropRemoved();
    expect(await clock.run(sending)).toEqual([delivered, delivered]);
  });
});

describe('deliveries that are turned away', () => {
  it('rule 6: end with the reason while the lane is blocked', async () => {
    const sink = fakeSink(() => blocked);
    const { clock, gate: shut, lane, retry } = setUp(sink);
    const sending = lane.send(deliveries(3), never);
    await clock.advance(1000);
    expect(shut.blockage()?.failure.code).toBe('META_190');
    retry.rejectWaiting(failure('LANE_BLOCKED'));
    const outcomes = await clock.run(sending);
    expect(outcomes.map((outcome) => outcome.kind === 'rejected' && outcome.failure.code)).toEqual([
      'LANE_BLOCKED',
      'LANE_BLOCKED',
      'LANE_BLOCKED',
    ]);
  });

  it('rule 10: say that Meta may have the event, where it may', async () => {
    const sink = fakeSink((_, request) => (request === 1 ? retryable('HTTP_502', { ambiguous: true }) : blocked));
    const { clock, gate, lane, retry } = setUp(sink, expiring);
    const doubtful = lane.send(deliveries(1), never);
    await clock.advance(3_000);
    const surely = lane.send(deliveries(1), never);
    await clock.advance(1);
    expect(gate.status().state).toBe('blocked');
    retry.rejectWaiting({ ...failure('LANE_BLOCKED'), fix: 'Fix the cause.' });
    const [outcome] = await clock.run(doubtful);
    const { message, fix } = outcome?.kind === 'rejected' ? outcome.failure : failure('NONE');
    expect(message).toMatch(/^LANE_BLOCKED happened\. Meta may have the event/);
    expect(fix).toMatch(/^Fix the cause\. .*48 hours/);
    expect(await clock.run(surely)).toMatchObject([{ failure: { message: 'LANE_BLOCKED happened.' } }]);
  });

  it('rule 6: end with the reason where nothing has got through for a minute, and are tried on before', async () => {
    const { clock, lane, retry } = setUp(fakeSink(() => retryable()));
    let outcomes: unknown;
    void lane.send(deliveries(2), never).then((ended) => {
      outcomes = ended;
    });
    await clock.advance(30_000);
    retry.rejectWaiting(failure('RETENTION'));
    await clock.advance(29_000);
    expect(outcomes).toBeUndefined();
    await clock.advance(2_000);
    retry.rejectWaiting(failure('RETENTION'));
    await clock.advance(1);
    expect(outcomes).toMatchObject([{ failure: { code: 'RETENTION' } }, { failure: { code: 'RETENTION' } }]);
  });

  it('rule 6: go on when the lane has opened meanwhile', async () => {
    const sink = fakeSink((_, request) => (request === 1 ? retryable() : delivered));
    const { clock, lane, retry } = setUp(sink);
    const sending = lane.send(deliveries(2), never);
    await clock.advance(1);
    retry.rejectWaiting(failure('LANE_BLOCKED'));
    expect(await clock.run(sending)).toEqual([delivered, delivered]);
  });

  it('know since when the lane is blocked, through every probe', async () => {
    const sink = fakeSink((_, request) => (request < 4 ? blocked : delivered));
    const { clock, gate: shut, lane } = setUp(sink);
    const start = clock.now();
    const sending = lane.send(deliveries(1), never);
    await clock.advance(8_000);
    expect(sink.requests).toHaveLength(2);
    expect(shut.blockage()?.since).toBe(start);
    await clock.run(sending);
    expect(shut.blockage()).toBeUndefined();
  });
});

describe('attempts', () => {
  it('are counted through retries and halving', async () => {
    const sink = fakeSink((sent, request) => {
      if (request <= 2) return retryable();
      return sent.some(({ eventId }) => eventId === 'e-1') ? refused() : delivered;
    });
    const { clock, lane } = setUp(sink);
    const outcomes = await clock.run(lane.send(deliveries(4), never));
    // Twice to no avail, refused with all, with its half, and alone.
    expect(outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.attempts : 0))).toEqual([0, 5, 0, 0]);
  });
});
