import { describe, expect, test } from 'vitest';
import type { FinalOutcome, Outcome } from '../../src/core/outcome.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { isolating } from '../../src/delivery/isolating.ts';
import { retrying } from '../../src/delivery/retrying.ts';
import type { LaneSink } from '../../src/pipeline/lane/lane.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { simulatedSource } from '../support/simulated-source.ts';
import { harness, manualSink, quickClock, trackRecord } from './harness.ts';

const failure = { code: 'META_190', message: 'the token has expired' };
const refused: FinalOutcome = {
  kind: 'rejected',
  failure: { code: 'META_100', message: 'no' },
};

const everything = fakeSubscription('All', () => true);
const shop = (more: Parameters<typeof fakeSettings>[0] = {}) =>
  fakeDestination([everything], { name: 'shop', settings: fakeSettings(more) });
const other = fakeDestination([fakeSubscription('Other', () => true)], {
  name: 'other',
  settings: fakeSettings({ pixelId: '222' }),
});
const records = (count: number, event = 'Order') =>
  Array.from({ length: count }, (_, offset) => trackRecord(offset, event));
const idsOf = (count: number, subscription: string, from = 0) =>
  Array.from({ length: count - from }, (_, index) => `0-${index + from}-${subscription}`);

/** Meta fails on requests with one of these events, as long as it does; the lane isolates them as it does in truth. */
function failingOn(guilty: readonly string[]): LaneSink & { readonly sent: string[]; failing: boolean } {
  const clock = quickClock(Date.now);
  const parts = { clock, telemetry: { emit() {} }, lane: 'shop' };
  const gate = createGate(parts);
  const sent: string[] = [];
  const meta = {
    async send(deliveries: readonly { readonly eventId?: string }[]): Promise<readonly Outcome[]> {
      await clock.sleep(1);
      const ids = deliveries.map(({ eventId = '' }) => eventId);
      const fails = sink.failing && ids.some((id) => guilty.includes(id));
      if (!fails) sent.push(...ids);
      return ids.map(() =>
        fails ? { kind: 'retryable', ambiguous: false, halve: false, failure } : { kind: 'delivered' },
      );
    },
  };
  const retried = retrying({ ...parts, sink: meta, gate, random: () => 0 });
  const sink = { ...isolating({ sink: retried, gate }), sent, failing: true };
  return sink;
}

describe('the pipeline', () => {
  test('rule 13: an event that Meta keeps failing on, the last of its partition, holds no offset of another one', async () => {
    const sink = failingOn(['0-26-All']);
    const { pipe, source } = harness({
      destinations: [shop()],
      sinks: { shop: sink },
      records: records(27),
      limits: { requestsPerLane: 1 },
    });
    await pipe.start();
    source.yieldRecords(27);
    await expect.poll(() => source.committed(0), { timeout: 30_000 }).toBe(26);
    sink.failing = false;
    await pipe.finished();
    expect(await pipe.stop(60_000)).toBe(true);
    expect(source.committed(0)).toBe(27);
    expect(sink.sent.toSorted()).toEqual(idsOf(27, 'All').toSorted());
  });

  test('rule 13: more events that Meta keeps failing on than requests go at once do not keep the lane from going on', async () => {
    const guilty = ['0-0-All', '0-7-All', '0-14-All'];
    const sink = failingOn(guilty);
    const { pipe, source, letters } = harness({
      destinations: [shop({ batch: { maxEvents: 7, maxRows: 7, maxBytes: 100_000 } })],
      sinks: { shop: sink },
      records: records(70),
      limits: { requestsPerLane: 1 },
    });
    await pipe.start();
    source.yieldRecords(70);
    await expect.poll(() => sink.sent.length, { timeout: 30_000 }).toBe(67);
    expect(pipe.inFlight().deliveries).toBe(3);
    expect(source.commits.at(-1)?.metadata ?? '').toContain('"done"');
    sink.failing = false;
    await pipe.finished();
    expect(await pipe.stop(60_000)).toBe(true);
    expect(sink.sent.toSorted()).toEqual(idsOf(70, 'All').toSorted());
    expect(letters).toEqual([]);
  });

  test('rule 3: a record held only by a blocked lane is not sent again to the healthy ones after a restart', async () => {
    const source = simulatedSource([{ topic: 'events', partition: 0, records: records(300) }]);
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now(), failure };
    const healthy = manualSink();
    const first = harness({ source, destinations: [shop(), other], sinks: { shop: blocked, other: healthy } });
    await first.pipe.start();
    source.yieldRecords(300);
    await expect.poll(() => healthy.sent.length).toBe(300);
    await expect.poll(() => source.commits.at(-1)?.metadata ?? '').toContain('"done"');
    expect(await first.pipe.stop(20)).toBe(false);
    expect(source.committed(0)).toBe(0);

    const healthyAgain = manualSink();
    const opened = manualSink();
    const second = harness({ source, destinations: [shop(), other], sinks: { shop: opened, other: healthyAgain } });
    await second.pipe.start();
    source.yieldRecords(300);
    await second.pipe.finished();
    expect(await second.pipe.stop(1000)).toBe(true);
    expect(healthyAgain.sent).toEqual([]);
    expect(opened.sent).toEqual(idsOf(300, 'All'));
    expect(source.committed(0)).toBe(300);
    expect(source.commits.at(-1)?.metadata).toBeUndefined();
  });

  test('rule 3: a commit that was made under an earlier epoch does not count for the partition that came back', async () => {
    const source = simulatedSource([{ topic: 'events', partition: 0, records: records(20) }]);
    const sink = manualSink();
    const { pipe } = harness({ source, destinations: [shop()], sinks: { shop: sink } });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => source.committed(0)).toBe(10);
    source.rebalance(0);
    source.yieldRecords(20);
    await pipe.finished();
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(20);
    const offsets = source.commits.map(({ offset }) => offset);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(new Set(offsets).size).toBe(offsets.length);
  });

  test('rule 2: nothing is committed twice when nothing has changed', async () => {
    const { pipe, source } = harness({ destinations: [shop()], sinks: { shop: manualSink() }, records: records(5) });
    await pipe.start();
    source.yieldRecords(5);
    await expect.poll(() => source.committed(0)).toBe(5);
    const made = source.commits.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(source.commits).toHaveLength(made);
    await pipe.stop(100);
  });

  test('rule 5: a record larger than all that may be in flight is admitted, and reading goes on behind it', async () => {
    const large = trackRecord(0, 'Order', 0, 'x'.repeat(50_000));
    const { pipe, source } = harness({
      destinations: [shop()],
      sinks: { shop: manualSink() },
      records: [large, trackRecord(1, 'Order')],
      limits: { maxInFlightBytes: 1000 },
    });
    await pipe.start();
    source.yieldRecords(1);
    expect(source.paused()).toEqual([0]);
    await expect.poll(() => source.paused()).toEqual([]);
    source.yieldRecords(1);
    await pipe.finished();
    expect(await pipe.stop(1000)).toBe(true);
    expect(source.committed(0)).toBe(2);
  });

  test('rule 5: large records are routed over several turns of the event loop, in order', async () => {
    const sink = manualSink();
    const { pipe, source } = harness({
      destinations: [shop()],
      sinks: { shop: sink },
      records: Array.from({ length: 12 }, (_, offset) => trackRecord(offset, 'Order', 0, 'x'.repeat(300_000))),
      limits: { maxInFlightBytes: 100_000_000 },
    });
    await pipe.start();
    source.yieldRecords(12);
    expect(pipe.inFlight().bytes).toBeLessThan(2_000_000);
    expect(pipe.caughtUp()).toBe(false);
    await pipe.finished();
    expect(sink.sent).toEqual(idsOf(12, 'All'));
    expect(await pipe.stop(60_000)).toBe(true);
    expect(source.committed(0)).toBe(12);
  });

  test('rule 6: healthy lanes go on beside a blocked one until the window is full, and readiness can tell how long', async () => {
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now(), failure };
    const healthy = manualSink();
    const { pipe, source, letters, events } = harness({
      destinations: [shop(), other],
      sinks: { shop: blocked, other: healthy },
      records: records(300),
      limits: { maxInFlightRecordsPerPartition: 100 },
    });
    await pipe.start();
    source.yieldRecords(50);
    await expect.poll(() => events.some(({ kind }) => kind === 'window')).toBe(true);
    source.yieldRecords(40);
    await expect.poll(() => healthy.sent.length).toBe(90);
    await expect.poll(() => pipe.windowSecondsLeft()).toBeLessThan(60);
    expect(pipe.windowSecondsLeft()).toBeGreaterThanOrEqual(0);
    source.yieldRecords(50);
    expect(source.paused()).toEqual([0]);
    expect(pipe.windowSecondsLeft()).toBe(0);
    expect(pipe.blocked().map(({ lane, failure: { code } }) => [lane, code])).toEqual([['shop', 'META_190']]);
    expect(letters).toEqual([]);
    blocked.shut = false;
    await expect.poll(() => blocked.sent.length).toBe(140);
    await expect.poll(() => source.paused()).toEqual([]);
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(140);
  });

  test('rule 6: with on_blocked dead_letter a full window is set aside after the delay, and reading goes on', async () => {
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now() - 1000, failure };
    const healthy = manualSink();
    const { pipe, source, letters } = harness({
      destinations: [shop({ onBlocked: { deadLetterAfterMillis: 500 } }), other],
      sinks: { shop: blocked, other: healthy },
      records: records(200),
      limits: { maxInFlightRecordsPerPartition: 100 },
    });
    await pipe.start();
    source.yieldRecords(99);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(letters).toEqual([]);
    source.yieldRecords(1);
    await expect.poll(() => letters.length).toBe(100);
    expect(new Set(letters.map(({ failure: { code } }) => code))).toEqual(new Set(['LANE_BLOCKED']));
    expect(letters[0]?.failure.message).toContain('META_190');
    await expect.poll(() => source.paused()).toEqual([]);
    source.yieldRecords(20);
    await expect.poll(() => healthy.sent.length).toBe(120);
    await pipe.stop(50);
    expect(source.committed(0)).toBe(100);
  });

  test('rule 6: a stop does not wait for a lane that waits for a person', async () => {
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now(), failure };
    const { pipe, source } = harness({ destinations: [shop()], sinks: { shop: blocked }, records: records(5) });
    await pipe.start();
    source.yieldRecords(5);
    // So long it would take, if it waited.
    expect(await pipe.stop(24 * 3_600_000)).toBe(false);
    expect(source.committed(0)).toBe(0);
  });

  test('rule 16: a subscription of which too much is rejected waits, and the others go on', async () => {
    const bad = fakeSubscription('Bad', () => true, { resolve: () => ({ name: 'Bad', id: '' }) });
    const good = fakeSubscription('Good', () => true);
    const destination = fakeDestination([bad, good], {
      name: 'shop',
      settings: fakeSettings({ rejectionRate: { share: 0.5, minimum: 20 } }),
    });
    const sink = manualSink();
    const { pipe, source, letters, events } = harness({
      destinations: [destination],
      sinks: { shop: sink },
      records: records(100),
    });
    await pipe.start();
    source.yieldRecords(100);
    await expect.poll(() => sink.sent.length).toBe(100);
    await expect.poll(() => letters.length).toBe(20);
    expect(pipe.blocked().map(({ lane, failure: { code } }) => [lane, code])).toEqual([['shop/Bad', 'FUSE_BLOWN']]);
    expect(events.filter(({ kind }) => kind === 'lane_blocked')).toHaveLength(1);
    expect(source.committed(0)).toBeLessThanOrEqual(20);
    pipe.resume();
    await expect.poll(() => letters.length).toBe(100);
    expect(new Set(letters.map(({ record }) => record.offset)).size).toBe(100);
    await expect.poll(() => source.committed(0)).toBe(100);
    expect(pipe.blocked()).toEqual([]);
    await pipe.stop(1000);
  });

  test('rule 16: refusals of Meta open the circuit breaker too; expiry and undecodable records do not', async () => {
    const answers: Record<string, FinalOutcome> = {
      Refused: refused,
      Old: { ...refused, failure: { code: 'EVENT_TOO_OLD', message: 'old' } },
    };
    const run = async (event: string) => {
      const { pipe, source, letters } = harness({
        destinations: [shop({ rejectionRate: { share: 0.5, minimum: 20 } })],
        sinks: { shop: manualSink(({ eventName = '' }) => answers[eventName] ?? { kind: 'delivered' }) },
        records:
          event === '' ? records(60).map((record) => ({ ...record, value: Buffer.from('{') })) : records(60, event),
      });
      await pipe.start();
      source.yieldRecords(60);
      await expect.poll(() => pipe.inFlight().records === 0 || pipe.blocked().length > 0).toBe(true);
      const blocked = pipe.blocked().map(({ failure: { code } }) => code);
      await pipe.stop(20);
      return [blocked, letters.length >= 20];
    };
    expect(await run('Refused')).toEqual([['FUSE_BLOWN'], true]);
    expect(await run('Old')).toEqual([[], true]);
    expect(await run('')).toEqual([[], true]);
  });

  test('rule 16: after a restart, what was delivered before still counts beside the letters that were not written', async () => {
    const list = records(300).map((record, offset) => (offset % 10 === 0 ? trackRecord(offset, 'Bad') : record));
    const before = manualSink();
    const first = harness({
      destinations: [shop({ rejectionRate: { share: 0.5, minimum: 20 } })],
      sinks: { shop: before },
      records: list,
      writeDeadLetters: () => Promise.reject(new Error('not now')),
    });
    await first.pipe.start();
    first.source.yieldRecords(300);
    await expect.poll(() => before.sent.length).toBe(270);
    await first.pipe.stop(20);
    expect(first.source.commits.at(-1)?.metadata).toContain('"done"');
    const sink = manualSink();
    const second = harness({
      destinations: [shop({ rejectionRate: { share: 0.5, minimum: 20 } })],
      sinks: { shop: sink },
      source: first.source,
    });
    await second.pipe.start();
    second.source.yieldRecords(300);
    await second.pipe.finished();
    expect(second.pipe.blocked()).toEqual([]);
    expect(second.letters).toHaveLength(30);
    expect(sink.sent).toEqual([]);
    expect(await second.pipe.stop(60_000)).toBe(true);
    expect(second.source.committed(0)).toBe(300);
  });

  test('rule 17: more rejected than allowed blocks the lane; accepted ones are settled, resume makes letters of the bad', async () => {
    const sink = manualSink(({ eventName }) => (eventName === 'Refused' ? refused : { kind: 'delivered' }));
    const list = records(10).map((record, offset) => (offset % 5 === 4 ? trackRecord(offset, 'Refused') : record));
    const { pipe, source, letters } = harness({
      destinations: [shop({ maxRejectedPerBatch: 0 })],
      sinks: { shop: sink },
      records: [...list, ...Array.from({ length: 10 }, (_, index) => trackRecord(10 + index, 'Order'))],
    });
    await pipe.start();
    source.yieldRecords(10);
    await expect.poll(() => pipe.blocked().length).toBe(1);
    source.yieldRecords(10);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sink.sent).toHaveLength(10);
    expect(letters).toEqual([]);
    await expect.poll(() => source.committed(0)).toBe(4);
    const [blockage] = pipe.blocked();
    expect(blockage?.failure.message).toMatch(
      /^2 rejected, threshold 0\. \[META_100 — 2 samples; e\.g\. [0-9a-f]{8}\*\*\* at events\/0@\d+, [0-9a-f]{8}\*\*\* at events\/0@\d+\]$/,
    );
    pipe.resume();
    await expect.poll(() => letters.map(({ record }) => record.offset)).toEqual([4, 9]);
    await expect.poll(() => sink.sent.length).toBe(20);
    expect(new Set(sink.sent).size).toBe(20);
    await pipe.finished();
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(20);
  });

  test('rule 17: as many rejected as allowed become dead letters at once', async () => {
    const sink = manualSink(({ eventName }) => (eventName === 'Refused' ? refused : { kind: 'delivered' }));
    const { pipe, source, letters } = harness({
      destinations: [shop({ maxRejectedPerBatch: 1 })],
      sinks: { shop: sink },
      records: [trackRecord(0, 'Refused'), trackRecord(1, 'Order')],
    });
    await pipe.start();
    source.yieldRecords(2);
    await pipe.finished();
    expect(letters).toHaveLength(1);
    expect(letters[0]?.attempts).toBe(1);
    expect(await pipe.stop(1000)).toBe(true);
  });

  test('rule 33: no letter is written for a partition that went to another process', async () => {
    let writable = false;
    const { pipe, source, letters, events } = harness({
      destinations: [shop()],
      sinks: { shop: manualSink(() => refused) },
      records: records(3),
      writeDeadLetters: async () => {
        if (!writable) throw new Error('not now');
      },
    });
    await pipe.start();
    source.yieldRecords(3);
    await expect.poll(() => events.some(({ kind }) => kind === 'dead_letters_failed')).toBe(true);
    source.rebalance(0);
    writable = true;
    await expect.poll(() => pipe.inFlight().bytes).toBe(0);
    expect(letters).toEqual([]);
    source.yieldRecords(3);
    await expect.poll(() => letters.length).toBe(3);
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(3);
  });

  test('what a lost partition had in a blocked lane is given back, however often it comes and goes', async () => {
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now(), failure };
    const { pipe, source } = harness({ destinations: [shop()], sinks: { shop: blocked }, records: records(3000) });
    await pipe.start();
    source.yieldRecords(3000);
    const once = pipe.inFlight();
    for (let round = 0; round < 5; round++) {
      source.rebalance(0);
      source.yieldRecords(3000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await expect.poll(() => pipe.inFlight().bytes).toBeLessThan(once.bytes * 1.7);
    expect(pipe.inFlight().records).toBe(once.records);
    await pipe.stop(20);
  });

  test('ends when it was asked to even while it starts', async () => {
    let opened: (() => void) | undefined;
    const { pipe } = harness({
      destinations: [shop()],
      sinks: { shop: manualSink() },
      openLetters: () =>
        new Promise((resolve) => {
          opened = resolve;
        }),
    });
    const starting = pipe.start();
    const stopping = pipe.stop(1000);
    await expect.poll(() => opened).toBeDefined();
    opened?.();
    await starting;
    expect(await stopping).toBe(true);
    expect(await pipe.stop(1000)).toBe(true);
  });

  test('is finished with a partition that is empty, and says so when one is held', async () => {
    const empty = harness({ destinations: [shop()], sinks: { shop: manualSink() } });
    await empty.pipe.start();
    await empty.pipe.finished();
    await empty.pipe.stop(100);

    const source = {
      ...simulatedSource([{ topic: 'events', partition: 0, records: [] }]),
      ready: () => false,
      held: () => [{ topic: 'events', partition: 3, reason: 'partition 3 is held' }],
    };
    const held = harness({ source, destinations: [shop()], sinks: { shop: manualSink() } });
    await held.pipe.start();
    await expect(held.pipe.finished()).rejects.toThrow(/partition 3 is held/);
    await held.pipe.stop(100);
  });

  test('commits behind markers that are no records', async () => {
    const source = simulatedSource([{ topic: 'events', partition: 0, records: records(2) }]);
    let handlers: Parameters<typeof source.start>[0] | undefined;
    const watched = {
      ...source,
      start: async (given: Parameters<typeof source.start>[0]) => {
        handlers = given;
        await source.start(given);
      },
    };
    const { pipe } = harness({ source: watched, destinations: [shop()], sinks: { shop: manualSink() } });
    await pipe.start();
    source.yieldRecords(2);
    handlers?.batch({ topic: 'events', partition: 0, epoch: 1, records: [], readTo: 5, end: 5 });
    await pipe.finished();
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(5);
  });
});
