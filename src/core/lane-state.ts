import type { Failure } from './outcome.ts';
import type { LaneNames } from './telemetry.ts';

/** What a lane does just now. Times are of the monotonic clock inside of the pipeline, and Unix milliseconds outside. */
export type LaneState =
  | { readonly state: 'running' }
  /** Meta limits the rate: nothing is sent until then. */
  | { readonly state: 'throttled'; readonly until: number; readonly failure: Failure }
  /**
   * Requests fail for a reason that is nobody's, and are sent again; none has got through since. `othersGetThrough`:
   * what fails are single deliveries, each of which has failed before while others were delivered.
   */
  | {
      readonly state: 'retrying';
      readonly since: number;
      readonly failure: Failure;
      readonly othersGetThrough: boolean;
    }
  /** A person has stopped it, and must let it go on. */
  | { readonly state: 'paused'; readonly since: number; readonly failure: Failure }
  /** A person must act. */
  | { readonly state: 'blocked'; readonly since: number; readonly failure: Failure };

/** What lanes do, the worst last. */
export const laneStatesByTrouble = ['running', 'throttled', 'retrying', 'paused', 'blocked'] as const;

/** A lane, or a subscription that is held, as operators see it. */
export type LaneStatus = LaneState &
  LaneNames & {
    /** `search`: an audience that is not found yet. `subscription`: only listed while it is held. */
    readonly kind: 'conversions' | 'audience' | 'search' | 'subscription';
    /** Whose settings it has. */
    readonly destination: string;
    /** Deliveries or changes of audiences that are not final. */
    readonly waiting: number;
  };

/** Nothing has got through for so long that it is no passing trouble of a request. */
export function failsForLong(lane: LaneState, now: number): boolean {
  return lane.state === 'retrying' && now - lane.since >= 60_000;
}

/** Why a lane waits that a person has stopped. */
export const pausedByPerson: Failure = {
  code: 'LANE_PAUSED',
  message: 'Somebody has paused it.',
  fix: 'Resume it in the console.',
};
