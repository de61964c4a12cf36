import { failsForLong } from '../core/lane-state.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import { createBlockedLanes } from './hold/blocked-lanes.ts';
import type { Parking } from './hold/parking.ts';
import type { Outgoing } from './outgoing.ts';
import type { Backpressure } from './partition/backpressure.ts';
import type { Partition } from './partition/partition.ts';
import { createRetentionGuard } from './partition/retention-guard.ts';
import type { Figures } from './figures.ts';

export interface WatchOptions {
  readonly source: Pick<Source, 'retention'>;
  readonly outgoing: Outgoing;
  readonly parking: Parking;
  readonly backpressure: Backpressure;
  readonly figures: Figures;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** As `RetentionGuardOptions.marginMillis`. */
  readonly retentionMarginMillis: number;
  partitions(): Iterable<Partition>;
}

/** What is looked after while the pipeline runs: blocked lanes, what the broker will delete, and what is idle. */
export interface Watch {
  start(): void;
  stop(): void;
  /** As `BlockedLanes.secondsLeft`. */
  windowSecondsLeft(): number;
  /** As `RetentionGuard.secondsLeft`. */
  retentionSecondsLeft(): number;
}

const tickMillis = 1_000;

export function createWatch(options: WatchOptions): Watch {
  const { source, outgoing, parking, backpressure, figures, clock, telemetry, partitions } = options;
  const { lanes, audiences, heldWork } = outgoing;
  const shared = { clock, telemetry };
  const anyBlocked = () => outgoing.blockages().length > 0;
  const anyWaits = () =>
    anyBlocked() ||
    heldWork.some((held) => held.held() > 0) ||
    outgoing.laneStatuses().some((status) => failsForLong(status, clock.monotonic()));
  const blockedLanes = createBlockedLanes({ ...shared, anyBlocked, lanes, audiences, heldWork, parking, backpressure });
  const retentionGuard = createRetentionGuard({
    ...shared,
    anyWaits,
    source,
    marginMillis: options.retentionMarginMillis,
    partitions,
    giveUp: blockedLanes.giveUp,
  });
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    blockedLanes.tick();
    outgoing.sweep();
    figures.tick();
  }

  return {
    start() {
      timer = setInterval(tick, tickMillis);
      retentionGuard.start();
    },
    stop() {
      clearInterval(timer);
      figures.report();
      retentionGuard.stop();
    },
    windowSecondsLeft: blockedLanes.secondsLeft,
    retentionSecondsLeft: retentionGuard.secondsLeft,
  };
}
