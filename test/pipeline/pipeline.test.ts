import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { Delivery, FinalSink } from '../../src/core/delivery.ts';
import type { FinalOutcome } from '../../src/core/outcome.ts';
import type { Clock, DeadLetterQueue } from '../../src/core/ports.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { subscriptionKey } from '../../src/core/subscription-key.ts';
import { parseMetadata } from '../../src/pipeline/partition/commit-metadata.ts';
import { createPartialProgress } from '../../src/pipeline/partition/partial-progress.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import type { PipelineLimits } from '../../src/pipeline/pipeline-types.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { fakeDestination, fakeSubscription } from '../support/destinations.ts';
import { type SimulatedPartition, simulatedSource } from '../support/simulated-source.ts';

const limits: PipelineLimits = {
  maxInFlightBytes: 60_000,
  maxInFlightRecordsPerPartition: 50,
  requestsPerLane: 2,
  conversionsLingerMillis: 1,
  commitIntervalMillis: 2,
  commitEveryRecords: 20,
  retentionMarginMillis: 3_600_000,
};

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, Math.min(millis, 2))),
};

type Fate = 'once' | 'twice' | 'unmatched' | 'undecodable' | 'invalid' | 'refused' | 'tombstone' | 'several' | 'many';

const names: { readonly [F in Fate]: string } = {
  once: 'Once',
  twice: 'Twice',
  unmatched: 'Other',
  undecodable: '',
  several: '',
  many: '',
  invalid: 'Bad',
  refused: 'Refused',
  tombstone: '',
};

/** The names of the events of a record that holds several; more than are routed in one turn. */
const eventsOf: { readonly [F in Fate]?: readonly string[] } = {
  several: ['Once', 'Bad', 'Twice', 'Other', 'Refused', ''],
  many: Array.from({ length: 450 }, () => 'Once'),
};

function recordOf(fate: Fate, partition: number, offset: number): SourceRecord {
  const list = eventsOf[fate]?.map((event, index) =>
    event === '' ? 5 : { type: 'track', event, messageId: `${partition}/${offset}.${index}` },
  );
  if (list !== undefined) return fakeRecord({ partition, offset, value: Buffer.from(JSON.stringify(list)) });
  const event = { type: 'track', event: names[fate], messageId: `${partition}/${offset}` };
  const value = fate === 'tombstone' ? null : Buffer.from(fate === 'undecodable' ? '{' : JSON.stringify(event));
  return fakeRecord({ partition, offset, value });
}

/** What must have happened to a record in the end: event ids at Meta, and subscriptions with a dead letter. */
function expectation(
  fate: Fate,
  at: string,
): { readonly sent: readonly string[]; readonly letters: readonly string[] } {
  switch (fate) {
    case 'once':
      return { sent: [`${at}-A`], letters: [] };
    case 'twice':
      return { sent: [`${at}-A`, `${at}-B`], letters: [] };
    case 'undecodable':
      return { sent: [], letters: [`${at} `] };
    case 'invalid':
    case 'refused':
      return { sent: [], letters: [`${at} A`] };
    case 'several':
      return {
        sent: [`${at}.0-A`, `${at}.2-A`, `${at}.2-B`],
        letters: [`${at}.1 A`, `${at}.4 A`, `${at}.5 `],
      };
    case 'many':
      return { sent: (eventsOf.many ?? []).map((_, index) => `${at}.${index}-A`), letters: [] };
    default:
      return { sent: [], letters: [] };
  }
}

interface Fixture {
  readonly fates: readonly (readonly Fate[])[];
  readonly random: () => number;
}

function setUp({ fates, random }: Fixture) {
  const partitions: SimulatedPartition[] = fates.map((list, partition) => ({
    topic: 'events',
    partition,
    records: list.map((fate, offset) => recordOf(fate, partition, offset * 2)),
  }));
  const source = simulatedSource(partitions);
  const sent = new Set<string>();
  const letters = new Set<string>();
  const errors: Error[] = [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, random() * 3));
  const sink: FinalSink = {
    async send(deliveries: readonly Delivery[]) {
      await pause();
      return deliveries.map((delivery): FinalOutcome => {
        if (delivery.eventName === 'Refused') {
          return { kind: 'rejected', failure: { code: 'X', message: 'x' } };
        }
        sent.add(String(delivery.eventId));
        return { kind: 'delivered' };
      });
    },
  };
  const queue: DeadLetterQueue = {
    async open() {},
    async write(list: readonly DeadLetter[]) {
      await pause();
      if (random() < 0.2) throw new Error('the topic is not there');
      for (const { record, subscription } of list) {
        const place = record.event === undefined ? record.offset : `${record.offset}.${record.event.index}`;
        letters.add(`${record.partition}/${place} ${subscription ?? ''}`);
      }
    },
    async close() {},
  };
  const destination = fakeDestination([
    fakeSubscription('A', (event) => event['event'] !== 'Other'),
    fakeSubscription('B', (event) => event['event'] === 'Twice'),
  ]);
  const pipe = createPipeline({
    source,
    deadLetters: queue,
    destinations: [destination],
    sinkFor: () => sink,
    decode: { envelope: [], maxRecordBytes: 1_000_000 },
    clock,
    telemetry: { emit() {} },
    limits,
    failed: (error) => errors.push(error),
  });
  /** Everything below a committed offset must be done at the moment of the commit. */
  function checkCommits(): void {
    fates.forEach((list, partition) => {
      list.forEach((fate, index) => {
        if (index * 2 >= source.committed(partition)) return;
        const wanted = expectation(fate, `${partition}/${index * 2}`);
        for (const id of wanted.sent) expect(sent).toContain(id);
        for (const letter of wanted.letters) expect(letters).toContain(letter);
      });
    });
  }
  return { pipe, source, sent, letters, errors, checkCommits };
}

const fate = fc.constantFrom<Fate>(
  'once',
  'once',
  'once',
  'twice',
  'unmatched',
  'undecodable',
  'invalid',
  'refused',
  'tombstone',
  'several',
  'several',
  'many',
);

describe('the pipeline', () => {
  test('ends every record exactly as its fate says, whatever the order of things', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fate, { maxLength: 150 }), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.oneof(
            fc.constant('wait'),
            fc.integer({ min: 0, max: 2 }),
            fc.integer({ min: 1, max: 40 }).map((count) => ({ count })),
          ),
          { maxLength: 30 },
        ),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (fates, steps, numbers) => {
          const random = () => numbers.next().value ?? 0.5;
          const { pipe, source, sent, letters, errors, checkCommits } = setUp({ fates, random });
          await pipe.start();
          for (const step of steps) {
            if (step === 'wait') await new Promise((resolve) => setTimeout(resolve, 3));
            else if (typeof step === 'number') source.rebalance(step);
            else source.yieldRecords(step.count);
            checkCommits();
          }
          const total = fates.reduce((sum, list) => sum + list.length, 0);
          for (let round = 0; round < 2000 && !pipe.caughtUp() && total > 0; round++) {
            source.yieldRecords(40);
            await new Promise((resolve) => setTimeout(resolve, 1));
            checkCommits();
          }
          await pipe.finished();
          expect(await pipe.stop(5000)).toBe(true);
          checkCommits();
          expect(errors).toEqual([]);
          const wanted = fates.flatMap((list, partition) =>
            list.map((one, index) => expectation(one, `${partition}/${index * 2}`)),
          );
          expect([...sent].sort()).toEqual(wanted.flatMap((one) => one.sent).sort());
          expect([...letters].sort()).toEqual(wanted.flatMap((one) => one.letters).sort());
          fates.forEach((list, partition) => {
            expect(source.committed(partition)).toBe(list.length === 0 ? 0 : list.length * 2 - 1);
          });
          expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
        },
      ),
      { numRuns: 15 },
    );
  });

  test('routes a record of many events over several turns, and later records behind it', async () => {
    const records = [recordOf('many', 0, 0), recordOf('once', 0, 1)];
    const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
    const sent: string[] = [];
    const pipe = createPipeline({
      source,
      deadLetters: { async open() {}, async write() {}, async close() {} },
      destinations: [fakeDestination([fakeSubscription('A', () => true)])],
      sinkFor: () => ({
        async send(deliveries) {
          sent.push(...deliveries.map(({ eventId = '' }) => eventId));
          return deliveries.map(() => ({ kind: 'delivered' as const }));
        },
      }),
      decode: { envelope: [], maxRecordBytes: 1_000_000 },
      clock,
      telemetry: { emit() {} },
      limits: { ...limits, maxInFlightBytes: 10_000_000, requestsPerLane: 1 },
      failed: (error) => expect.fail(error.message),
    });
    await pipe.start();
    source.yieldRecords(1);
    source.yieldRecords(1);
    expect(pipe.inFlight().deliveries).toBeLessThan(300);
    await pipe.finished();
    const expected = [...(eventsOf.many ?? []).map((_, index) => `0/0.${index}-A`), '0/1-A'];
    expect(sent).toEqual(expected);
    expect(await pipe.stop(5_000)).toBe(true);
    expect(source.committed(0)).toBe(2);
  });

  test('commits nothing as done of a record of many events before its last one is routed', async () => {
    const track = (event: string, id: string) => ({ type: 'track', event, messageId: id });
    const many = [
      track('Once', 'first'),
      ...Array.from({ length: 9_000 }, () => track('Other', 'x')),
      track('Once', 'last'),
    ];
    const records = [recordOf('twice', 0, 0), fakeRecord({ offset: 1, value: Buffer.from(JSON.stringify(many)) })];
    const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
    let begun = false;
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const sent = new Set<string>();
    const pipe = createPipeline({
      source,
      deadLetters: { async open() {}, async write() {}, async close() {} },
      destinations: [
        fakeDestination([
          fakeSubscription('A', ({ event }) => event === 'Once'),
          fakeSubscription('B', ({ event }) => event === 'Twice'),
        ]),
      ],
      sinkFor: () => ({
        async send(deliveries) {
          begun = true;
          if (deliveries.some(({ eventName }) => eventName === 'Twice')) await held;
          for (const { eventId = '' } of deliveries) sent.add(eventId);
          return deliveries.map(() => ({ kind: 'delivered' as const }));
        },
      }),
      decode: { envelope: [], maxRecordBytes: 10_000_000 },
      clock,
      telemetry: { emit() {} },
      limits: { ...limits, maxInFlightBytes: 100_000_000, commitIntervalMillis: 1 },
      failed: (error) => expect.fail(error.message),
    });
    await pipe.start();
    const key = subscriptionKey('shop', 'A');
    source.yieldRecords(1);
    await expect.poll(() => begun).toBe(true);
    const saidEarly: string[] = [];
    const { commit } = source;
    source.commit = (requests) => {
      for (const { offset, metadata } of requests) {
        const after = createPartialProgress(parseMetadata(metadata, offset).done);
        if (after.isDone(key, 1) && !sent.has('last-A')) saidEarly.push(metadata ?? '');
      }
      return commit(requests);
    };
    source.yieldRecords(1);
    await expect.poll(() => source.commits.at(-1)?.metadata ?? '').toContain('"done"');
    expect(saidEarly).toEqual([]);
    release();
    await pipe.finished();
    expect(await pipe.stop(5_000)).toBe(true);
    expect(source.committed(0)).toBe(2);
  });

  test('pauses a partition at its window and goes on at half of it', async () => {
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const records = Array.from({ length: 200 }, (_, offset) => recordOf('once', 0, offset));
    const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
    const pipe = createPipeline({
      source,
      deadLetters: { async open() {}, async write() {}, async close() {} },
      destinations: [fakeDestination([fakeSubscription('A', () => true)])],
      sinkFor: () => ({
        async send(deliveries) {
          await gate;
          return deliveries.map(() => ({ kind: 'delivered' as const }));
        },
      }),
      decode: { envelope: [], maxRecordBytes: 1_000_000 },
      clock,
      telemetry: { emit() {} },
      limits,
      failed: (error) => expect.fail(error.message),
    });
    await pipe.start();
    source.yieldRecords(60);
    expect(source.paused()).toEqual([0]);
    source.yieldRecords(60);
    expect(pipe.inFlight().records).toBe(60);
    open?.();
    await expect.poll(() => source.paused()).toEqual([]);
    await pipe.stop(1000);
  });

  test('leaves uncommitted what could not be settled before the deadline', async () => {
    const records = [recordOf('unmatched', 0, 0), recordOf('once', 0, 1), recordOf('unmatched', 0, 2)];
    const source = simulatedSource([{ topic: 'events', partition: 0, records }]);
    const pipe = createPipeline({
      source,
      deadLetters: { async open() {}, async write() {}, async close() {} },
      destinations: [fakeDestination([fakeSubscription('A', (event) => event['event'] === 'Once')])],
      sinkFor: () => ({
        send: (_deliveries, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      }),
      decode: { envelope: [], maxRecordBytes: 1_000_000 },
      clock,
      telemetry: { emit() {} },
      limits,
      failed: (error) => expect.fail(error.message),
    });
    await pipe.start();
    source.yieldRecords(10);
    expect(await pipe.stop(50)).toBe(false);
    expect(source.committed(0)).toBe(1);
  });
});
