import type { Clock, Telemetry } from '../../core/ports.ts';
import type { DestinationLane } from '../lane/lanes.ts';
import { createRejectionHalt, type RejectionHalt } from '../lane/rejection-halt.ts';
import type { Rejected } from '../lane/rejection-report.ts';
import { concerns } from '../lane/resumed.ts';
import type { HeldItem, HeldWork } from './held-work.ts';

/** Lanes of conversions that `max_rejected_per_batch` has stopped. Their dead letters wait until a person has looked. */
export interface LaneHalts extends HeldWork {
  /** Where dead letters of the lane are to wait; undefined: they needn't. `counted`: what of a batch was rejected. */
  review(lane: DestinationLane, counted: readonly Rejected[]): HeldItem[] | undefined;
}

interface HaltedLane {
  readonly halt: RejectionHalt;
  readonly items: HeldItem[];
}

export function createLaneHalts(clock: Clock, telemetry: Telemetry): LaneHalts {
  const halted = new Map<DestinationLane, HaltedLane>();
  let writesDeadLetters = false;

  /** Takes out the items that `which` is true for, and ends them. */
  function take(which: (item: HeldItem) => boolean, end: (item: HeldItem) => void): void {
    for (const { items } of halted.values()) {
      for (const item of items.splice(0)) {
        if (which(item)) end(item);
        else items.push(item);
      }
    }
  }

  return {
    review(lane, counted) {
      const known = halted.get(lane);
      if (known !== undefined) return writesDeadLetters ? undefined : known.items;
      const halt = createRejectionHalt({ lane: lane.name }, clock, telemetry);
      if (!halt.review(counted, lane.destination().settings.maxRejectedPerBatch ?? -1)) return undefined;
      const items: HeldItem[] = [];
      halted.set(lane, { halt, items });
      lane.halt();
      return items;
    },
    resume(what) {
      for (const [lane, { halt, items }] of [...halted]) {
        if (what !== undefined && !concerns(what, lane)) continue;
        halted.delete(lane);
        for (const item of items) item.go();
        halt.resume();
        lane.resume();
      }
    },
    writeDeadLetters() {
      writesDeadLetters = true;
      take(
        () => true,
        (item) => item.go(),
      );
    },
    rejectHeld(which) {
      take(
        ({ pending }) => which(pending.record),
        (item) => item.go(),
      );
    },
    purge() {
      take(
        ({ pending }) => pending.abandoned,
        (item) => item.drop(),
      );
    },
    held: () => [...halted.values()].reduce((sum, { items }) => sum + items.length, 0),
    blockages: () =>
      [...halted].flatMap(([{ name }, { halt }]) => {
        const blockage = halt.blockage();
        return blockage === undefined ? [] : [{ lane: name, ...blockage }];
      }),
  };
}
