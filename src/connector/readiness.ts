import type { Source } from '../core/source.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';

export interface ProcessState {
  readonly stopping: boolean;
  readonly alive: boolean;
}

/** A lane or subscription that waits for a person to act. */
export interface BlockedLane {
  readonly lane: string;
  /** Unix milliseconds. */
  readonly since: number;
  readonly code: string;
  readonly message: string;
}

/** Why the process isn't ready, in words; empty: it is. */
export function readiness(
  pipe: Pick<Pipeline, 'blocked' | 'parked' | 'windowSecondsLeft' | 'retentionSecondsLeft'>,
  source: Source,
  { stopping, alive }: ProcessState,
): readonly string[] {
  const blocked = blockedLanes(pipe);
  return [
    ...(stopping ? ['stopping'] : []),
    ...(alive ? [] : ['failed']),
    ...(source.ready() ? [] : ['the source is not ready']),
    ...(source.held?.() ?? []).map(({ reason }) => reason),
    ...blocked.map(({ lane, message }) => `lane ${lane} is blocked: ${message}`),
    ...(blocked.length > 0 ? parkedTexts(pipe.parked()) : []),
    ...(blocked.length > 0 ? [windowText(pipe.windowSecondsLeft())] : []),
    ...retentionTexts(pipe.retentionSecondsLeft()),
  ];
}

export function blockedLanes(pipe: Pick<Pipeline, 'blocked'>): readonly BlockedLane[] {
  return pipe.blocked().map(({ lane, since, failure: { code, message, fix } }) => ({
    lane,
    since,
    code,
    message: fix === undefined ? message : `${message} Fix: ${fix}`,
  }));
}

function parkedTexts(parked: ReadonlyMap<string, number>): readonly string[] {
  return [...parked].flatMap(([destination, records]) =>
    records === 0 ? [] : [`${records} deliveries of ${destination} are parked and go once it is mended`],
  );
}

function retentionTexts(secondsLeft: number): readonly string[] {
  if (secondsLeft === Number.POSITIVE_INFINITY) return [];
  const minutes = Math.ceil(secondsLeft / 60);
  return [
    `the broker deletes the oldest held record in about ${minutes} min; shortly before, it becomes a dead letter`,
  ];
}

function windowText(secondsLeft: number): string {
  if (secondsLeft === 0) return 'as much is in flight as may be: every lane waits for the blocked one';
  if (secondsLeft === Number.POSITIVE_INFINITY) return 'the other lanes go on';
  return `the other lanes go on for about ${Math.ceil(secondsLeft / 60)} min, then they wait for the blocked one`;
}
