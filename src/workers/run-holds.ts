import type { Holds } from '../connector/holds.ts';

/** What a person wants of a destination or a lane. */
export interface HoldOrder {
  readonly what: 'pause' | 'drain' | 'resume' | 'pauseLane' | 'resumeLane';
  readonly name: string;
}

/** What people have stopped in a run, and not let go on. */
export interface RunHolds {
  readonly destinations: ReadonlyMap<string, 'pause' | 'drain'>;
  readonly lanes: ReadonlySet<string>;
}

export const noHolds: RunHolds = { destinations: new Map(), lanes: new Set() };

/** What is stopped after an order. */
export function heldAfter(holds: RunHolds, { what, name }: HoldOrder): RunHolds {
  const destinations = new Map(holds.destinations);
  const lanes = new Set(holds.lanes);
  switch (what) {
    case 'pause':
    case 'drain':
      destinations.set(name, what);
      break;
    case 'resume':
      destinations.delete(name);
      break;
    case 'pauseLane':
      lanes.add(name);
      break;
    case 'resumeLane':
      lanes.delete(name);
  }
  return { destinations, lanes };
}

/** A worker's part in it. */
export interface WorkerHolds {
  /** What was stopped before it began; to be called before events flow. */
  begin(held: RunHolds): void;
  take(order: HoldOrder): void;
  /** A lane of this worker may have come since it was stopped in the others. To be called about once a second. */
  sweep(): void;
}

export function createWorkerHolds(holds: Holds): WorkerHolds {
  let lanes: ReadonlySet<string> = new Set();
  return {
    begin(held) {
      for (const [name, what] of held.destinations) holds[what](name);
      lanes = held.lanes;
    },
    take(order) {
      holds[order.what](order.name);
      lanes = heldAfter({ ...noHolds, lanes }, order).lanes;
    },
    sweep() {
      for (const lane of lanes) holds.pauseLane(lane);
    },
  };
}
