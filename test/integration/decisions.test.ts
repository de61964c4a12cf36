import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createExplainer } from '../../src/explain/explain-event.ts';
import { summarize } from '../../src/cli/explain/match-quality.ts';
import { type ConfiguredDestination, loadDestination } from '../../src/config/destination.ts';
import { readSettings } from '../../src/config/environment.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { textOf } from '../../src/core/encoded-body.ts';
import type { Source } from '../../src/core/source.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createFileDeadLetters } from '../../src/file/dead-letters.ts';
import { createFileSource } from '../../src/file/source.ts';
import type { AudiencePort } from '../../src/pipeline/audience/audience-port.ts';
import type { LaneSink } from '../../src/pipeline/lane/lane.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { planRecord } from '../../src/pipeline/route/plan.ts';
import { previewReplay } from '../../src/replay/replay.ts';
import { mixedDestinations, mixedLine, parkedFor } from '../support/mixed-records.ts';
import { seeded } from '../support/seeded.ts';
import { type Told, toldByExplain, toldByPlan, toldOf } from '../support/told-decisions.ts';

/**
 * One plan of a record, and its readers: what the connector does with a file, what `explain`, its summary and replay's
 * preview say of it. Seeded, so that a failure can be had again.
 */
const seed = 1207;
const count = 5_000;

/** Everything is asked at the same time, so that ages agree. */
const now = Date.now();
const environment = { META_ACCESS_TOKEN: 'a-token-for-the-test' };
const decode = { envelope: [], maxRecordBytes: 20_000 };

function withTags(source: Source, seen: SourceRecord[]): Source {
  return {
    ...source,
    start: (handlers) =>
      source.start({
        ...handlers,
        batch(read) {
          const records = read.records.map((record): SourceRecord => {
            const parked = parkedFor(seen.length);
            const tagged = { ...record, ...(parked !== undefined && { parked: { ...parked, at: record.offset } }) };
            // The source uses its buffers again.
            seen.push({ ...tagged, value: record.value === null ? null : Buffer.from(record.value) });
            return tagged;
          });
          handlers.batch({ ...read, records });
        },
      }),
  };
}

/** What a pipeline did with the file, sent to nobody. */
async function runFile(path: string, lettersPath: string, destinations: readonly ConfiguredDestination[]) {
  const records: SourceRecord[] = [];
  const told: Told[] = [];
  const events: TelemetryEvent[] = [];
  const errors: Error[] = [];
  const sink: LaneSink = {
    async send(deliveries) {
      return deliveries.map((delivery) => {
        const { destination, subscription, pending, eventId } = delivery;
        const what = eventId === undefined ? 'row' : `send ${textOf(delivery)}`;
        told.push(toldOf(pending.record.offset, what, destination, subscription));
        return { kind: 'delivered' };
      });
    },
  };
  const audiences: AudiencePort = {
    lingerMillis: 5,
    handOverMillis: 0,
    search: (_, target) => ({
      found: Promise.resolve({ id: target.kind === 'id' ? target.id : target.name, valueBased: false }),
      blocked: () => undefined,
      wake: () => undefined,
      close: () => undefined,
    }),
    sending: () => ({ sink, quiet: async () => undefined }),
  };
  const queue = createFileDeadLetters(lettersPath);
  const written: DeadLetter[] = [];
  const running = createPipeline({
    source: withTags(createFileSource(path), records),
    deadLetters: {
      ...queue,
      async write(letters) {
        written.push(...letters);
        await queue.write(letters);
      },
    },
    destinations,
    sinkFor: () => sink,
    audiences,
    decode,
    clock: {
      now: () => now,
      monotonic: () => performance.now(),
      sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
    },
    telemetry: { emit: (event) => void events.push(event) },
    limits: {
      maxInFlightBytes: 10_000_000,
      maxInFlightRecordsPerPartition: 5_000,
      requestsPerLane: 2,
      conversionsLingerMillis: 1,
      commitIntervalMillis: 5,
      commitEveryRecords: 1_000,
      retentionMarginMillis: 3_600_000,
    },
    stopsOnRejections: false,
    failed: (error) => errors.push(error),
  });
  await running.start();
  await running.finished();
  const clean = await running.stop(10_000);
  for (const { record, failure, destination, subscription } of written) {
    told.push(toldOf(record.offset, `letter ${failure.code}`, destination, subscription));
  }
  return { records, told, events, errors, clean };
}

/** What telemetry counts isn't told record by record: how often each was skipped, and for what reason. */
function skipsOf(told: readonly Told[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of told) {
    const [, names] = /^\d+ (.*skip .*)$/.exec(text) ?? [];
    if (names !== undefined) counts.set(names, (counts.get(names) ?? 0) + 1);
  }
  return counts;
}

const isSkip = (text: Told) => text.includes('/') && / skip \w+$/.test(text);

let run: Awaited<ReturnType<typeof runFile>>;
let destinations: readonly ConfiguredDestination[];
let planned: readonly Told[];
let lettersPath: string;

beforeAll(async () => {
  const actions = await loadBuiltInActions();
  destinations = mixedDestinations.map((file) => {
    const { destination, problems } = loadDestination(`${file.name}.json`, JSON.stringify(file), {
      actions,
      environment,
    });
    if (destination === undefined) throw new Error(`the destination of the test is wrong: ${JSON.stringify(problems)}`);
    return destination;
  });
  const folder = mkdtempSync(join(tmpdir(), 'decisions-'));
  const path = join(folder, 'events.ndjson');
  lettersPath = join(folder, 'letters.ndjson');
  const random = seeded(seed);
  writeFileSync(path, Array.from({ length: count }, (_, index) => `${mixedLine(index, random, now)}\n`).join(''));
  run = await runFile(path, lettersPath, destinations);
  planned = run.records.flatMap((record) =>
    toldByPlan(record, planRecord(record, destinations, { decode }, now, () => false).decisions),
  );
});

describe(`of ${count} generated records`, () => {
  test('the file has every kind: sent, rejected, duplicates, lists, removed subscriptions, consent, integrations', () => {
    expect(run.records).toHaveLength(count);
    const kindsSeen = [
      'shop/Orders send ',
      'crm/Rows row',
      'crm/Lists row',
      'letter DUPLICATE_EVENT_ID',
      'letter SUBSCRIPTION_REMOVED',
      'skip consent',
      'skip integrations',
      'skip already_done',
      'letter NOT_JSON',
      'letter UNKNOWN_TYPE',
      'letter RECORD_TOO_LARGE',
      'letter EVENT_TOO_LARGE',
      'letter EVENT_TOO_OLD',
      'letter PURCHASE_VALUE_MISSING',
    ];
    for (const kind of kindsSeen) {
      expect(planned.filter((text) => text.includes(kind)).length, kind).toBeGreaterThan(5);
    }
  });

  test('the connector does what the plan says', () => {
    expect(run.errors).toEqual([]);
    expect(run.clean).toBe(true);
    expect(run.told.toSorted()).toEqual(planned.filter((text) => !isSkip(text)).toSorted());
    const skipped = new Map<string, number>();
    for (const event of run.events) {
      if (event.kind !== 'skipped') continue;
      const names = `${event.destination}/${event.subscription} skip ${event.reason}`;
      skipped.set(names, (skipped.get(names) ?? 0) + event.count);
    }
    expect(skipped).toEqual(skipsOf(planned));
  });

  test('explain shows what the plan says', () => {
    const explain = createExplainer({ destinations, decode, now, details: false, showIdentifiers: false });
    expect(run.records.flatMap((record) => toldByExplain(record, explain)).toSorted()).toEqual(planned.toSorted());
  });

  test('the summary of explain counts what the connector counts', () => {
    const matched = new Map<string, number>();
    for (const event of run.events) {
      if (event.kind === 'matched') {
        matched.set(event.subscription, (matched.get(event.subscription) ?? 0) + event.count);
      }
    }
    for (const summary of summarize(run.records, { destinations, decode, now })) {
      const { destination, subscription, rejected, skipped } = summary;
      const of = (text: Told, what: string) => text.includes(` ${destination}/${subscription} ${what}`);
      const letters = planned.filter((text) => of(text, 'letter ') && !text.endsWith('SUBSCRIPTION_REMOVED'));
      const skips = planned.filter((text) => of(text, 'skip '));
      const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, n) => all + n, 0);
      expect(summary.matched, subscription).toBe(matched.get(subscription));
      expect(sum(rejected), subscription).toBe(letters.length);
      expect(sum(skipped), subscription).toBe(skips.length);
      const offsets = new Set(
        planned.filter((text) => of(text, 'send ') || of(text, 'row')).map((text) => text.split(' ')[0]),
      );
      expect(summary.ready, subscription).toBe(offsets.size);
    }
  });

  test("replay's preview rejects the letters again for the reason that they were set aside for", async () => {
    const setup = {
      settings: { ...readSettings({}), MAX_RECORD_BYTES: decode.maxRecordBytes },
      destinations,
      deadLetters: `file:${lettersPath}`,
      matches: () => true,
      limit: Number.POSITIVE_INFINITY,
      sources: [],
      force: true,
    };
    let seen = 0;
    for await (const { deadLetter, status, failure } of previewReplay(setup)) {
      seen += 1;
      expect(`${status} ${failure?.code}`, deadLetter.subscription).toBe(`rejected ${deadLetter.failure.code}`);
    }
    const letters = planned.filter((text) => / letter \w+$/.test(text));
    const removed = letters.filter((text) => text.endsWith('SUBSCRIPTION_REMOVED'));
    expect(seen).toBe(letters.length - removed.length);
  });
});
