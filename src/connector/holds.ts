import type { Gate } from '../delivery/gate.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';

/** What a person asked for: nothing, that what was taken so far is sent and nothing more, or that nothing is sent. */
type HoldState = 'none' | 'draining' | 'paused';

/** Stops destinations and lanes, and lets them go on. Nothing is lost: what waits stays in flight, and reading waits for it. */
export interface Holds {
  /** `waiting`: what has not come to a lane because of it. */
  of(destination: string): { readonly state: HoldState; readonly waiting: number };
  /** Nothing more of the destination is sent. */
  pause(destination: string): void;
  /** What was taken so far is sent, and nothing more. */
  drain(destination: string): void;
  /** It goes on, and what is blocked tries at once. */
  resume(destination: string): void;
  /** False: there is no such lane. */
  pauseLane(lane: string): boolean;
  /** It tries at once, and what waited for a person to look at rejections goes on: of a lane, or of a subscription. */
  resumeLane(lane: string): boolean;
}

/** @param paused Destinations of which nothing more is sent, for those who make gates. */
export function createHolds(
  pipeline: Pick<Pipeline, 'laneStatuses' | 'hold' | 'release' | 'resumeLane' | 'holdOf'>,
  gates: Iterable<Gate>,
  paused: Set<string>,
): Holds {
  function gatesOf(destination: string): readonly Gate[] {
    const lanes = new Set(
      pipeline.laneStatuses().flatMap((status) => (status.destination === destination ? [status.lane] : [])),
    );
    return [...gates].filter(({ lane }) => lanes.has(lane));
  }

  const gatesOfLane = (name: string) => [...gates].filter(({ lane }) => lane === name);

  return {
    of(destination) {
      const hold = pipeline.holdOf(destination);
      if (hold === undefined) return { state: 'none', waiting: 0 };
      return { state: paused.has(destination) ? 'paused' : 'draining', waiting: hold.waiting };
    },
    pause(destination) {
      paused.add(destination);
      pipeline.hold(destination);
      for (const gate of gatesOf(destination)) gate.hold();
    },
    drain(destination) {
      paused.delete(destination);
      pipeline.hold(destination);
      for (const gate of gatesOf(destination)) gate.release();
    },
    resume(destination) {
      paused.delete(destination);
      for (const gate of gatesOf(destination)) {
        gate.release();
        gate.wake();
      }
      pipeline.release(destination);
    },
    pauseLane(lane) {
      const found = gatesOfLane(lane);
      for (const gate of found) gate.hold();
      return found.length > 0;
    },
    resumeLane(lane) {
      const found = gatesOfLane(lane);
      const isKnown = found.length > 0 || pipeline.laneStatuses().some((status) => status.lane === lane);
      for (const gate of found) {
        gate.release();
        gate.wake();
      }
      pipeline.resumeLane(lane);
      return isKnown;
    },
  };
}
