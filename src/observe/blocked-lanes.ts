import type { LaneNames } from '../core/telemetry.ts';

/** What metrics call a lane: lanes without number have one label together. */
export function labelOf({ lane, group }: LaneNames): string {
  return group ?? lane;
}

/** Lanes that are blocked, by their label. */
export interface BlockedLaneCounts {
  add(names: LaneNames): void;
  remove(names: LaneNames): void;
}

/** @param changed So many lanes of the label are blocked now. */
export function createBlockedLanes(changed: (label: string, lanes: number) => void): BlockedLaneCounts {
  const lanesOf = new Map<string, Set<string>>();
  return {
    add(names) {
      const label = labelOf(names);
      const lanes = lanesOf.get(label) ?? new Set();
      lanesOf.set(label, lanes.add(names.lane));
      changed(label, lanes.size);
    },
    remove(names) {
      const label = labelOf(names);
      const lanes = lanesOf.get(label);
      lanes?.delete(names.lane);
      changed(label, lanes?.size ?? 0);
    },
  };
}
