import type { ResolvedAudience } from '../../core/audience.ts';
import type { Destination } from '../../core/subscription.ts';
import type { AudienceLaneOptions } from './lane.ts';
import type { ChangeInFlight } from './change-in-flight.ts';
import { type OpenLane, type OpenLaneOptions, openLane } from './open-lane.ts';

export interface OpenLanesOptions extends OpenLaneOptions {
  /** A destination as it is configured now. */
  newest(destination: Destination): Destination;
  ended: AudienceLaneOptions<ChangeInFlight>['ended'];
}

/** The lanes of audiences, by the audience's id, however it was looked up. */
export interface OpenLanes {
  /** @param group As `LaneNames.group`, of the first that needs the lane. */
  of(destination: Destination, audience: ResolvedAudience, group: string | undefined): OpenLane;
  get(audienceId: string): OpenLane | undefined;
  all(): readonly OpenLane[];
  /** Nothing waits in it, and nothing would be forgotten with it; there may be none. */
  isAtRest(audienceId: string): boolean;
  close(audienceId: string): void;
  /** Closes those that `done` is true for. */
  sweep(done: (lane: OpenLane) => boolean): void;
  drain(): void;
}

export function createOpenLanes(options: OpenLanesOptions): OpenLanes {
  const lanes = new Map<string, OpenLane>();
  let draining = false;

  function close(audienceId: string): void {
    lanes.get(audienceId)?.close();
    lanes.delete(audienceId);
  }

  return {
    of(destination, audience, group) {
      const found = lanes.get(audience.id);
      if (found !== undefined) return found;
      const lane = openLane(options, () => options.newest(destination), audience, group, options.ended);
      lanes.set(audience.id, lane);
      if (draining) lane.drain();
      return lane;
    },
    get: (audienceId) => lanes.get(audienceId),
    all: () => [...lanes.values()],
    isAtRest: (audienceId) => lanes.get(audienceId)?.isAtRest() ?? true,
    close,
    sweep(done) {
      for (const [id, lane] of lanes) {
        if (done(lane)) close(id);
      }
    },
    drain() {
      draining = true;
      for (const lane of lanes.values()) lane.drain();
    },
  };
}
