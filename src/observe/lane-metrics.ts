import { Gauge, type Registry } from 'prom-client';
import { labelOf } from './lane-label.ts';
import { type LaneStatus, laneStatesByTrouble as states } from '../core/lane-state.ts';

/**
 * Lanes as they are when the metrics are asked for. Of lanes with the same name the one that is worst off counts; where
 * several workers add up theirs, the supervisor shows them by the lanes of all.
 */
export function exposeLanes(registry: Registry, prefix: string, lanes: () => readonly LaneStatus[], now: () => number) {
  new Gauge({
    name: `${prefix}lane_state`,
    help: '1 for what the lane does: running, throttled, retrying, paused or blocked.',
    labelNames: ['lane', 'state'],
    registers: [registry],
    aggregator: 'omit',
    collect() {
      this.reset();
      for (const { lane, state } of worst(lanes())) {
        for (const each of states) this.set({ lane, state: each }, each === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: `${prefix}lane_trouble_seconds`,
    help: 'For how long a lane has been retrying, paused or blocked, by the code of the reason.',
    labelNames: ['lane', 'state', 'code'],
    registers: [registry],
    aggregator: 'omit',
    collect() {
      this.reset();
      for (const status of worst(lanes())) {
        if (!('since' in status)) continue;
        const { lane, state, since, failure } = status;
        this.set({ lane, state, code: failure.code }, Math.max(0, (now() - since) / 1_000));
      }
    },
  });
  new Gauge({
    name: `${prefix}lane_throttle_left_seconds`,
    help: 'How long a throttled lane still waits.',
    labelNames: ['lane'],
    registers: [registry],
    aggregator: 'omit',
    collect() {
      this.reset();
      for (const status of worst(lanes())) {
        if (status.state === 'throttled') this.set({ lane: status.lane }, Math.max(0, (status.until - now()) / 1_000));
      }
    },
  });
}

/** By the label that metrics have for them, the one that is worst off of each. */
export function worst(lanes: readonly LaneStatus[]): readonly LaneStatus[] {
  const byName = new Map<string, LaneStatus>();
  for (const status of lanes) {
    const lane = labelOf(status);
    const before = byName.get(lane);
    if (before === undefined || states.indexOf(status.state) > states.indexOf(before.state)) {
      byName.set(lane, { ...status, lane });
    }
  }
  return [...byName.values()];
}
