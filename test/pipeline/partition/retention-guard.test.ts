import { describe, test } from 'vitest';
import type { SourceRecord } from '../../../src/core/record.ts';
import type { RetainedPartition } from '../../../src/core/source.ts';
import { type AudiencePort, noAudiences } from '../../../src/pipeline/audience/audience-port.ts';
import type { LaneSink } from '../../../src/pipeline/lane/lane.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { membership } from '../../support/membership.ts';
import { simulatedParking } from '../../support/simulated-parking.ts';
import { type SimulatedSource, simulatedSource } from '../../support/simulated-source.ts';
import { harness, manualSink, trackRecord } from '../harness.ts';

const failure = { code: 'META_190', message: 'the token has expired' };
/** Each in a batch of its own: one that has begun ends as a whole. */
const alone = { batch: { maxEvents: 1, maxRows: 1, maxBytes: 4_000_000 } };
const shop = fakeDestination([fakeSubscription('All', () => true)], {
  name: 'shop',
  settings: fakeSettings(alone),
});
const waiting = { interval: 10 };
const limits = { retentionMarginMillis: 1000, requestsPerLane: 1 };

/** A record that was written so many seconds ago. */
function aged(offset: number, seconds: number, event = 'Order'): SourceRecord {
  return { ...trackRecord(offset, event), timestamp: Date.now() - seconds * 1000 };
}

function keeping(
  records: readonly SourceRecord[],
  retained: () => Omit<RetainedPartition, 'topic' | 'partition'>,
): SimulatedSource {
  const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
  return { ...source, retention: async (asked) => asked.map((one) => ({ ...one, ...retained() })) };
}

function blocked() {
  const sink = manualSink();
  sink.shut = true;
  sink.blockage = { since: Date.now(), failure };
  return sink;
}

/** It has got nothing through since then. */
function failingSince(since: number) {
  const sink = manualSink();
  sink.shut = true;
  return { ...sink, state: () => ({ state: 'retrying' as const, since, failure, othersGetThrough: false }) };
}

/** One audience, which is known. */
function audienceWith(sink: LaneSink): AudiencePort {
  return {
    ...noAudiences,
    search: () => ({
      found: Promise.resolve({ id: '120', valueBased: false }),
      blocked: () => undefined,
      wake: () => undefined,
      close: () => undefined,
    }),
    sending: () => ({ sink, quiet: async () => undefined }),
  };
}

const members = fakeSubscription('Members', ({ event }) => / joins$/.test(String(event)), { action: membership });
const crm = fakeDestination([members], { name: 'crm', settings: fakeSettings({ rejectionRate: false }) });

// They wait for the guard's next look most of the time.
describe.concurrent('DELIVERY 6: before the broker deletes what is held', () => {
  test('the time that is left is told, and nothing is set aside while it is enough', async ({ expect }) => {
    const source = keeping([aged(0, 100)], () => ({ earliest: 0, retentionMillis: 400_000 }));
    const { pipe, letters, events } = harness({ destinations: [shop], sinks: { shop: blocked() }, source, limits });
    await pipe.start();
    source.yieldRecords(10);
    // Of 400 s the record has seen 100, and those that the test takes.
    await expect.poll(() => pipe.retentionSecondsLeft(), waiting).toBeLessThanOrEqual(300);
    expect(pipe.retentionSecondsLeft()).toBeGreaterThan(100);
    expect(events.some(({ kind }) => kind === 'retention')).toBe(true);
    expect(letters).toEqual([]);
    await pipe.stop(20);
    expect(source.committed(0)).toBe(0);
  });

  test('held deliveries that it will soon reach become dead letters, younger ones stay, and the offset moves on', async ({
    expect,
  }) => {
    const records = [aged(0, 99), aged(1, 99), aged(2, 50)];
    const source = keeping(records, () => ({ earliest: 0, retentionMillis: 100_000 }));
    const { pipe, letters } = harness({
      destinations: [shop],
      sinks: { shop: blocked() },
      source,
      limits: { retentionMarginMillis: 2000 },
    });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => source.committed(0), waiting).toBe(2);
    expect(letters.map(({ failure: { code }, record: { offset } }) => [code, offset]).sort()).toEqual([
      ['RETENTION', 0],
      ['RETENTION', 1],
    ]);
    await pipe.stop(20);
  });

  test('so does what waits in a lane that has got nothing through for long, and nothing of one that fails just now', async ({
    expect,
  }) => {
    const other = { ...shop, name: 'other', settings: fakeSettings({ ...alone, pixelId: '987' }) };
    const source = keeping([aged(0, 99), aged(1, 50)], () => ({ earliest: 0, retentionMillis: 100_000 }));
    const { pipe, letters } = harness({
      destinations: [shop, other],
      sinks: { shop: failingSince(Date.now() - 61_000), other: failingSince(Date.now()) },
      source,
      limits: { retentionMarginMillis: 2000 },
    });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => letters.length, waiting).toBeGreaterThan(0);
    expect(letters).toMatchObject([{ destination: 'shop', failure: { code: 'RETENTION' }, record: { offset: 0 } }]);
    await pipe.stop(20);
  });

  test('so does a change of an audience that has got nothing through for long', async ({ expect }) => {
    const source = keeping([aged(0, 99, 'Ada joins')], () => ({ earliest: 0, retentionMillis: 100_000 }));
    const audiences = audienceWith(failingSince(Date.now() - 61_000));
    const { pipe, letters } = harness({ destinations: [crm], sinks: { crm: manualSink() }, source, limits, audiences });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => letters.map(({ failure: { code } }) => code), waiting).toEqual(['RETENTION']);
    await pipe.stop(20);
  });

  test('nothing is known of the age of a record without a time: it waits, and those behind it are looked at', async ({
    expect,
  }) => {
    const timeless = { ...aged(0, 0), timestamp: -1 };
    const source = keeping([timeless, aged(1, 99.5)], () => ({ earliest: 0, retentionMillis: 100_000 }));
    const { pipe, letters } = harness({ destinations: [shop], sinks: { shop: blocked() }, source, limits });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => letters.length, waiting).toBeGreaterThan(0);
    expect(letters).toMatchObject([{ failure: { code: 'RETENTION' }, record: { offset: 1 } }]);
    await pipe.stop(20);
    expect(source.committed(0)).toBe(0);
  });

  test('the margin is never more than a tenth of the retention', async ({ expect }) => {
    const source = keeping([aged(0, 5)], () => ({ earliest: 0, retentionMillis: 10_000 }));
    const { pipe, letters } = harness({
      destinations: [shop],
      sinks: { shop: blocked() },
      source,
      limits: { retentionMarginMillis: 2000 },
    });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => pipe.retentionSecondsLeft(), waiting).toBeLessThan(10);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(letters).toEqual([]);
    await pipe.stop(20);
  });

  test('retention by size is seen by what has been deleted', async ({ expect }) => {
    let earliest = 0;
    const records = [aged(500, 1), aged(501, 1), { ...aged(9_000_000, 1), next: 9_000_001 }];
    const source = keeping(records, () => {
      earliest += 100;
      return { earliest };
    });
    const { pipe, letters } = harness({ destinations: [shop], sinks: { shop: blocked() }, source, limits });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => letters.map(({ record: { offset } }) => offset).sort(), waiting).toEqual([500, 501]);
    await pipe.stop(20);
  });

  test('what a person holds back is set aside too, though no lane is blocked', async ({ expect }) => {
    const source = keeping([aged(0, 99), aged(1, 50)], () => ({ earliest: 0, retentionMillis: 100_000 }));
    const { pipe, letters } = harness({ destinations: [shop], sinks: { shop: manualSink() }, source, limits });
    await pipe.start();
    pipe.hold('shop');
    source.yieldRecords(10);
    await expect.poll(() => source.committed(0), waiting).toBe(1);
    expect(letters.map(({ failure: { code }, record: { offset } }) => [code, offset])).toEqual([['RETENTION', 0]]);
    await pipe.stop(20);
  });

  test('of a blocked audience nothing is set aside before it holds such a record, and then what goes before that, too', async ({
    expect,
  }) => {
    const orders = fakeDestination([fakeSubscription('Orders', ({ event }) => event === 'Order')], {
      name: 'shop',
      settings: fakeSettings(alone),
    });
    const first = [aged(0, 99), aged(1, 50, 'Ada joins')];
    const second = [aged(0, 50, 'Else'), aged(1, 50, 'Else'), aged(2, 99, 'Bo joins')];
    const source = simulatedSource([
      { topic: 'events', partition: 0, records: first },
      { topic: 'events', partition: 1, records: second.map((record) => ({ ...record, partition: 1 })) },
    ]);
    const audience = blocked();
    const { pipe, letters } = harness({
      destinations: [crm, orders],
      sinks: { crm: manualSink(), shop: blocked() },
      source: {
        ...source,
        retention: async (asked) => asked.map((one) => ({ ...one, earliest: 0, retentionMillis: 100_000 })),
      },
      limits,
      audiences: audienceWith(audience),
    });
    const set = () => letters.map(({ record, failure: { code } }) => `${record.partition}/${record.offset} ${code}`);
    await pipe.start();
    source.yieldRecords(2);
    await expect.poll(() => audience.waiting(), waiting).toBe(1);
    await expect.poll(set, waiting).toEqual(['0/0 RETENTION']);
    expect(audience.waiting()).toBe(1);
    source.yieldRecords(1);
    await expect.poll(() => set().slice(0, 2), waiting).toEqual(['0/0 RETENTION', '0/1 RETENTION']);
    await pipe.stop(20);
  });

  test('what an open circuit breaker holds is set aside too', async ({ expect }) => {
    const bad = Array.from({ length: 10 }, (_, offset) => aged(offset, 99, 'Bad'));
    const source = keeping([...bad, aged(10, 99), aged(11, 99, 'Bad')], () => ({
      earliest: 0,
      retentionMillis: 100_000,
    }));
    const fused = { ...shop, settings: fakeSettings({ rejectionRate: { share: 0.5, minimum: 5 } }) };
    const { pipe, letters } = harness({
      destinations: [fused],
      sinks: { shop: manualSink() },
      source,
      limits: { retentionMarginMillis: 2000 },
    });
    await pipe.start();
    source.yieldRecords(20);
    await expect
      .poll(() => letters.filter(({ record }) => record.offset >= 10).map(({ failure: { code } }) => code), waiting)
      .toEqual(['RETENTION', 'BAD']);
    await pipe.stop(20);
  });

  test.for([
    { state: 'is blocked', sinkOf: blocked },
    { state: 'has got nothing through for long', sinkOf: () => failingSince(Date.now() - 61_000) },
  ])(
    'a destination that parks, and $state, has it parked: nothing becomes a dead letter',
    async ({ sinkOf }, { expect }) => {
      const parking = simulatedParking('shop', 'events');
      const source = simulatedSource([{ topic: 'events', partition: 0, records: [aged(0, 99)] }, parking.partition(0)]);
      const parks = { ...shop, settings: fakeSettings({ onBlocked: 'park' }) };
      const { pipe, letters } = harness({
        destinations: [parks],
        sinks: { shop: sinkOf() },
        source: {
          ...source,
          retention: async (asked) => asked.map((one) => ({ ...one, earliest: 0, retentionMillis: 100_000 })),
        },
        parking,
        limits: { retentionMarginMillis: 2000 },
      });
      await pipe.start();
      source.yieldRecords(10);
      await expect.poll(() => source.committed(0), waiting).toBe(1);
      expect(letters).toEqual([]);
      expect(pipe.parked().get('shop')).toBe(1);
      await pipe.stop(20);
    },
  );
});
