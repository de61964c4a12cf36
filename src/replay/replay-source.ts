import type { DeadLetter } from '../core/dead-letter.ts';
import { deadLetterKey, replayCountHeader, valueOmittedHeader } from '../core/dead-letter-key.ts';
import { entriesHeader } from '../core/entry-ranges.ts';
import type { DeadLetterArchive, HistoryObstacle } from '../core/ports.ts';
import type { RecordHeaders, SourceRecord } from '../core/record.ts';
import type { ReplayOutcome } from '../core/replayed.ts';
import type { Source, SourceHandlers } from '../core/source.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import type { ReplayScope } from '../pipeline/route/plan.ts';
import type { NewerChanges } from './newer-changes.ts';
import type { RefusedAgain } from './refused-again.ts';

/** Why a dead letter that passes the filters isn't replayed. */
export type NotReplayed =
  | 'already_replayed'
  | 'too_many_hops'
  | 'value_omitted'
  | 'unknown_subscription'
  | HistoryObstacle;

export interface ReplayOptions {
  readonly archive: DeadLetterArchive;
  /** The filters. */
  matches(deadLetter: DeadLetter): boolean;
  /** Whether the configuration still has the subscription. */
  knows(destination: string, subscription: string): boolean;
  /** Absent where no subscription changes audiences. */
  readonly newerChanges?: NewerChanges;
  /** Dead letters at most. */
  readonly limit: number;
}

/** What became of the dead letters so far. */
export interface ReplayCounts {
  read: number;
  /** They passed the filters; each once. */
  selected: number;
  replayed: number;
  /** Changes of audiences that newer ones cover: marked as replayed, not sent. */
  superseded: number;
  /** Settled, and remembered for the next replay. */
  marked: number;
  readonly notReplayed: Record<NotReplayed, number>;
}

interface Unmarked {
  readonly key: string;
  readonly superseded: boolean;
  readonly wasRefused: () => boolean;
  /** Once it was found out: writing it may fail, and is repeated. */
  outcome?: ReplayOutcome;
}

export interface ReplaySource extends Source {
  /** Only for the subscription that failed; and whatever can't be decoded any more, so that it isn't lost. */
  wants(record: SourceRecord, key: string): boolean;
  readonly scope: ReplayScope;
  readonly counts: ReplayCounts;
}

/** A dead letter that failed this often is unlikely to succeed at another attempt. */
const maxReplays = 5;
const recordsPerBatch = 100;
const keysPerWrite = 500;
const at = { topic: 'replay', partition: 0 };
const epoch = 1;

/**
 * The records of dead letters as a source: with their own position, which their identity is made of, but numbered anew
 * for the settling. A dead letter is marked as replayed once everything up to it is settled: delivered, or set aside
 * again with a higher replay count.
 */
export function createReplaySource(options: ReplayOptions, refusedAgain: RefusedAgain): ReplaySource {
  const { archive } = options;
  const counts = newReplayCounts();
  const targets = new WeakMap<SourceRecord, string>();
  /** Handed over and not marked as replayed yet. */
  let unmarked: Unmarked[] = [];
  let handedOver = 0;
  const stopping = new AbortController();
  let going = Promise.resolve();
  let paused: PromiseWithResolvers<void> | undefined;

  function recordOf(deadLetter: DeadLetter): SourceRecord {
    const { record, destination, subscription } = deadLetter;
    handedOver += 1;
    const again = { ...record, headers: headersOf(deadLetter), next: handedOver };
    const superseded = options.newerChanges?.isSuperseded(deadLetter) === true;
    if (superseded) counts.superseded += 1;
    else counts.replayed += 1;
    if (subscription !== undefined) targets.set(again, subscriptionKey(destination, subscription));
    unmarked.push({ key: deadLetterKey(deadLetter), superseded, wasRefused: refusedAgain.watch(deadLetter) });
    return again;
  }

  async function handOver(handlers: SourceHandlers, deadLetters: readonly DeadLetter[]): Promise<void> {
    await paused?.promise;
    if (stopping.signal.aborted || deadLetters.length === 0) return;
    handlers.batch({ ...at, epoch, records: deadLetters.map(recordOf) });
  }

  async function read(handlers: SourceHandlers): Promise<void> {
    let batch: DeadLetter[] = [];
    for await (const deadLetter of selectDeadLetters(options, counts, stopping.signal)) {
      if (stopping.signal.aborted) return;
      batch.push(deadLetter);
      if (batch.length < recordsPerBatch) continue;
      await handOver(handlers, batch);
      batch = [];
    }
    await handOver(handlers, batch);
    if (!stopping.signal.aborted) handlers.finished();
  }

  function resume(): void {
    paused?.resolve();
    paused = undefined;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    resume();
    await going;
  }

  return {
    counts,
    scope: replayScope(options.newerChanges),
    wants: (record, key) => {
      const target = targets.get(record);
      return key === subscriptionKey() || target === undefined || key === target;
    },
    async start(handlers) {
      handlers.assigned([{ ...at, position: 0, fresh: true }], epoch);
      going = read(handlers).catch((error: unknown) => {
        if (!stopping.signal.aborted) handlers.failed(error instanceof Error ? error : new Error(String(error)));
      });
    },
    pause() {
      paused ??= Promise.withResolvers<void>();
    },
    resume,
    async commit(requests) {
      const settled = requests.at(-1)?.offset ?? 0;
      while (counts.marked < settled) {
        const some = unmarked.slice(0, Math.min(keysPerWrite, settled - counts.marked));
        for (const each of some) each.outcome ??= outcomeOf(each);
        await archive.markReplayed(some.map(({ key, outcome = 'done' }) => ({ key, outcome })));
        counts.marked += some.length;
        unmarked = unmarked.slice(some.length);
      }
      return 'committed';
    },
    quiesce: stop,
    stop,
    ready: () => !stopping.signal.aborted,
  };
}

function outcomeOf({ superseded, wasRefused }: Unmarked): ReplayOutcome {
  const refused = wasRefused();
  if (superseded) return 'superseded';
  return refused ? 'refused' : 'done';
}

export function newReplayCounts(): ReplayCounts {
  const notReplayed = {
    already_replayed: 0,
    too_many_hops: 0,
    value_omitted: 0,
    unknown_subscription: 0,
    group_running: 0,
    range_gone: 0,
    source_unknown: 0,
  };
  return { read: 0, selected: 0, replayed: 0, superseded: 0, marked: 0, notReplayed };
}

/** What of a replayed record is delivered. */
export function replayScope(newerChanges: NewerChanges | undefined): ReplayScope {
  return {
    entries: ({ headers }) => headers?.[entriesHeader]?.toString(),
    isCovered: (record, target, change) => newerChanges?.isCovered(record, target, change) ?? false,
  };
}

/** The record's own, how often it was replayed before, and the entries that it is about. */
export function headersOf({ record, failure, replayCount = 0 }: DeadLetter): RecordHeaders {
  const { entries } = failure;
  return {
    ...record.headers,
    [replayCountHeader]: String(replayCount),
    ...(entries !== undefined && { [entriesHeader]: entries }),
  };
}

/**
 * The dead letters to replay, each once, however often it was written. Counts those that are left out. Where there are
 * changes of audiences the dead letters are read twice, and what came after them is read in between.
 */
export async function* selectDeadLetters(
  options: ReplayOptions,
  counts: ReplayCounts,
  signal: AbortSignal,
): AsyncGenerator<DeadLetter> {
  const { newerChanges } = options;
  const replayed = await options.archive.replayedKeys();
  if (newerChanges !== undefined) {
    for await (const deadLetter of chosen(options, replayed, newReplayCounts())) {
      if (signal.aborted) return;
      newerChanges.watch(deadLetter);
    }
    await newerChanges.read(signal);
    if (signal.aborted) return;
  }
  yield* chosen(options, replayed, counts);
}

async function* chosen(
  options: ReplayOptions,
  replayed: ReadonlySet<string>,
  counts: ReplayCounts,
): AsyncGenerator<DeadLetter> {
  const seen = new Set<string>();
  let selected = 0;
  for await (const deadLetter of options.archive.deadLetters()) {
    counts.read += 1;
    if (!options.matches(deadLetter)) continue;
    const key = deadLetterKey(deadLetter);
    if (seen.has(key)) continue;
    seen.add(key);
    counts.selected += 1;
    const reason = replayed.has(key) ? 'already_replayed' : await obstacle(deadLetter, options);
    if (reason !== undefined) {
      counts.notReplayed[reason] += 1;
      continue;
    }
    yield deadLetter;
    selected += 1;
    if (selected >= options.limit) return;
  }
}

async function obstacle(
  deadLetter: DeadLetter,
  { knows, newerChanges }: ReplayOptions,
): Promise<NotReplayed | undefined> {
  const { record, destination = '', subscription, replayCount = 0 } = deadLetter;
  if (replayCount >= maxReplays) return 'too_many_hops';
  if (record.headers?.[valueOmittedHeader] !== undefined) return 'value_omitted';
  if (subscription !== undefined && !knows(destination, subscription)) return 'unknown_subscription';
  return newerChanges?.obstacle(deadLetter);
}
