import type { LaneState, LaneStatus } from '../../core/lane-state.ts';
import { states } from '../contract/status.ts';
import { shownFailure } from './failure.ts';
import { countText, roughDurationText, failureText, sentence } from './words.ts';

export type State = (typeof states)[number];

/** The worst of them; well if there are none. */
export function worst(of: readonly State[]): State {
  return states.find((state) => of.includes(state)) ?? 'well';
}

const stateOfDoing = {
  running: 'well',
  throttled: 'slowed',
  retrying: 'slowed',
  paused: 'paused',
  blocked: 'blocked',
} as const;

export function stateOfLane({ state }: Pick<LaneState, 'state'>): State {
  return stateOfDoing[state];
}

/** The lane that is worst off, if any is not well. */
export function troubledLane(lanes: readonly LaneStatus[]): LaneStatus | undefined {
  const state = worst(lanes.map(stateOfLane));
  return state === 'well' ? undefined : lanes.find((lane) => stateOfLane(lane) === state);
}

/** Since when it is so, and until when. */
export function troubleOf(lane: LaneState) {
  if (lane.state === 'running') return undefined;
  const failure = shownFailure(lane.failure);
  return lane.state === 'throttled' ? { failure, until: lane.until } : { failure, since: lane.since };
}

export function laneSentence(lane: LaneStatus, now: number): string {
  switch (lane.state) {
    case 'running':
      return lane.waiting === 0 ? 'Well.' : `Well; ${waitingText(lane)} on the way.`;
    case 'throttled':
      return `Meta limits the rate: it goes on by itself in ${roughDurationText(lane.until - now)}. ${waitingText(lane)} waiting.`;
    case 'retrying':
      return `Requests fail and are repeated, for ${roughDurationText(now - lane.since)}: ${sentence(lane.failure.message)} ${waitingText(lane)} waiting.`;
    case 'paused':
      return `Paused for ${roughDurationText(now - lane.since)}. Nothing is lost: ${waitingText(lane)} waiting.`;
    case 'blocked':
      return `Blocked for ${roughDurationText(now - lane.since)}: ${failureText(lane.failure)} Nothing is lost: ${waitingText(lane)} waiting.`;
  }
}

function waitingText({ kind, waiting }: LaneStatus): string {
  return countText(waiting, kind === 'conversions' ? 'event' : 'change');
}
