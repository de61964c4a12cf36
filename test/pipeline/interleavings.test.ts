import { env } from 'node:process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { Delivery, Sink } from '../../src/core/delivery.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { isolating } from '../../src/delivery/isolating.ts';
import { retrying } from '../../src/delivery/retrying.ts';
import { createThrottleScopes } from '../../src/delivery/throttle-scopes.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { seeded } from '../support/seeded.ts';
import { simulatedSource } from '../support/simulated-source.ts';

/** Runs of some hundred steps each: a few seconds without the variable. */
const wanted = Number(env['PIPELINE_RUNS'] ?? 1_000);

const telemetry = { emit() {} };
const failure = { code: 'X', message: 'x' };
/**
 * Event names of records: what is delivered once, by two subscriptions, by none, refused by us, by Meta; delivered after
 * Meta has failed on it again and again; no event.
 */
const kinds = ['Once', 'Once', 'Once', 'Twice', 'Other', 'Bad', 'Refused', 'Failing', '{', null] as const;
type Kind = (typeof kinds)[number];

function recordOf(kind: Kind, partition: number, offset: number): SourceRecord {
  const event = { type: 'track', event: kind, messageId: `${partition}/${offset}` };
  const value = kind === null ? null : Buffer.from(kind === '{' ? kind : JSON.stringify(event));
  return fakeRecord({ partition, offset, value });
}

/** What must have happened before a record counts as settled: event ids delivered, letters written. */
function dues(kind: Kind, at: string): readonly string[] {
  if (kind === 'Once' || kind === 'Failing') return [`${at}-A`];
  if (kind === 'Twice') return [`${at}-A`, `${at}-B`];
  if (kind === '{') return [`letter ${at} `];
  return kind === 'Bad' || kind === 'Refused' ? [`letter ${at} A`] : [];
}

/** So many requests with it fail. */
const failingTimes = 7;

/** Macrotasks are real, and there are no others: one is enough for all that can happen by itself. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
/** By how much the wall clock was set, forwards or back. */
let setBy = 0;
const clock: Clock = {
  now: () => Date.now() + setBy,
  monotonic: () => Date.now(),
  sleep: (millis, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = setTimeout(resolve, millis);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

interface Call {
  readonly deliveries: readonly Delivery[];
  readonly answer: (outcomes: readonly Outcome[]) => void;
}

class Broken extends Error {}

/** One run: everything that happens is chosen by the seed. Throws where the promise is broken. */
async function play(seed: number): Promise<number> {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  const partitions = Array.from({ length: 1 + below(3) }, (_, partition) => {
    const fates = Array.from({ length: below(60) }, () => oneOf(kinds));
    // Every second offset: topics have gaps.
    const records = fates.map((kind, index) => recordOf(kind, partition, index * 2));
    return { topic: 'events', partition, records, fates };
  });
  const source = simulatedSource(partitions);
  const done = new Set<string>();
  const epochOf = new Map<number, number>();
  const deliveredIn = new Set<string>();
  const checkedTo = new Map<number, number>();
  const calls: Call[] = [];
  const failed = new Map<string, number>();
  const writes: { readonly letters: readonly DeadLetter[]; readonly end: (fails: boolean) => void }[] = [];
  const errors: Error[] = [];

  /** Everything below a commit was delivered or set aside before. */
  function checkCommits(): void {
    for (const { partition, fates } of partitions) {
      const committed = source.committed(partition);
      const from = checkedTo.get(partition) ?? 0;
      if (committed < from) throw new Broken(`partition ${partition} went back from ${from} to ${committed}`);
      for (let index = Math.ceil(from / 2); index * 2 < committed; index++) {
        for (const due of dues(fates[index] ?? null, `${partition}/${index * 2}`)) {
          if (!done.has(due)) throw new Broken(`${due} was skipped by a commit to ${committed}`);
        }
      }
      checkedTo.set(partition, committed);
    }
  }

  function delivered({ eventId, pending }: Delivery): void {
    done.add(String(eventId));
    if (pending.abandoned) return;
    const once = `${eventId} in epoch ${epochOf.get(pending.record.partition)}`;
    if (deliveredIn.has(once)) throw new Broken(`${once} was delivered twice`);
    deliveredIn.add(once);
  }

  function outcomesOf(deliveries: readonly Delivery[]): readonly Outcome[] {
    const roll = random();
    if (roll < 0.15)
      return deliveries.map(() => ({ kind: 'retryable', ambiguous: false, halve: random() < 0.1, failure }));
    if (roll < 0.2) return deliveries.map(() => ({ kind: 'throttled', scope: 'none', failure, waitMillis: 1000 }));
    const failing = deliveries.find(
      ({ eventId = '', eventName }) => eventName === 'Failing' && (failed.get(eventId) ?? 0) < failingTimes,
    );
    if (failing?.eventId !== undefined) {
      failed.set(failing.eventId, (failed.get(failing.eventId) ?? 0) + 1);
      return deliveries.map(() => ({ kind: 'retryable', ambiguous: false, halve: false, failure }));
    }
    if (deliveries.some(({ eventName }) => eventName === 'Refused')) {
      return deliveries.map(() => ({ kind: 'rejected', failure, whole: true, known: true }));
    }
    for (const delivery of deliveries) delivered(delivery);
    return deliveries.map(() => ({ kind: 'delivered' }));
  }

  const sink: Sink = {
    send: (deliveries, signal) =>
      new Promise((answer, reject) => {
        calls.push({ deliveries, answer });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  };

  function answerOne(): void {
    const [call] = calls.splice(below(calls.length), 1);
    call?.answer(outcomesOf(call.deliveries));
  }

  function endWrite(): void {
    const write = writes.shift();
    const fails = random() < 0.25;
    if (!fails) {
      for (const { record, subscription = '', failure: reason, eventId } of write?.letters ?? []) {
        // Bad luck may make one fail as often as if Meta always failed on it.
        if (reason.code === 'POISON') done.add(String(eventId));
        done.add(`letter ${record.partition}/${record.offset} ${subscription}`);
      }
    }
    write?.end(fails);
  }

  const pipe = createPipeline({
    source: {
      ...source,
      start: (handlers) =>
        source.start({
          ...handlers,
          assigned(list, epoch) {
            for (const { partition } of list) epochOf.set(partition, epoch);
            handlers.assigned(list, epoch);
          },
        }),
      async commit(requests) {
        for (const { partition, epoch, offset } of requests) {
          if (epochOf.get(partition) !== epoch) throw new Broken(`partition ${partition} to ${offset} of an old epoch`);
        }
        return random() < 0.1 ? 'failed' : source.commit(requests);
      },
    },
    deadLetters: {
      async open() {},
      write: (letters) =>
        new Promise((written, reject) =>
          writes.push({ letters, end: (fails) => (fails ? reject(new Error('not there')) : written()) }),
        ),
      async close() {},
    },
    destinations: [
      fakeDestination(
        [
          fakeSubscription('A', (event) => event['event'] !== 'Other'),
          fakeSubscription('B', (event) => event['event'] === 'Twice'),
        ],
        { settings: fakeSettings({ rejectionRate: false, batch: { maxEvents: 7, maxRows: 7, maxBytes: 100_000 } }) },
      ),
    ],
    sinkFor() {
      const lane = 'shop';
      const laneGate = createGate({ lane, clock, telemetry, scopes: createThrottleScopes(clock) });
      const persistent = retrying({ sink, gate: laneGate, clock, random, telemetry, lane });
      return { ...isolating({ sink: persistent, gate: laneGate }), dropRemoved: persistent.dropRemoved };
    },
    decode: { envelope: [], maxRecordBytes: 1_000_000 },
    clock,
    telemetry,
    limits: {
      maxInFlightBytes: 20_000,
      maxInFlightRecordsPerPartition: 25,
      requestsPerLane: 3,
      conversionsLingerMillis: 20,
      commitIntervalMillis: 50,
      commitEveryRecords: 10,
      retentionMarginMillis: 60_000,
    },
    failed: (error) => errors.push(error),
  });

  const actions = [
    () => source.yieldRecords(1 + below(12)),
    () => source.yieldRecords(1 + below(12)),
    answerOne,
    answerOne,
    endWrite,
    () => vi.advanceTimersByTime(1 + below(60)),
    () => vi.advanceTimersByTime(1 + below(60)),
    () => (random() < 0.4 ? source.rebalance(below(partitions.length)) : undefined),
    () => {
      setBy += (below(2) - 0.5) * below(2 * 3_600_000);
    },
  ];
  async function step(action: () => void): Promise<void> {
    action();
    await settle();
    checkCommits();
    const [error] = errors;
    if (error !== undefined) throw error;
  }

  setBy = 0;
  await pipe.start();
  let steps = 0;
  for (const last = 20 + below(60); steps < last; steps++) await step(oneOf(actions));

  // Now the world behaves, as far as it can: everything ends.
  const total = partitions.reduce((sum, { records }) => sum + records.length, 0);
  const isOver = () =>
    partitions.every(({ partition, records }) => source.committed(partition) >= (records.at(-1)?.next ?? 0));
  for (; total > 0 && !isOver() && steps < 5000; steps++) {
    await step(() => {
      source.yieldRecords(20);
      answerOne();
      endWrite();
      vi.advanceTimersByTime(2_000);
    });
  }
  if (total > 0 && !isOver()) throw new Broken('it never came to its end');
  const stopped = pipe.stop(1000);
  for (let turn = 0; turn < 20; turn++) {
    await settle();
    vi.advanceTimersByTime(20);
  }
  if (!(await stopped)) throw new Broken('something was in flight at the end');
  expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
  return steps;
}

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

test(
  'settle, fail, revoke and commit in any order: nothing is skipped, nothing is acknowledged twice',
  async () => {
    let runs = 0;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.integer({ min: 1, max: 2 ** 31 - 1 })), async (seed) => {
        steps += await play(seed);
        runs += 1;
      }),
      { numRuns: wanted },
    );
    console.log(`${runs} runs of the pipeline, ${steps} steps`);
  },
  24 * 3_600_000,
);
