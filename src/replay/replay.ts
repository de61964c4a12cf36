import type { ProcessSettings } from '../config/environment.ts';
import { groupOf, kafkaHistoryConfig } from '../config/kafka.ts';
import type { Connector } from '../connector/connector-types.ts';
import { createConnector } from '../connector/connector.ts';
import { openDeadLetterArchive } from '../connector/dead-letter-archive.ts';
import type { ConnectorInside } from '../connector/inside.ts';
import { withTokens } from '../connector/kafka-auth.ts';
import { createRecordDecoding, type RecordDecoding } from '../connector/record-decoding.ts';
import { systemClock } from '../connector/system-clock.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Failure } from '../core/outcome.ts';
import type { DeadLetterArchive, SourceHistory, Telemetry } from '../core/ports.ts';
import { changesAudiences, type Destination } from '../core/subscription.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { visible } from '../core/visible.ts';
import { createFileSourceHistory, topicOfFile } from '../file/source-history.ts';
import { createKafkaSourceHistory } from '../kafka/dead-letters/source-history.ts';
import { type Decision, planEvents } from '../pipeline/route/plan.ts';
import { createNewerChanges } from './newer-changes.ts';
import { preparedArchive, preparedHistory } from './prepared.ts';
import { createRefusedAgain } from './refused-again.ts';
import {
  createReplaySource,
  headersOf,
  newReplayCounts,
  type ReplayCounts,
  type ReplayOptions,
  replayScope,
  selectDeadLetters,
} from './replay-source.ts';
import { createRequestedChanges } from './requested-changes.ts';

export interface ReplaySetup {
  readonly settings: ProcessSettings;
  readonly destinations: readonly Destination[];
  /** `topic:NAME` (empty: the one of the settings) or `file:PATH`. What fails again is written there. */
  readonly deadLetters: string;
  matches(deadLetter: DeadLetter): boolean;
  readonly limit: number;
  /** `file:PATH` each: files that were read as sources, whose topic in dead letters is `file:NAME`. */
  readonly sources: readonly string[];
  /** Sends changes of audiences also where it can't be found out what came after them. */
  readonly force: boolean;
  /** The connector that this runs inside of. */
  readonly inside?: Pick<ConnectorInside, 'deadLetterQueue'>;
}

/** What would become of a dead letter. */
export interface Preview {
  readonly deadLetter: DeadLetter;
  readonly status: 'ready' | 'rejected' | 'not_matched' | 'superseded';
  readonly body?: string;
  /** Of people in audiences. */
  readonly changes?: number;
  readonly failure?: Failure;
}

export interface Replay {
  readonly counts: ReplayCounts;
  /** Dead letters delivered, and set aside again. */
  readonly outcomes: { readonly delivered: number; readonly failedAgain: number };
  readonly connector: Connector;
  close(): Promise<void>;
}

/** The connector with dead letters as its source. It is finished when each of them is settled. */
export function createReplay(setup: ReplaySetup): Replay {
  const decoding = decodingOf(setup);
  const archive = preparedArchive(archiveOf(setup), decoding);
  const refusedAgain = createRefusedAgain();
  const source = createReplaySource(optionsOf(setup, archive, decoding), refusedAgain);
  const outcomes = { delivered: 0, failedAgain: 0 };
  const counting: Telemetry = {
    emit(event) {
      if (event.kind === 'delivered') outcomes.delivered += event.count;
      if (event.kind === 'dead_letter') outcomes.failedAgain += 1;
    },
  };
  const connector = createConnector({
    // A connector may be running beside it with the port of the settings.
    settings: { ...setup.settings, OPS_PORT: 0 },
    destinations: setup.destinations,
    source: 'replay',
    replay: {
      source,
      wants: source.wants,
      scope: source.scope,
      ...(setup.inside !== undefined && { inside: setup.inside }),
    },
    deadLetters: setup.deadLetters,
    observers: [counting, refusedAgain.observer],
  });
  return { counts: source.counts, outcomes, connector, close: () => archive.close() };
}

/** What a replay would do, one dead letter at a time. Nothing is sent, and nothing is marked as replayed. */
export async function* previewReplay(setup: ReplaySetup, counts = newReplayCounts()): AsyncGenerator<Preview> {
  const decoding = decodingOf(setup);
  const archive = preparedArchive(archiveOf(setup), decoding);
  const options = optionsOf(setup, archive, decoding);
  const { destinations } = setup;
  const { newerChanges } = options;
  const planOptions = { decode: decoding.options, scope: replayScope(newerChanges) };
  try {
    for await (const deadLetter of selectDeadLetters(options, counts, new AbortController().signal)) {
      if (newerChanges?.isSuperseded(deadLetter) === true) {
        counts.superseded += 1;
        yield { deadLetter, status: 'superseded' };
        continue;
      }
      counts.replayed += 1;
      const { destination, subscription } = deadLetter;
      const target = subscription === undefined ? undefined : subscriptionKey(destination, subscription);
      const isUnwanted = (key: string) => target !== undefined && key !== subscriptionKey() && key !== target;
      const record = { ...deadLetter.record, headers: headersOf(deadLetter) };
      const plans = [...planEvents(record, destinations, planOptions, systemClock.now(), isUnwanted)];
      const previews = plans.flatMap(({ decisions }) => decisions.flatMap(previewsOf));
      if (previews.length === 0) yield { deadLetter, status: 'not_matched' };
      for (const preview of previews) yield { deadLetter, ...preview };
    }
  } finally {
    await archive.close();
  }
}

function previewsOf(decision: Decision): readonly Omit<Preview, 'deadLetter'>[] {
  switch (decision.kind) {
    case 'deliver':
      return [{ status: 'ready', body: decision.ready.body }];
    case 'change': {
      const { updates, failure } = decision;
      const changes = updates.reduce((sum, update) => sum + update.changes.length, 0);
      const rejected = failure === undefined ? [] : [{ status: 'rejected' as const, failure }];
      return [{ status: 'ready', changes }, ...rejected];
    }
    case 'empty':
    case 'skip':
      return [];
    default:
      return [{ status: 'rejected', failure: decision.failure }];
  }
}

/** As the source read them. */
function decodingOf({ settings }: ReplaySetup): RecordDecoding {
  return createRecordDecoding(settings, systemClock, (code, message) => console.error(visible(`${code}: ${message}`)));
}

function optionsOf(setup: ReplaySetup, archive: DeadLetterArchive, decoding: RecordDecoding): ReplayOptions {
  const { destinations, matches, limit, force } = setup;
  const known = new Set(
    destinations.flatMap(({ name, subscriptions }) => subscriptions.map(({ id }) => subscriptionKey(name, id))),
  );
  const requested = createRequestedChanges({
    destinations,
    decode: decoding.options,
    clock: systemClock,
  });
  return {
    archive,
    matches,
    limit,
    ...(destinations.some(changesAudiences) && {
      newerChanges: createNewerChanges({
        requested,
        history: preparedHistory(historyOf(setup, decoding), decoding),
        force,
      }),
    }),
    knows: (destination, subscription) => known.has(subscriptionKey(destination, subscription)),
  };
}

/** The history of a dead letter's topic: a file that was named, else the brokers of the settings. */
function historyOf({ settings, destinations, sources }: ReplaySetup, decoding: RecordDecoding): SourceHistory {
  const names = destinations.map(({ name }) => name);
  const files = new Map(
    sources.map(fileOf).map((path) => {
      const topic = topicOfFile(path);
      return [topic, createFileSourceHistory(path, decoding.valueOfLine(topic), names)];
    }),
  );
  const otherSenders = names.map((name) => groupOf(settings, name));
  const kafka =
    settings.KAFKA_BROKERS === undefined
      ? undefined
      : createKafkaSourceHistory({ ...withTokens(kafkaHistoryConfig(settings), systemClock), otherSenders });
  const historyFor = (topic: string) => (isFile(topic) ? files.get(topic) : kafka);
  return {
    obstacle: async (record) => historyFor(record.topic)?.obstacle(record) ?? 'source_unknown',
    async *read(topic, from) {
      yield* historyFor(topic)?.read(topic, from) ?? [];
    },
  };
}

const isFile = (source: string) => source.startsWith('file:');

function fileOf(source: string): string {
  if (isFile(source)) return source.slice('file:'.length);
  throw new ConnectorError('USAGE', `--source ${source}: give file:PATH`);
}

function archiveOf({ settings, deadLetters }: ReplaySetup): DeadLetterArchive {
  return openDeadLetterArchive(settings, { place: deadLetters, option: '--from' });
}
