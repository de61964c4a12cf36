import { describe, expect, it } from 'vitest';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createFigures } from '../../src/pipeline/figures.ts';
import { createBackpressure } from '../../src/pipeline/partition/backpressure.ts';
import { createPartition } from '../../src/pipeline/partition/partition.ts';
import { createEventCounts } from '../../src/pipeline/route/event-counts.ts';
import { createDelays } from '../../src/pipeline/settle/delays.ts';
import { recorder, virtualClock } from '../delivery/fakes.ts';
import { fakeDestination, fakeSubscription } from '../support/destinations.ts';
import { type SimulatedSource, simulatedSource } from '../support/simulated-source.ts';
import { harness, manualSink, trackRecord } from './harness.ts';

type Lag = Extract<TelemetryEvent, { kind: 'lag' }>;

function ofTopic(topic: string, partition: number, count: number) {
  const records = Array.from({ length: count }, (_, offset) => ({ ...trackRecord(offset, 'Order', partition), topic }));
  return { topic, partition, records };
}

function settled(events: readonly TelemetryEvent[], topic: string): number {
  return events.reduce(
    (sum, event) => sum + (event.kind === 'record_settled' && event.topic === topic ? event.count : 0),
    0,
  );
}

describe('figures at rest', () => {
  it('count what settled after the last batch was read, each topic for itself', async () => {
    const source = simulatedSource([ofTopic('orders', 0, 30), ofTopic('clicks', 1, 12)]);
    const sink = manualSink();
    sink.shut = true;
    const destinations = [fakeDestination([fakeSubscription('All', () => true)], { name: 'shop' })];
    const { pipe, events } = harness({ source, destinations, sinks: { shop: sink } });
    await pipe.start();
    source.yieldRecords(100);
    pipe.report();
    expect([settled(events, 'orders'), settled(events, 'clicks')]).toEqual([0, 0]);
    expect(events.findLast(({ kind }) => kind === 'in_flight')).toMatchObject({ records: 42 });
    sink.shut = false;
    await pipe.finished();
    await expect.poll(() => [source.committed(0), source.committed(1)]).toEqual([30, 12]);
    pipe.report();
    expect([settled(events, 'orders'), settled(events, 'clicks')]).toEqual([30, 12]);
    expect(events.findLast(({ kind }) => kind === 'in_flight')).toMatchObject({ records: 0, bytes: 0 });
    expect(pipe.partitions().map(({ left, inFlight, oldestMillis }) => [left, inFlight, oldestMillis])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    await pipe.stop(1_000);
    expect([settled(events, 'orders'), settled(events, 'clicks')]).toEqual([30, 12]);
  });

  it('tell what had settled of a partition that goes away', async () => {
    const source: SimulatedSource = simulatedSource([ofTopic('orders', 0, 5)]);
    const destinations = [fakeDestination([fakeSubscription('All', () => true)], { name: 'shop' })];
    const { pipe, events } = harness({ source, destinations, sinks: { shop: manualSink() } });
    await pipe.start();
    source.yieldRecords(5);
    await expect.poll(() => source.committed(0)).toBe(5);
    source.rebalance(0);
    expect(settled(events, 'orders')).toBe(5);
    await pipe.stop(1_000);
  });
});

/** One partition of which ten records were read and four are settled, the oldest of the rest being a minute old. */
function paused(ends?: () => Promise<number>) {
  const clock = virtualClock();
  const telemetry = recorder();
  const partition = createPartition({ topic: 'orders', partition: 3, position: 0, end: 10 }, 1, 0);
  for (let offset = 0; offset < 10; offset += 1) {
    const slot = partition.tracker.begin(offset + 1, clock.now() - 60_000);
    if (offset < 4) partition.tracker.release(slot);
  }
  partition.committed = 4;
  partition.paused = true;
  const asked: number[] = [];
  const source = {
    ...simulatedSource([]),
    ...(ends !== undefined && {
      async ends() {
        asked.push(clock.monotonic());
        return [{ topic: 'orders', partition: 3, end: await ends() }];
      },
    }),
  };
  const partitions = () => [partition];
  const limits = { maxBytes: 1_000, maxRecordsPerPartition: 100 };
  const figures = createFigures({
    source,
    backpressure: createBackpressure({ source, telemetry, partitions, ...limits }),
    eventCounts: createEventCounts(telemetry),
    delays: createDelays(telemetry),
    clock,
    telemetry,
    partitions,
  });
  const lag = () => telemetry.events.findLast((event): event is Lag => event.kind === 'lag');
  const tickFor = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      figures.tick();
      await clock.advance(1_000);
    }
  };
  return { clock, figures, lag, asked, tickFor };
}

it('records without a time say nothing of how old what is in flight is, nor of how long a delivery took', () => {
  const clock = virtualClock();
  const telemetry = recorder();
  const { tracker } = createPartition({ topic: 'orders', partition: 0, position: 0 }, 1, 0);
  tracker.begin(1, -1);
  expect(tracker.oldest()).toBeUndefined();
  tracker.begin(2, 5_000);
  expect(tracker.oldest()).toBe(5_000);
  const delays = createDelays(telemetry);
  delays.delivered('shop', -1, clock.now());
  delays.flush();
  expect(telemetry.events).toEqual([]);
});

describe('the lag', () => {
  it('is what is not committed, and grows by itself while reading is paused', async () => {
    let end = 10;
    const target = paused(async () => end);
    await target.tickFor(1);
    expect(target.lag()).toMatchObject({ left: 6, unit: 'records', oldestMillis: 60_000 });
    end = 500;
    await target.tickFor(12);
    expect(target.lag()).toMatchObject({ left: 496, oldestMillis: 72_000 });
  });

  it('asks the source for the ends once in ten seconds, and never a second time while there is no answer', async () => {
    const often = paused(async () => 10);
    await often.tickFor(60);
    expect(often.asked.length).toBe(5);
    const silent = paused(() => new Promise(() => undefined));
    await silent.tickFor(60);
    expect(silent.asked.length).toBe(1);
  });

  it('stays as it was where the source does not answer', async () => {
    const target = paused(async () => Promise.reject(new Error('away')));
    await target.tickFor(30);
    expect(target.lag()).toMatchObject({ left: 6 });
  });
});

describe('the delay of deliveries', () => {
  it('is from the time of the record, never negative, and told once', () => {
    const clock = virtualClock();
    const telemetry = recorder();
    const delays = createDelays(telemetry);
    const now = clock.now();
    delays.delivered('shop', now - 700, now);
    delays.delivered('shop', now + 5_000, now);
    delays.delivered('shop', now - 30 * 86_400_000, now);
    delays.flush();
    delays.flush();
    const [event, ...more] = telemetry.events;
    expect(more).toEqual([]);
    expect(event).toMatchObject({ kind: 'delays', destination: 'shop', sumMillis: 700 + 30 * 86_400_000 });
    expect(event?.kind === 'delays' && [event.counts[0], event.counts[1], event.counts.at(-1)]).toEqual([1, 1, 1]);
  });
});
