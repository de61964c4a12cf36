import { describe, test, vi } from 'vitest';
import { offsetRead } from '../../../src/core/record.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { type SimulatedParking, simulatedParking } from '../../support/simulated-parking.ts';
import { simulatedSource } from '../../support/simulated-source.ts';
import { type Harness, harness, type ManualSink, manualSink, trackRecord } from '../harness.ts';

const failure = { code: 'META_190', message: 'the token has expired' };

const shop = fakeDestination([fakeSubscription('All', () => true)], {
  name: 'shop',
  settings: fakeSettings({ onBlocked: 'park' }),
});
const other = fakeDestination([fakeSubscription('Other', () => true)], {
  name: 'other',
  settings: fakeSettings({ pixelId: '222' }),
});

const idsOf = (count: number, subscription: string, from = 0) =>
  Array.from({ length: count - from }, (_, index) => `0-${index + from}-${subscription}`);

function shut(): ManualSink {
  const sink = manualSink();
  sink.shut = true;
  sink.blockage = { since: Date.now(), failure };
  return sink;
}

interface Scene extends Harness {
  readonly parking: SimulatedParking;
  readonly healthy: ManualSink;
  readonly blocked: ManualSink;
}

function scene(count: number, blocked: ManualSink, before?: Scene): Scene {
  const parking = before?.parking ?? simulatedParking('shop', 'events');
  const records = Array.from({ length: count }, (_, offset) => trackRecord(offset, 'Order'));
  const source = before?.source ?? simulatedSource([{ topic: 'events', partition: 0, records }, parking.partition(0)]);
  const healthy = manualSink();
  const limits = { maxInFlightRecordsPerPartition: 100, requestsPerLane: 1 };
  const running = harness({
    destinations: [shop, other],
    sinks: { shop: blocked, other: healthy },
    source,
    parking,
    limits,
  });
  return { ...running, parking, source, healthy, blocked };
}

const waiting = { interval: 10 };

async function readOn({ source }: Pick<Scene, 'source'>, until: () => boolean): Promise<void> {
  const reading = () => {
    source.yieldRecords(20);
    return until();
  };
  await vi.waitUntil(reading, { interval: 10, timeout: 120_000 });
}

// They wait for ticks of a second most of the time.
describe.concurrent('DELIVERY 6: on_blocked park', () => {
  test('a full window is parked in order, the healthy lane gets everything, and offsets move on', async ({
    expect,
  }) => {
    const one = scene(1000, shut());
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length === 1000);
    await expect.poll(() => one.source.committed(0), waiting).toBe(1000);
    expect(one.parking.partition(0).records.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 1000 }, (_, offset) => offset),
    );
    expect(one.blocked.sent).toEqual([]);
    expect(one.letters).toEqual([]);
    expect(one.source.committed(100)).toBe(0);
    expect(one.pipe.parked().get('shop')).toBe(1000);
    expect(await one.pipe.stop(1000)).toBe(true);
  });

  test('what was parked comes back with its own identity, before anything newer, and then the lane is direct', async ({
    expect,
  }) => {
    const one = scene(600, shut());
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length === 600);
    await expect.poll(() => one.source.committed(0), waiting).toBe(600);
    one.blocked.shut = false;
    await readOn(one, () => one.blocked.sent.length === 600);
    expect(one.blocked.sent).toEqual(idsOf(600, 'All'));
    await expect.poll(() => one.source.committed(100), waiting).toBe(600);
    expect(
      one.parking.partition(0).records.every(({ topic, partition }) => topic === 'events' && partition === 0),
    ).toBe(true);
    await expect.poll(() => one.pipe.parked().get('shop'), waiting).toBe(0);
    await one.pipe.finished();
    expect(one.events.filter(({ kind }) => kind === 'parking')).toMatchObject([
      { state: 'parked' },
      { state: 'drained' },
    ]);
    expect(await one.pipe.stop(1000)).toBe(true);
  });

  test('DELIVERY 10: what Meta may have is parked with the time since when', async ({ expect }) => {
    const blocked = shut();
    const { send } = blocked;
    const inDoubt: string[] = [];
    blocked.send = (deliveries, signal) => {
      for (const delivery of deliveries) delivery.inDoubtSince = 7;
      inDoubt.push(...deliveries.map(({ eventId = '' }) => eventId));
      return send(deliveries, signal);
    };
    const one = scene(600, blocked);
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length === 600);
    await expect.poll(() => one.source.committed(0), waiting).toBe(600);
    const parked = one.parking.partition(0).records.filter((record) => record.parked?.inDoubtSince === 7);
    expect(inDoubt.length).toBeGreaterThan(0);
    expect(parked.map(({ offset }) => `0-${offset}-All`)).toEqual(inDoubt);
    expect(await one.pipe.stop(1000)).toBe(true);
  });

  test('DELIVERY 37: what is parked for a destination that is removed comes back, and becomes letters', async ({
    expect,
  }) => {
    const one = scene(600, shut());
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length === 600);
    await expect.poll(() => one.source.committed(0), waiting).toBe(600);
    one.pipe.reload([other]);
    await readOn(one, () => one.letters.length === 600);
    expect(new Set(one.letters.map(({ failure: { code } }) => code))).toEqual(new Set(['SUBSCRIPTION_REMOVED']));
    await expect.poll(() => one.source.committed(100), waiting).toBe(600);
    expect(one.blocked.sent).toEqual([]);
    expect(await one.pipe.stop(1000)).toBe(true);
  });

  test('newer deliveries that arrive while it drains stay behind, and at the end nothing is parked any more', async ({
    expect,
  }) => {
    const one = scene(1200, shut());
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length >= 500);
    one.blocked.shut = false;
    await readOn(one, () => one.blocked.sent.length === 1200);
    expect(one.blocked.sent).toEqual(idsOf(1200, 'All'));
    const { length } = one.parking.partition(0).records;
    await one.pipe.finished();
    expect(await one.pipe.stop(1000)).toBe(true);
    expect(one.source.committed(0)).toBe(1200);
    expect(one.source.committed(100)).toBe(length);
  });

  test('what waits behind a place that is nearly drained does not keep it from being read', async ({ expect }) => {
    const parking = simulatedParking('shop', 'events');
    const all = Array.from({ length: 200 }, (_, offset) => trackRecord(offset, 'Order'));
    const part = { destination: 'shop', subscription: 'All' };
    const place = { topic: '', partition: 100 };
    await parking.write(
      place,
      all.slice(0, 80).map((record) => ({ record, ...part })),
      () => true,
    );
    const source = simulatedSource([{ topic: 'events', partition: 0, records: all.slice(80) }, parking.partition(0)]);
    const sink = manualSink();
    const { pipe } = harness({
      destinations: [shop],
      sinks: { shop: sink },
      source,
      parking,
      // Full with some forty records.
      limits: { maxInFlightBytes: 40_000, requestsPerLane: 1 },
    });
    await pipe.start();
    await readOn({ source }, () => sink.sent.length === 200);
    expect(sink.sent).toEqual(idsOf(200, 'All'));
    await pipe.finished();
    expect(await pipe.stop(1000)).toBe(true);
  });

  test('a process that takes over parks on, and nothing overtakes what the one before has parked', async ({
    expect,
  }) => {
    const first = scene(1000, shut());
    await first.pipe.start();
    await readOn(first, () => first.healthy.sent.length >= 400);
    await first.pipe.stop(20);
    const second = scene(1000, shut(), first);
    await second.pipe.start();
    await readOn(second, () => second.healthy.sent.length + first.healthy.sent.length >= 1000);
    second.blocked.shut = false;
    await readOn(second, () => new Set(second.blocked.sent).size === 1000);
    const firstSeen = [...new Set(second.blocked.sent)];
    expect(firstSeen).toEqual(idsOf(1000, 'All'));
    await second.pipe.finished();
    expect(await second.pipe.stop(1000)).toBe(true);
    expect(second.source.committed(0)).toBe(1000);
    expect(second.source.committed(100)).toBe(second.parking.partition(0).records.length);
  });

  test('a partition that goes away and comes back while its lane is parked loses nothing', async ({ expect }) => {
    const one = scene(1000, shut());
    await one.pipe.start();
    await readOn(one, () => one.healthy.sent.length >= 400);
    one.source.rebalance(100);
    one.source.rebalance(0);
    await readOn(one, () => new Set(one.healthy.sent).size === 1000);
    one.blocked.shut = false;
    await readOn(one, () => new Set(one.blocked.sent).size === 1000);
    await one.pipe.finished();
    expect(await one.pipe.stop(1000)).toBe(true);
    expect(one.errors).toEqual([]);
  });

  test('a parking place that can not be written holds the offsets, and goes on by itself', async ({ expect }) => {
    const one = scene(300, shut());
    one.parking.broken = true;
    await one.pipe.start();
    await readOn(one, () => one.events.some(({ kind }) => kind === 'parking_failed'));
    expect(one.source.committed(0)).toBe(0);
    expect(one.source.paused()).toEqual([0]);
    expect(one.pipe.parkingFails().size).toBe(1);
    one.parking.broken = false;
    await readOn(one, () => one.healthy.sent.length === 300);
    await expect.poll(() => one.source.committed(0), waiting).toBe(300);
    expect(one.pipe.parkingFails().size).toBe(0);
    await one.pipe.stop(1000);
  });

  test('a delivery that ends after its partition has gone keeps nothing waiting for that partition', async ({
    expect,
  }) => {
    const one = scene(1, manualSink());
    one.blocked.shut = true;
    await one.pipe.start();
    one.source.yieldRecords(1);
    await expect.poll(() => one.blocked.waiting(), waiting).toBe(1);
    one.source.withhold?.({ topic: 'events', partition: 0 });
    one.source.withhold?.(one.parking.partition(0));
    let finished = false;
    void one.pipe.finished().then(() => {
      finished = true;
    });
    await expect.poll(() => finished, waiting).toBe(true);
    await one.pipe.stop(1000);
  });

  test('what comes back of a subscription that is gone is set aside', async ({ expect }) => {
    const parking = simulatedParking('shop', 'events');
    const record = trackRecord(7, 'Order');
    const part = { record, destination: 'shop', subscription: 'Old' };
    await parking.write({ topic: '', partition: 100 }, [part], () => true);
    const source = simulatedSource([parking.partition(0)]);
    const { pipe, letters } = harness({ destinations: [shop], sinks: { shop: manualSink() }, source, parking });
    await pipe.start();
    source.yieldRecords(1);
    await pipe.finished();
    expect(letters.map(({ failure: { code }, record: { offset } }) => [code, offset])).toEqual([
      ['SUBSCRIPTION_REMOVED', 7],
    ]);
    expect(await pipe.stop(1000)).toBe(true);
    expect(source.committed(100)).toBe(1);
    expect(offsetRead(parking.partition(0).records[0] ?? record)).toBe(0);
  });
});
