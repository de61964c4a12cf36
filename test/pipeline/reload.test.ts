import { describe, expect, test } from 'vitest';
import type { DestinationSettings } from '../../src/core/settings.ts';
import type { Destination } from '../../src/core/subscription.ts';
import { noAudiences } from '../../src/pipeline/audience/audience-port.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { membership } from '../support/membership.ts';
import { type Harness, harness, type ManualSink, manualSink, trackRecord } from './harness.ts';

const kept = fakeSubscription('Kept', ({ event }) => event === 'Keep' || event === 'Both');
const going = fakeSubscription('Going', ({ event }) => event === 'Go' || event === 'Both');

function shop(subscriptions = [kept, going], more: Partial<DestinationSettings> = {}): Destination {
  return fakeDestination(subscriptions, { name: 'shop', settings: fakeSettings(more) });
}

const records = (count: number, event = 'Both', from = 0) =>
  Array.from({ length: count }, (_, index) => trackRecord(from + index, event));
const idsOf = (count: number, subscription: string, from = 0) =>
  Array.from({ length: count }, (_, index) => `0-${index + from}-${subscription}`);
const blockage = { since: 1, failure: { code: 'META_190', message: 'the token has expired' } };
const refused = {
  kind: 'rejected' as const,
  failure: { code: 'META_100', message: 'no' },
};

function blockedSink(): ManualSink {
  const sink = manualSink();
  sink.shut = true;
  sink.blockage = blockage;
  return sink;
}

async function settledAll({ pipe, source }: Harness, end: number): Promise<void> {
  await pipe.finished();
  expect(await pipe.stop(1000)).toBe(true);
  expect(source.committed(0)).toBe(end);
}

const lettersOf = ({ letters }: Harness) =>
  letters.map(({ subscription, failure }) => `${subscription} ${failure.code}`);

describe('rule 37: a reload', () => {
  test('routes new records by the new configuration, and those on their way stay as they were routed', async () => {
    const sink = blockedSink();
    const run = harness({ destinations: [shop()], sinks: { shop: sink }, records: records(4, 'Keep') });
    await run.pipe.start();
    run.source.yieldRecords(2);
    const mapped = fakeSubscription('Kept', kept.matches, { resolve: () => ({ name: 'Renamed', id: 'new' }) });
    run.pipe.reload([shop([mapped, going])]);
    run.source.yieldRecords(2);
    sink.shut = false;
    await settledAll(run, 4);
    expect([...sink.sent].sort()).toEqual([...idsOf(2, 'Kept'), 'new', 'new']);
    expect(run.letters).toEqual([]);
  });

  test('sets aside what waits for a removed subscription: batched, queued and at the closed gate', async () => {
    const sink = blockedSink();
    // Two requests wait at the gate, one is queued, and the last deliveries are in an open batch.
    const run = harness({
      destinations: [
        shop(undefined, { batch: { maxEvents: 4, maxRows: 1, maxBytes: 1_000_000, lingerMillis: 60_000 } }),
      ],
      sinks: { shop: sink },
      records: records(7),
    });
    await run.pipe.start();
    run.source.yieldRecords(7);
    expect(run.pipe.inFlight().deliveries).toBe(14);
    run.pipe.reload([shop([kept])]);
    // Those at the gate end with the request that they share with others.
    await expect.poll(() => run.letters.length).toBe(3);
    sink.shut = false;
    expect(await run.pipe.stop(1000)).toBe(true);
    expect(run.source.committed(0)).toBe(7);
    expect(lettersOf(run)).toEqual(Array(7).fill('Going SUBSCRIPTION_REMOVED'));
    expect([...sink.sent].sort()).toEqual(idsOf(7, 'Kept'));
  });

  test('sets aside what an open circuit breaker holds of a removed subscription, and lets the rest go', async () => {
    const bad = fakeSubscription('Going', () => true, { resolve: () => ({ name: 'Bad' }) });
    const fuse = { share: 0.5, minimum: 3 };
    const run = harness({
      destinations: [shop([kept, bad], { rejectionRate: fuse })],
      sinks: { shop: manualSink() },
      records: records(10, 'Keep'),
    });
    await run.pipe.start();
    run.source.yieldRecords(10);
    expect(run.pipe.blocked()).toMatchObject([{ lane: 'shop/Going', failure: { code: 'FUSE_BLOWN' } }]);
    run.pipe.reload([shop([kept], { rejectionRate: fuse })]);
    expect(run.pipe.blocked()).toEqual([]);
    await settledAll(run, 10);
    expect(run.letters).toHaveLength(10);
  });

  test('a delivery that a circuit breaker holds becomes a dead letter when its subscription is removed', async () => {
    const mixed = fakeSubscription('Going', () => true, {
      resolve: ({ event, messageId }) => ({ name: event, id: String(messageId) }),
    });
    const run = harness({
      destinations: [shop([mixed], { rejectionRate: { share: 0.5, minimum: 3 } })],
      sinks: { shop: manualSink() },
      records: [...records(3, 'Bad'), ...records(4, 'Good', 3)],
    });
    await run.pipe.start();
    run.source.yieldRecords(7);
    expect(run.pipe.blocked()).toHaveLength(1);
    run.pipe.reload([shop([kept])]);
    await settledAll(run, 7);
    expect(lettersOf(run).filter((one) => one === 'Going SUBSCRIPTION_REMOVED')).toHaveLength(4);
  });

  test('sets aside what a circuit breaker held and is refused again at once', async () => {
    const members = fakeSubscription('Members', () => true, { action: membership });
    const destinations = () => [shop([members], { rejectionRate: { share: 0.5, minimum: 3 } })];
    const run = harness({
      destinations: destinations(),
      sinks: { shop: manualSink() },
      records: records(20, 'Ada joins'),
      audiences: {
        ...noAudiences,
        // It takes nobody without a value.
        search: () => ({
          found: Promise.resolve({ id: '120', valueBased: true }),
          blocked: () => undefined,
          wake: () => undefined,
          close: () => undefined,
        }),
        sending: () => ({ quiet: async () => undefined, sink: manualSink() }),
      },
    });
    await run.pipe.start();
    run.source.yieldRecords(1);
    await expect.poll(() => run.letters.length).toBe(1);
    run.source.yieldRecords(19);
    await expect.poll(() => run.letters.length).toBe(3);
    expect(run.pipe.blocked()).toMatchObject([{ lane: 'shop/Members', failure: { code: 'FUSE_BLOWN' } }]);
    run.pipe.reload(destinations());
    await settledAll(run, 20);
    expect(lettersOf(run)).toEqual(Array(20).fill('Members VALUE_MISSING'));
  });

  test('a removed destination gives up its lane once idle, and a new one gets one', async () => {
    const sink = blockedSink();
    const other = manualSink();
    const run = harness({ destinations: [shop()], sinks: { shop: sink, other }, records: records(6, 'Keep') });
    await run.pipe.start();
    run.source.yieldRecords(3);
    expect(run.pipe.blocked()).toHaveLength(1);
    run.pipe.reload([fakeDestination([kept], { name: 'other' })]);
    run.source.yieldRecords(3);
    await settledAll(run, 6);
    expect(lettersOf(run)).toEqual(Array(3).fill('Kept SUBSCRIPTION_REMOVED'));
    expect(other.sent).toEqual(idsOf(3, 'Kept', 3));
  });

  test('a lane that is done with closes, and is no longer blocked', async () => {
    let closed = 0;
    const close = () => {
      closed += 1;
    };
    const sink = manualSink();
    sink.shut = true;
    const run = harness({
      destinations: [shop()],
      sinks: { shop: { ...sink, blocked: () => blockage, close }, other: manualSink() },
      records: records(3, 'Keep'),
    });
    await run.pipe.start();
    run.source.yieldRecords(3);
    run.pipe.reload([fakeDestination([kept], { name: 'other' })]);
    await expect.poll(() => closed).toBe(1);
    expect(run.pipe.blocked()).toEqual([]);
    expect(run.events).toContainEqual({ kind: 'lane_opened', lane: 'shop' });
    await settledAll(run, 3);
  });

  test('another pixel is another lane: the old one sends what it has, with the newest token', async () => {
    const sinks: ManualSink[] = [];
    const seen: (() => Destination)[] = [];
    const run = harness({
      destinations: [shop([kept])],
      sinkFor(destination) {
        seen.push(destination);
        const sink = manualSink();
        sink.shut = sinks.length === 0;
        sinks.push(sink);
        return sink;
      },
      records: records(4, 'Keep'),
    });
    await run.pipe.start();
    run.source.yieldRecords(2);
    const accessToken = { origin: 'new', read: () => 'new-token' };
    run.pipe.reload([shop([kept], { pixelId: '999', accessToken })]);
    run.source.yieldRecords(2);
    for (const sink of sinks) sink.shut = false;
    await settledAll(run, 4);
    expect(sinks.map(({ sent }) => sent)).toEqual([idsOf(2, 'Kept'), idsOf(2, 'Kept', 2)]);
    expect(seen.map((current) => current().settings.pixelId)).toEqual(['1234567890', '999']);
    expect(seen.map((current) => current().settings.accessToken.origin)).toEqual(['new', 'new']);
  });

  test('what a person has paused of a destination that is removed becomes letters', async () => {
    const run = harness({
      destinations: [shop([kept])],
      sinks: { shop: manualSink(), other: manualSink() },
      records: records(3, 'Keep'),
    });
    await run.pipe.start();
    run.pipe.hold('shop');
    run.source.yieldRecords(3);
    run.pipe.reload([fakeDestination([kept], { name: 'other' })]);
    await settledAll(run, 3);
    expect(lettersOf(run)).toEqual(Array(3).fill('Kept SUBSCRIPTION_REMOVED'));
  });

  test('what a person has paused stays so when one reload removes it and another brings it back', async () => {
    const sinks = { shop: manualSink(), other: manualSink() };
    const run = harness({ destinations: [shop([kept])], sinks, records: records(3, 'Keep') });
    await run.pipe.start();
    run.pipe.hold('shop');
    run.pipe.reload([fakeDestination([kept], { name: 'other' })]);
    expect(run.pipe.holdOf('shop')).toBeUndefined();
    run.pipe.reload([shop([kept])]);
    run.source.yieldRecords(3);
    expect(run.pipe.holdOf('shop')).toMatchObject({ waiting: 3 });
    run.pipe.release('shop');
    run.pipe.reload([fakeDestination([kept], { name: 'other' })]);
    run.pipe.reload([shop([kept])]);
    expect(run.pipe.holdOf('shop')).toBeUndefined();
    await settledAll(run, 3);
  });

  test('what waits for a blocked pixel that was replaced becomes letters', async () => {
    const sinks: ManualSink[] = [];
    const run = harness({
      destinations: [shop([kept])],
      sinkFor() {
        const sink = sinks.length === 0 ? blockedSink() : manualSink();
        sinks.push(sink);
        return sink;
      },
      records: records(4, 'Keep'),
    });
    await run.pipe.start();
    run.source.yieldRecords(2);
    run.pipe.reload([shop([kept], { pixelId: '999' })]);
    run.source.yieldRecords(2);
    await settledAll(run, 4);
    expect(lettersOf(run)).toEqual(Array(2).fill('Kept SUBSCRIPTION_REMOVED'));
    expect(sinks[1]?.sent).toEqual(idsOf(2, 'Kept', 2));
  });

  test('limits of batches and their waiting time take effect on the lane that stays', async () => {
    const run = harness({
      destinations: [
        shop([kept], { batch: { maxEvents: 1000, maxRows: 1, maxBytes: 1_000_000, lingerMillis: 60_000 } }),
      ],
      sinks: { shop: manualSink() },
      records: records(8, 'Keep'),
    });
    await run.pipe.start();
    run.source.yieldRecords(2);
    run.pipe.reload([shop([kept], { batch: { maxEvents: 4, maxRows: 1, maxBytes: 1_000_000, lingerMillis: 60_000 } })]);
    run.source.yieldRecords(6);
    await settledAll(run, 8);
    const closed = run.events.flatMap((event) => (event.kind === 'batch_closed' ? [event.deliveries] : []));
    expect(closed).toEqual([4, 4]);
  });

  test('rule 17: a raised max_rejected_per_batch turns what waits into letters and goes on', async () => {
    const sink = manualSink(({ eventName }) => (eventName === 'Go' ? refused : { kind: 'delivered' }));
    const run = harness({
      destinations: [shop(undefined, { maxRejectedPerBatch: 0 })],
      sinks: { shop: sink },
      records: [...records(3, 'Go'), ...records(3, 'Keep', 3), ...records(2, 'Go', 6)],
    });
    await run.pipe.start();
    run.source.yieldRecords(3);
    await expect.poll(() => run.pipe.blocked()).toMatchObject([{ failure: { code: 'TOO_MANY_REJECTED' } }]);
    expect(run.letters).toEqual([]);
    run.pipe.reload([shop(undefined, { maxRejectedPerBatch: 10 })]);
    expect(run.pipe.blocked()).toEqual([]);
    run.source.yieldRecords(5);
    await settledAll(run, 8);
    expect(lettersOf(run)).toEqual(Array(5).fill('Going META_100'));
  });

  test('rule 6: on_blocked takes effect', async () => {
    const sink = blockedSink();
    const run = harness({
      destinations: [shop([kept])],
      sinks: { shop: sink },
      records: records(10, 'Keep'),
      limits: { maxInFlightRecordsPerPartition: 10 },
    });
    await run.pipe.start();
    run.source.yieldRecords(10);
    await expect.poll(() => run.events.some(({ kind }) => kind === 'window')).toBe(true);
    expect(run.letters).toEqual([]);
    run.pipe.reload([shop([kept], { onBlocked: { deadLetterAfterMillis: 1 } })]);
    await expect.poll(() => run.letters.length).toBe(10);
    expect(new Set(lettersOf(run))).toEqual(new Set(['Kept LANE_BLOCKED']));
    await settledAll(run, 10);
  });
});
