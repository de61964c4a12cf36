import { type Connector, createConnector } from './app.ts';
import type { ProcessSettings } from './config/environment.ts';
import { deadLetterConfig } from './config/kafka.ts';
import type { DeadLetter } from './core/delivery.ts';
import { ConnectorError } from './core/errors.ts';
import type { Failure } from './core/outcome.ts';
import type { LetterArchive, Telemetry } from './core/ports.ts';
import type { Destination } from './core/subscription.ts';
import { fileLetterArchive } from './file/letter-archive.ts';
import { kafkaLetterArchive } from './kafka/letter-archive.ts';
import { partOf } from './pipeline/part.ts';
import {
  newReplayCounts,
  type ReplayCounts,
  type ReplayOptions,
  replaySource,
  selectLetters,
} from './pipeline/replay-source.ts';
import { router } from './pipeline/router.ts';
import { systemClock } from './system-clock.ts';

export interface ReplaySetup {
  readonly settings: ProcessSettings;
  readonly destinations: readonly Destination[];
  /** `topic:NAME` (empty: the one of the settings) or `file:PATH`. Letters that fail again are written there. */
  readonly place: string;
  matches(letter: DeadLetter): boolean;
  readonly limit: number;
  /** Replays changes of audiences too. */
  readonly force: boolean;
}

/** What would become of a letter. */
export interface LetterPreview {
  readonly letter: DeadLetter;
  readonly status: 'ready' | 'rejected' | 'not_matched';
  readonly body?: string;
  readonly failure?: Failure;
}

export interface Replay {
  readonly counts: ReplayCounts;
  /** Letters delivered, and letters set aside again. */
  readonly ends: { readonly delivered: number; readonly failedAgain: number };
  readonly connector: Connector;
  close(): Promise<void>;
}

/** The connector with dead letters as its source. It is finished when each of them is settled. */
export function createReplay(setup: ReplaySetup): Replay {
  const archive = archiveOf(setup);
  const source = replaySource(optionsOf(setup, archive));
  const ends = { delivered: 0, failedAgain: 0 };
  const counting: Telemetry = {
    emit(event) {
      if (event.kind === 'delivered') ends.delivered += event.count;
      if (event.kind === 'dead_letter') ends.failedAgain += 1;
    },
  };
  const connector = createConnector({
    // A connector may be running beside it with the port of the settings.
    settings: { ...setup.settings, OPS_PORT: 0 },
    destinations: setup.destinations,
    source: 'replay',
    replay: { source, wants: source.wants },
    deadLetters: setup.place,
    observers: [counting],
  });
  return { counts: source.counts, ends, connector, close: () => archive.close() };
}

/** What a replay would do, letter by letter; nothing is sent and nothing marked. */
export async function* previewReplay(setup: ReplaySetup, counts = newReplayCounts()): AsyncGenerator<LetterPreview> {
  const archive = archiveOf(setup);
  const options = optionsOf(setup, archive);
  const { settings, destinations } = setup;
  let found: Omit<LetterPreview, 'letter'>[] = [];
  const routing = router({
    destinations,
    decode: { envelope: settings.ENVELOPE, maxRecordBytes: settings.MAX_RECORD_BYTES },
    clock: systemClock,
    telemetry: { emit: () => undefined },
    tally: { matched: () => undefined, skipped: () => undefined, delivered: () => undefined, flush: () => undefined },
    deliver: (_destination, { body }) => found.push({ status: 'ready', body }),
    changeAudiences: () => found.push({ status: 'ready' }),
    setAside: ({ failure }) => found.push({ status: 'rejected', failure }),
  });
  try {
    for await (const letter of selectLetters(options, counts)) {
      counts.replayed += 1;
      found = [];
      const { record, destination, subscription } = letter;
      const target = subscription === undefined ? undefined : partOf(destination, subscription);
      const pending = { record, hold: () => undefined, release: () => undefined, abandoned: false };
      routing.route(
        record,
        () => pending,
        (part) => part !== partOf() && (target === undefined ? options.bars(part) : part !== target),
      );
      if (found.length === 0) yield { letter, status: 'not_matched' };
      for (const one of found) yield { letter, ...one };
    }
  } finally {
    await archive.close();
  }
}

function optionsOf({ destinations, matches, limit, force }: ReplaySetup, archive: LetterArchive): ReplayOptions {
  const known = new Set(
    destinations.flatMap(({ name, subscriptions }) => subscriptions.map(({ id }) => partOf(name, id))),
  );
  const ofAudiences = new Set(
    destinations.flatMap(({ name, subscriptions }) =>
      subscriptions.filter(({ action }) => action.definition.audience === true).map(({ id }) => partOf(name, id)),
    ),
  );
  return {
    archive,
    matches,
    limit,
    bars: (part) => !force && ofAudiences.has(part),
    knows: (destination, subscription) => known.has(partOf(destination, subscription)),
  };
}

function archiveOf({ place, settings }: ReplaySetup): LetterArchive {
  if (place.startsWith('file:')) return fileLetterArchive(place.slice('file:'.length));
  if (place.startsWith('topic:')) return kafkaLetterArchive(deadLetterConfig(settings, place.slice('topic:'.length)));
  throw new ConnectorError('USAGE', `--from ${place}: give topic:NAME or file:PATH`);
}
