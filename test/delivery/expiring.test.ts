import { describe, expect, it } from 'vitest';
import { type Delivery, doubtOf } from '../../src/core/delivery.ts';
import { expiring } from '../../src/delivery/expiring.ts';
import { fakePending } from '../support/deliveries.ts';
import { delivered, deliveries, fakeSink, never, refused, retryable, virtualClock } from './fakes.ts';

const hour = 3_600_000;

describe('expiring', () => {
  it('rule 9: answers what is too old without sending it, and sends the rest', async () => {
    const clock = virtualClock();
    const [old, young, ageless] = deliveries(3) as [Delivery, Delivery, Delivery];
    const sink = fakeSink(() => delivered);
    const sent = [{ ...old, expiresAt: clock.now() - 1 }, { ...young, expiresAt: clock.now() + hour }, ageless];
    const outcomes = await expiring(sink, clock).send(sent, never);
    expect(outcomes).toMatchObject([
      { kind: 'rejected', failure: { code: 'EVENT_TOO_OLD', field: 'event_time' } },
      { kind: 'delivered' },
      { kind: 'delivered' },
    ]);
    expect(sink.requests).toEqual([['e-1', 'e-2']]);
  });

  it('rule 9: looks at the age before every attempt, up to the very millisecond', async () => {
    const clock = virtualClock();
    const sink = fakeSink(() => delivered);
    const kinds = async (left: number) =>
      (await expiring(sink, clock).send(deliveries(1, { expiresAt: clock.now() + left }), never)).map((o) => o.kind);
    expect(await kinds(0)).toEqual(['rejected']);
    expect(await kinds(1)).toEqual(['delivered']);
  });

  it('makes no request when everything is too old', async () => {
    const clock = virtualClock();
    const sink = fakeSink(() => delivered);
    await expiring(sink, clock).send(deliveries(3, { expiresAt: clock.now() }), never);
    expect(sink.requests).toEqual([]);
  });

  it('gives the place that Meta named among all deliveries, not among those that were sent', async () => {
    const clock = virtualClock();
    const [first, ...rest] = deliveries(4) as [Delivery, ...Delivery[]];
    const sink = fakeSink(() => refused('META_100_2804019', { index: 1 }));
    const outcomes = await expiring(sink, clock).send([{ ...first, expiresAt: 0 }, ...rest], never);
    expect(outcomes.slice(1)).toMatchObject([{ index: 2 }, { index: 2 }, { index: 2 }]);
  });

  it('rule 10: does not send again what Meta may have had for 47 hours', async () => {
    const clock = virtualClock();
    const sink = fakeSink(() => retryable('NETWORK_TIMEOUT', { ambiguous: true }));
    const expire = expiring(sink, clock);
    const sent = deliveries(2);
    await expire.send(sent.slice(0, 1), never);
    await clock.advance(47 * hour - 1);
    expect(await expire.send(sent, never)).toMatchObject([{ kind: 'retryable' }, { kind: 'retryable' }]);
    await clock.advance(1);
    expect(await expire.send(sent, never)).toMatchObject([
      { kind: 'rejected', failure: { code: 'AMBIGUOUS_TOO_OLD' } },
      { kind: 'retryable' },
    ]);
  });

  it('rule 10: nor what it may have had for 47 hours when it comes back from a parking partition', async () => {
    const clock = virtualClock();
    const sink = fakeSink(() => retryable('NETWORK_TIMEOUT', { ambiguous: true }));
    const [before] = deliveries(1) as [Delivery];
    await expiring(sink, clock).send([before], never);
    const inDoubtSince = doubtOf(before) ?? 0;
    expect(inDoubtSince).toBe(clock.now());
    const parked = { at: 0, destination: 'shop', subscription: 'Orders', inDoubtSince };
    const [back] = deliveries(1, { pending: fakePending({ parked }) }) as [Delivery];
    const another = expiring(sink, clock);
    await clock.advance(47 * hour - 1);
    expect(await another.send([back], never)).toMatchObject([{ kind: 'retryable' }]);
    expect(doubtOf(back)).toBe(inDoubtSince);
    await clock.advance(1);
    expect(await another.send([back], never)).toMatchObject([{ failure: { code: 'AMBIGUOUS_TOO_OLD' } }]);
  });

  it('rule 10: sends again for ever what Meta surely does not have', async () => {
    const clock = virtualClock();
    const sink = fakeSink(() => retryable());
    const expire = expiring(sink, clock);
    const sent = deliveries(1);
    await expire.send(sent, never);
    await clock.advance(100 * hour);
    expect(await expire.send(sent, never)).toMatchObject([{ kind: 'retryable' }]);
  });
});
