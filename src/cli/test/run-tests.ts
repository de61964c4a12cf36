import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { samples } from '../../../examples/samples.ts';
import { loadDestinations } from '../../config/load.ts';
import type { ConfiguredDestination } from '../../config/destination.ts';
import type { Problem } from '../../config/document.ts';
import { hasErrors } from '../../config/problems.ts';
import type { Action } from '../../core/action.ts';
import { ConnectorError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { recordOf } from '../command/record-of.ts';
import { makeFolder, writeText } from '../command/write-files.ts';
import { suggest } from '../../core/suggest.ts';
import { statedTime } from '../../kit/conversion/event-time.ts';
import { createExplainer, type Explanation } from '../../explain/explain-event.ts';
import { readEvents } from '../explain/read-events.ts';
import { type Coverage, createCoverage } from './coverage.ts';
import { type Mismatch, mismatches, sentPart } from './expectations.ts';
import { keysOf, valueAt, withValue } from './json-path.ts';
import { loadTestFile, type MappingTest, type TestFile } from './test-file.ts';

export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly passed: boolean;
  /** What isn't as expected, each with its place in the test file. */
  readonly problems: readonly Problem[];
  readonly millis: number;
}

export interface FileResult {
  readonly file: string;
  readonly results: readonly TestResult[];
  /** The test file or its destination file can't be used; there are no results then. */
  readonly problems: readonly Problem[];
  readonly coverage: Coverage | undefined;
}

export interface RunOptions {
  readonly actions: ReadonlyMap<string, Action>;
  /** Write golden files instead of comparing with them. */
  readonly update: boolean;
  /** Run the tests whose names contain this. */
  readonly filter: string | undefined;
}

const maxRecordBytes = 10 * 1024 * 1024;

/** Runs every test of a file. Sends nothing, and needs no secret: what a destination file refers to is not read. */
export async function runTestFile(path: string, options: RunOptions): Promise<FileResult> {
  const file = loadTestFile(path);
  if ('problems' in file) return { file: path, results: [], problems: file.problems, coverage: undefined };
  const loaded = loadDestinations(file.mappings, { actions: options.actions, environment: {} });
  if (hasErrors(loaded.problems)) return { file: path, results: [], problems: loaded.problems, coverage: undefined };
  const coverage = createCoverage(loaded.destinations);
  const results: TestResult[] = [];
  for (const [index, test] of wanted(file, options.filter)) {
    results.push(await runTest(file, test, index, loaded.destinations, coverage, options.update));
  }
  return { file: path, results, problems: [], coverage };
}

function wanted({ tests }: TestFile, filter: string | undefined): readonly (readonly [number, MappingTest])[] {
  const only = tests.some((test) => test.only === true);
  return [...tests.entries()].filter(
    ([, test]) => (!only || test.only === true) && (filter === undefined || test.name.includes(filter)),
  );
}

async function runTest(
  file: TestFile,
  test: MappingTest,
  index: number,
  destinations: readonly ConfiguredDestination[],
  coverage: Coverage,
  update: boolean,
): Promise<TestResult> {
  const began = performance.now();
  const events = (await eventsOf(file, test)).map((event) => changed(event, test.set));
  const now = file.now ?? latestTimestamp(events) ?? Date.now();
  const decode = { envelope: [], records: test.records ?? file.records, maxRecordBytes };
  const explain = createExplainer({ destinations, decode, now, details: true, showIdentifiers: true });
  const found = events.flatMap((event, at) => [...explain(recordIn(test, bytesOf(event), at, now), at)]);
  for (const each of found) coverage.add(each);
  const wrong = found.flatMap((each) => mismatches(test.expect, each));
  wrong.push(...goldenMismatches(file, test, found, update));
  if (found.length === 0) wrong.push({ path: [], message: 'there is no event' });
  return {
    file: file.path,
    name: test.name,
    passed: wrong.length === 0,
    problems: wrong.map(({ path, message }) =>
      file.document.locate({ severity: 'error', code: 'TEST_FAILED', message: `${test.name}: ${message}`, path }, [
        'tests',
        index,
        'expect',
      ]),
    ),
    millis: performance.now() - began,
  };
}

function recordIn({ record }: MappingTest, value: Buffer, index: number, now: number): SourceRecord {
  const { topic, key, headers } = record ?? {};
  return {
    ...recordOf(value, index, now, topic),
    ...(key !== undefined && { key: Buffer.from(key) }),
    ...(headers !== undefined && { headers }),
  };
}

type GivenEvent = JsonObject | Buffer;

async function eventsOf({ path }: TestFile, test: MappingTest): Promise<readonly GivenEvent[]> {
  if (test.event !== undefined) return [test.event];
  if (test.events !== undefined) return test.events;
  if (test.file !== undefined) return readEvents(join(dirname(path), test.file));
  const name = test.sample ?? '';
  const sample = Object.hasOwn(samples, name) ? samples[name] : undefined;
  if (sample !== undefined) return [sample];
  const meant = suggest(name, Object.keys(samples)) ?? Object.keys(samples).join(', ');
  throw new ConnectorError('USAGE', `${path}: there is no sample "${name}"; there is ${meant}`);
}

function changed(event: GivenEvent, set: JsonObject | undefined): GivenEvent {
  if (set === undefined) return event;
  const parsed: unknown = Buffer.isBuffer(event) ? JSON.parse(event.toString('utf8')) : event;
  if (!isObject(parsed)) return event;
  return Object.entries(set).reduce((value, [path, given]) => withValue(value, keysOf(path), given), parsed);
}

function bytesOf(event: GivenEvent): Buffer {
  return Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event));
}

/** So that a test whose events have a date doesn't find them too old a week later. */
function latestTimestamp(events: readonly GivenEvent[]): number | undefined {
  const times = events.flatMap((event) => (Buffer.isBuffer(event) ? [] : (statedTime(undefined, event)?.millis ?? [])));
  return times.length === 0 ? undefined : Math.max(...times);
}

function goldenMismatches(
  { path }: TestFile,
  { expect }: MappingTest,
  found: readonly Explanation[],
  update: boolean,
): readonly Mismatch[] {
  if (expect.golden === undefined) return [];
  const file = join(dirname(path), expect.golden);
  const sent = found.flatMap(({ deliveries }) =>
    deliveries
      .filter(({ status }) => status === 'ready')
      .map((delivery) => ({
        destination: delivery.destination,
        subscription: delivery.subscription,
        path: delivery.request?.path,
        sent: sentPart(delivery),
      })),
  );
  if (update) {
    makeFolder(dirname(file));
    writeText(file, `${JSON.stringify(sent, null, 2)}\n`);
    return [];
  }
  let golden: unknown;
  try {
    golden = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [{ path: ['golden'], message: `${file} can't be read: write it with --update` }];
  }
  const same = isDeepStrictEqual(golden, JSON.parse(JSON.stringify(sent)));
  return same
    ? []
    : [{ path: ['golden'], message: `what is sent isn't what ${file} holds: ${firstDifference(golden, sent)}` }];
}

function firstDifference(golden: unknown, sent: unknown, path = '$'): string {
  const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
  if (isContainer(golden) && isContainer(sent)) {
    for (const key of new Set([...Object.keys(golden), ...Object.keys(sent)])) {
      const [before, after] = [valueAt(golden, [key]), valueAt(sent, [key])];
      if (!isDeepStrictEqual(before, after)) return firstDifference(before, after, `${path}.${key}`);
    }
  }
  return `${path} is ${JSON.stringify(sent) ?? 'nothing'}, was ${JSON.stringify(golden) ?? 'nothing'}`;
}
