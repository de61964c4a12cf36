import type { LaneNames } from '../core/telemetry.ts';

/** What metrics call a lane: lanes without number have one label together. */
export function labelOf({ lane, group }: LaneNames): string {
  return group ?? lane;
}
