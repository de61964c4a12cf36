import { type LaneStatus, laneStatesByTrouble } from '../core/lane-state.ts';

/** A lane of one pixel or audience is there once for each worker: together it is as bad as the worst, for the longest. */
export function worstLanes(lanes: readonly LaneStatus[]): readonly LaneStatus[] {
  const together = new Map<string, LaneStatus>();
  for (const lane of lanes) {
    const key = JSON.stringify([lane.kind, lane.lane]);
    const before = together.get(key);
    together.set(key, before === undefined ? lane : { ...worse(before, lane), waiting: before.waiting + lane.waiting });
  }
  return [...together.values()];
}

function worse(a: LaneStatus, b: LaneStatus): LaneStatus {
  const [rankA, rankB] = [laneStatesByTrouble.indexOf(a.state), laneStatesByTrouble.indexOf(b.state)];
  if (rankA !== rankB) return rankA > rankB ? a : b;
  if ('since' in a && 'since' in b) return a.since <= b.since ? a : b;
  if ('until' in a && 'until' in b) return a.until >= b.until ? a : b;
  return a;
}
