import { describe, expect, test } from 'vitest';
import { fingerprintOf, parseMetadata } from '../../src/pipeline/partition/commit-metadata.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { simulatedSource } from '../support/simulated-source.ts';
import { harness, manualSink, trackRecord } from './harness.ts';

describe('the stop', () => {
  /** A run of five records, of whose commits so many fail after the stop was asked for. */
  async function stopped(failing: number): Promise<{ readonly clean: boolean; readonly committed: number }> {
    const records = Array.from({ length: 5 }, (_, offset) => trackRecord(offset, 'Order'));
    const simulated = simulatedSource([{ topic: 'events', partition: 0, records }]);
    let left = failing;
    const source = {
      ...simulated,
      commit: async (requests: Parameters<typeof simulated.commit>[0]) => {
        left -= 1;
        return left >= 0 ? ('failed' as const) : simulated.commit(requests);
      },
    };
    const run = harness({
      source,
      destinations: [fakeDestination([fakeSubscription('All', () => true)])],
      sinks: { shop: manualSink() },
      limits: { commitIntervalMillis: 60_000 },
    });
    await run.pipe.start();
    source.yieldRecords(5);
    await run.pipe.finished();
    return { clean: await run.pipe.stop(1000), committed: source.committed(0) };
  }

  test('tries the last commit again, for as long as a group may take to share its partitions anew', async () => {
    expect(await stopped(20)).toEqual({ clean: true, committed: 5 });
  });

  test('is not clean when what was settled could not be committed', async () => {
    expect(await stopped(Number.POSITIVE_INFINITY)).toEqual({ clean: false, committed: 0 });
  });

  test('ends within its time while the broker answers nothing, and is not clean', async () => {
    const records = Array.from({ length: 5 }, (_, offset) => trackRecord(offset, 'Order'));
    const simulated = simulatedSource([{ topic: 'events', partition: 0, records }]);
    const silent = () => new Promise<never>(() => undefined);
    const sink = manualSink();
    let passed = 0;
    const { pipe, events } = harness({
      source: { ...simulated, commit: silent, stop: silent, quiesce: silent },
      destinations: [fakeDestination([fakeSubscription('All', () => true)])],
      sinks: { shop: sink },
      limits: { commitIntervalMillis: 60_000 },
      now: () => Date.now() + passed,
    });
    await pipe.start();
    simulated.yieldRecords(5);
    await expect.poll(() => sink.sent.length).toBe(5);
    const stopping = pipe.stop(3_600_000);
    passed += 3_600_000;
    expect(await stopping).toBe(false);
    expect(events.flatMap((event) => (event.kind === 'warning' ? [event.code] : []))).toEqual([
      'STOP_READING',
      'STOP_COMMITS',
      'STOP_SOURCE',
    ]);
  });

  test('is not clean when a partition went away meanwhile with what was not settled', async () => {
    const records = Array.from({ length: 5 }, (_, offset) => trackRecord(offset, 'Order'));
    const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
    const sink = manualSink();
    sink.shut = true;
    const { pipe } = harness({
      source: { ...source, quiesce: async () => source.rebalance(0) },
      destinations: [fakeDestination([fakeSubscription('All', () => true)])],
      sinks: { shop: sink },
    });
    await pipe.start();
    source.yieldRecords(5);
    sink.shut = false;
    expect(await pipe.stop(60_000)).toBe(false);
  });

  test('waits for what was read and is still being routed', async () => {
    const events = Array.from({ length: 600 }, (_, index) => ({
      type: 'track',
      event: 'Other',
      messageId: `${index}`,
    }));
    const { pipe, source } = harness({
      destinations: [fakeDestination([fakeSubscription('Some', ({ event }) => event === 'Order')])],
      sinks: { shop: manualSink() },
      records: [{ ...trackRecord(0, 'Other'), value: Buffer.from(JSON.stringify(events)) }],
    });
    await pipe.start();
    source.yieldRecords(1);
    expect(pipe.inFlight().records).toBe(1);
    expect(await pipe.stop(60_000)).toBe(true);
    expect(source.committed(0)).toBe(1);
  });

  test('does not wait for what has no room to be routed, because a lane waits for a person', async () => {
    const blockage = { since: 0, failure: { code: 'META_190', message: 'the token has expired' } };
    const { pipe, source } = harness({
      destinations: [fakeDestination([fakeSubscription('All', () => true)])],
      sinks: { shop: Object.assign(manualSink(), { shut: true, blockage }) },
      records: Array.from({ length: 20 }, (_, offset) => trackRecord(offset, 'Order')),
      limits: { maxInFlightBytes: 5_000 },
    });
    await pipe.start();
    source.yieldRecords(20);
    expect(pipe.inFlight().records).toBeLessThan(20);
    // So long it would take, if it waited.
    expect(await pipe.stop(24 * 3_600_000)).toBe(false);
  });

  test('rule 3: says in its last commit what is done above the record that a blocked lane holds', async () => {
    const blocked = Object.assign(manualSink(), {
      shut: true,
      blockage: { since: 0, failure: { code: 'META_190', message: 'the token has expired' } },
    });
    const healthy = manualSink();
    const all = [fakeSubscription('All', () => true)];
    const { pipe, source } = harness({
      destinations: [
        fakeDestination(all),
        fakeDestination(all, { name: 'other', settings: fakeSettings({ pixelId: '222' }) }),
      ],
      sinks: { shop: blocked, other: healthy },
      records: Array.from({ length: 5 }, (_, offset) => trackRecord(offset, 'Order')),
      limits: { commitIntervalMillis: 60_000 },
    });
    await pipe.start();
    source.yieldRecords(5);
    await expect.poll(() => healthy.sent.length).toBe(5);
    expect(await pipe.stop(60_000)).toBe(false);
    const { done } = parseMetadata(source.commits.at(-1)?.metadata, 0);
    expect([...done]).toEqual([[fingerprintOf('other/All'), { to: 5, holes: [] }]]);
  });
});
