import { failsForLong, pausedByPerson } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Audiences } from '../audience/audiences.ts';
import type { Blockage } from '../lane/lane.ts';
import { parkedFailure } from '../lane/parked-failure.ts';
import type { Lanes } from '../lane/lanes.ts';
import type { Backpressure } from '../partition/backpressure.ts';
import type { HeldWork } from './held-work.ts';
import type { Parking } from './parking.ts';

export interface BlockedLanesOptions {
  readonly lanes: Pick<Lanes, 'all'>;
  readonly audiences: Pick<Audiences, 'rejectWaiting' | 'rejectHeld' | 'blockedTargets'>;
  readonly heldWork: readonly Pick<HeldWork, 'rejectHeld'>[];
  readonly parking: Pick<Parking, 'tick' | 'parks'>;
  readonly backpressure: Backpressure;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Whether any lane or subscription waits for a person. */
  anyBlocked(): boolean;
}

/** Watches how much blocked lanes hold, says how long there is room for it, and then does what `on_blocked` says. */
export interface BlockedLanes {
  /** To be called about once a second. */
  tick(): void;
  /** Ends what is held of these records: it is parked where `on_blocked` asks for that, and becomes a dead letter elsewhere. */
  giveUp(which: (record: SourceRecord) => boolean, failure: Failure): void;
  /** Seconds until every lane waits for the blocked one; 0: they do; `Infinity`: they won't, as things are. */
  secondsLeft(): number;
}

export function createBlockedLanes(options: BlockedLanesOptions): BlockedLanes {
  const { lanes, audiences, heldWork, parking, backpressure, clock, telemetry } = options;
  /** When the first lane became blocked, and how full it was then. */
  let first: { readonly at: number; readonly fullness: number } | undefined;

  function secondsLeft(): number {
    const fullness = backpressure.fullness();
    if (first === undefined) return Number.POSITIVE_INFINITY;
    if (fullness >= 1) return 0;
    const perMilli = (fullness - first.fullness) / Math.max(1, clock.monotonic() - first.at);
    return perMilli > 0 ? Math.round((1 - fullness) / perMilli / 1_000) : Number.POSITIVE_INFINITY;
  }

  /** What has been blocked for as long as `on_blocked: dead_letter` allows becomes dead letters. */
  function rejectOverdue(): void {
    for (const lane of lanes.all()) {
      const destination = lane.destination();
      const { onBlocked } = destination.settings;
      if (onBlocked === undefined || onBlocked === 'park') continue;
      const sinceBefore = clock.monotonic() - onBlocked.deadLetterAfterMillis;
      // What a person has paused waits for that person.
      const longEnough = ({ since, failure }: Blockage) => since <= sinceBefore && failure.code !== pausedByPerson.code;
      const blockage = lane.blocked();
      if (blockage !== undefined && longEnough(blockage)) lane.rejectWaiting(overdue(blockage));
      audiences.rejectWaiting(destination, longEnough, overdue);
    }
  }

  return {
    tick() {
      parking.tick({ lanes, audiences }, backpressure.fullness() >= 1);
      if (!options.anyBlocked()) {
        if (first !== undefined) telemetry.emit({ kind: 'window', secondsLeft: Number.POSITIVE_INFINITY });
        first = undefined;
        return;
      }
      first ??= { at: clock.monotonic(), fullness: backpressure.fullness() };
      telemetry.emit({ kind: 'window', secondsLeft: secondsLeft() });
      if (backpressure.fullness() >= 1) rejectOverdue();
    },
    giveUp(which, failure) {
      parking.tick({ lanes, audiences }, true);
      for (const lane of lanes.all()) {
        const parks = parking.parks(lane.destination());
        if (lane.stuck() || failsForLong(lane.state(), clock.monotonic()))
          lane.rejectWaiting(parks ? parkedFailure : failure, ({ pending }) => which(pending.record));
        // A flush ends as a whole.
        audiences.rejectHeld(lane.destination(), which, failure, parks);
      }
      for (const held of heldWork) held.rejectHeld(which, failure);
    },
    secondsLeft,
  };
}

function overdue({ failure: { code, message, meta } }: Blockage): Failure {
  return {
    code: 'LANE_BLOCKED',
    message: `The lane was blocked for so long that other lanes would have had to wait, and on_blocked is dead_letter. ${code}: ${message}`,
    fix: 'Fix the cause, then replay these dead letters.',
    ...(meta !== undefined && { meta }),
  };
}
