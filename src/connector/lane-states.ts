import type { LaneState, LaneStatus } from '../core/lane-state.ts';
import type { Clock } from '../core/ports.ts';
import { durationText } from '../core/duration-text.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';

/** What every lane does, with times in Unix milliseconds. */
export function laneStates(
  pipeline: Pick<Pipeline, 'laneStatuses'>,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): readonly LaneStatus[] {
  const shift = clock.now() - clock.monotonic();
  return pipeline.laneStatuses().map((status) => ({ ...status, ...shifted(status, shift) }));
}

function shifted(state: LaneState, shift: number): LaneState {
  if (state.state === 'running') return state;
  if (state.state === 'throttled') return { ...state, until: Math.round(state.until + shift) };
  return { ...state, since: Math.round(state.since + shift) };
}

/** What keeps lanes from sending, whether or not somebody needs to act. */
export function waitingTexts(lanes: readonly LaneStatus[], now: number): readonly string[] {
  const blocked = lanes.flatMap((lane) => {
    if (lane.state !== 'blocked') return [];
    const { message, fix } = lane.failure;
    return [`lane ${lane.lane} is blocked: ${message}${fix === undefined ? '' : ` Fix: ${fix}`}`];
  });
  return [...blocked, ...degradedTexts(lanes, now)];
}

/** The lanes that send less than they could, or nothing, though nobody needs to act: in words, with what Meta says. */
export function degradedTexts(lanes: readonly LaneStatus[], now: number): readonly string[] {
  return lanes.flatMap((lane) => {
    if (lane.state === 'throttled') {
      const wait = durationText(lane.until - now);
      return [`lane ${lane.lane} is throttled until ${timeOfDay(lane.until)}, in ${wait}: ${lane.failure.message}`];
    }
    if (lane.state === 'retrying') {
      const { failure } = lane;
      if (lane.othersGetThrough) {
        const since = durationText(now - lane.since);
        return [
          `lane ${lane.lane} sends single ones again since ${since}, while others get through: ${failure.message}`,
        ];
      }
      const status = failure.meta?.status;
      const what = status === undefined ? "Meta hasn't been reached" : `Meta answers ${status}`;
      return [`lane ${lane.lane} sends again: ${what} since ${durationText(now - lane.since)} (${failure.message})`];
    }
    return lane.state === 'paused'
      ? [`somebody has paused lane ${lane.lane} ${durationText(now - lane.since)} ago`]
      : [];
  });
}

/** `17:40 UTC` */
function timeOfDay(millis: number): string {
  return `${new Date(millis).toISOString().slice(11, 16)} UTC`;
}
