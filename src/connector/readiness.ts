import { pausedByPerson } from '../core/lane-state.ts';
import type { Failure } from '../core/outcome.ts';
import type { Source } from '../core/source.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';

export interface ProcessState {
  readonly stopping: boolean;
  readonly alive: boolean;
}

/** A lane or subscription that waits for a person to act. */
export interface BlockedLane {
  readonly lane: string;
  readonly forMillis: number;
  readonly code: string;
  readonly message: string;
}

/** Events may name audiences without number. */
const mostNamed = 20;

/** The reasons why the process isn't ready, in words; none: it is. */
export function readiness(
  pipeline: Pick<
    Pipeline,
    'blocked' | 'deadLettersFail' | 'parkingFails' | 'parked' | 'windowSecondsLeft' | 'retentionSecondsLeft'
  >,
  source: Source,
  { stopping, alive }: ProcessState,
): readonly string[] {
  // What a person has paused is no news to them.
  const blocked = pipeline.blocked().filter(({ failure }) => failure.code !== pausedByPerson.code);
  const waits = source.waits?.() ?? [];
  return [
    ...(stopping ? ['stopping'] : []),
    ...(alive ? [] : ['failed']),
    ...(source.ready() || waits.length > 0 ? [] : ['the source is not ready']),
    ...(source.held?.() ?? []).map(({ reason }) => reason),
    ...waits,
    ...writeFailureTexts(pipeline),
    ...blocked.slice(0, mostNamed).map(({ lane, failure }) => `lane ${lane} is blocked: ${inWords(failure)}`),
    ...(blocked.length > mostNamed ? [`${blocked.length - mostNamed} more lanes are blocked`] : []),
    ...(blocked.length > 0 ? parkedTexts(pipeline.parked()) : []),
    ...(blocked.length > 0 ? [windowText(pipeline.windowSecondsLeft())] : []),
    ...retentionTexts(pipeline.retentionSecondsLeft()),
  ];
}

/** What nothing is committed past, since it can't be written. */
export function writeFailureTexts(pipeline: Pick<Pipeline, 'deadLettersFail' | 'parkingFails'>): readonly string[] {
  return [...deadLetterTexts(pipeline.deadLettersFail()), ...parkingTexts(pipeline.parkingFails())];
}

/** @param now By the monotonic clock. */
export function blockedLanes(pipeline: Pick<Pipeline, 'blocked'>, now: number): readonly BlockedLane[] {
  return pipeline.blocked().map(({ lane, since, failure }) => ({
    lane,
    forMillis: now - since,
    code: failure.code,
    message: inWords(failure),
  }));
}

function inWords({ message, fix }: Failure): string {
  return fix === undefined ? message : `${message} Fix: ${fix}`;
}

function deadLetterTexts(message: string | undefined): readonly string[] {
  return message === undefined ? [] : [`dead letters can't be written, so nothing is committed past them: ${message}`];
}

function parkingTexts(failures: ReadonlyMap<string, string>): readonly string[] {
  return [...failures].map(
    ([destination, message]) =>
      `deliveries of ${destination} can't be parked, so nothing is committed past them: ${message} Fix: make the parking topic writable for the connector, by its ACLs, its size limit and its replicas in sync; it is tried again by itself.`,
  );
}

function parkedTexts(parked: ReadonlyMap<string, number>): readonly string[] {
  return [...parked].flatMap(([destination, records]) =>
    records === 0 ? [] : [`${records} deliveries of ${destination} are parked and will be sent once it is fixed`],
  );
}

function retentionTexts(secondsLeft: number): readonly string[] {
  if (secondsLeft === Number.POSITIVE_INFINITY) return [];
  const minutes = Math.ceil(secondsLeft / 60);
  return [
    `the broker will delete the oldest held record in about ${minutes} min; shortly before that, it becomes a dead letter`,
  ];
}

function windowText(secondsLeft: number): string {
  if (secondsLeft === 0) return 'the limit of records in flight is reached: every lane waits for the blocked one';
  if (secondsLeft === Number.POSITIVE_INFINITY) return 'the other lanes keep sending';
  return `the other lanes keep sending for about ${Math.ceil(secondsLeft / 60)} min, then they wait for the blocked one`;
}
