import { type LaneStatus, pausedByPerson } from '../core/lane-state.ts';
import type { Audiences } from './audience/audiences.ts';
import type { CircuitBreakers } from './hold/circuit-breakers.ts';
import type { LaneHalts } from './hold/lane-halts.ts';
import type { OperatorHolds } from './hold/operator-holds.ts';
import { stateOfBlockage } from './lane/lane.ts';
import type { Lanes } from './lane/lanes.ts';

export interface StatusSources {
  readonly lanes: Pick<Lanes, 'statuses'>;
  readonly audiences: Pick<Audiences, 'statuses'>;
  readonly halts: Pick<LaneHalts, 'blockages'>;
  readonly breakers: Pick<CircuitBreakers, 'blockages'>;
  readonly holds: Pick<OperatorHolds, 'of'>;
}

/** Every lane, and every subscription that is held. */
export function laneStatuses({ lanes, audiences, halts, breakers, holds }: StatusSources): readonly LaneStatus[] {
  const halted = new Map(halts.blockages().map((blockage) => [blockage.lane, blockage]));
  const held = breakers.blockages().map(
    ({ lane, ...blockage }): LaneStatus => ({
      lane,
      kind: 'subscription',
      destination: lane.split('/', 1)[0] ?? lane,
      waiting: 0,
      ...stateOfBlockage(blockage),
    }),
  );
  /** What was taken before the pause has gone. */
  function drained(status: LaneStatus): LaneStatus {
    const hold = holds.of(status.destination);
    if (hold === undefined || status.state !== 'running' || status.waiting > 0) return status;
    return { ...status, state: 'paused', since: hold.since, failure: pausedByPerson };
  }

  return [
    ...lanes.statuses().map((status) => {
      const halt = halted.get(status.lane);
      return halt === undefined ? drained(status) : { ...status, ...stateOfBlockage(halt) };
    }),
    ...audiences.statuses().map(drained),
    ...held,
  ];
}
