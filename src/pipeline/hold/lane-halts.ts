import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Blockage } from '../lane/lane.ts';
import type { DestinationLane } from '../lane/lanes.ts';
import { type RejectedDelivery, rejectionReport } from '../lane/rejection-report.ts';
import type { HeldItem } from './circuit-breaker.ts';

/** Lanes that `max_rejected_per_batch` has stopped: their letters wait until a person has looked. */
export interface LaneHalts {
  /** Where letters of the lane are to wait; undefined: they needn't. `counted`: what a batch was rejected of. */
  review(lane: DestinationLane, counted: readonly RejectedDelivery[]): HeldItem[] | undefined;
  /** Writes all letters, and lets the lanes go on. */
  resume(): void;
  /** Writes the letters of these records. */
  rejectHeld(which: (record: SourceRecord) => boolean): void;
  /** Drops what was abandoned. */
  purge(): void;
  /** Letters that wait. */
  held(): number;
  blockages(): readonly (Blockage & { readonly lane: string })[];
}

interface Halt extends Blockage {
  readonly letters: HeldItem[];
}

export function createLaneHalts(clock: Clock, telemetry: Telemetry): LaneHalts {
  const halted = new Map<DestinationLane, Halt>();

  /** Lets those go that `which` is true for. */
  function take(halt: Halt, which: (item: HeldItem) => boolean, end: (item: HeldItem) => void): void {
    for (const item of halt.letters.splice(0)) {
      if (which(item)) end(item);
      else halt.letters.push(item);
    }
  }

  return {
    review(lane, counted) {
      const threshold = lane.destination().settings.maxRejectedPerBatch ?? -1;
      const known = halted.get(lane);
      if (known !== undefined || threshold < 0 || counted.length <= threshold) return known?.letters;
      const failure: Failure = {
        code: 'TOO_MANY_REJECTED',
        message: rejectionReport(counted, threshold),
        fix: 'Mend the data or the mapping, or raise max_rejected_per_batch; SIGHUP turns the rejected into dead letters and goes on.',
      };
      const halt: Halt = { since: clock.now(), failure, letters: [] };
      halted.set(lane, halt);
      lane.halt();
      telemetry.emit({ kind: 'lane_blocked', lane: lane.name, failure, nextProbeMillis: Number.POSITIVE_INFINITY });
      return halt.letters;
    },
    resume() {
      for (const [lane, { letters }] of [...halted]) {
        halted.delete(lane);
        for (const item of letters) item.go();
        telemetry.emit({ kind: 'lane_opened', lane: lane.name });
        lane.resume();
      }
    },
    rejectHeld(which) {
      for (const halt of halted.values()) {
        take(
          halt,
          ({ pending }) => which(pending.record),
          (item) => item.go(),
        );
      }
    },
    purge() {
      for (const halt of halted.values()) {
        take(
          halt,
          ({ pending }) => pending.abandoned,
          (item) => item.drop(),
        );
      }
    },
    held: () => [...halted.values()].reduce((sum, { letters }) => sum + letters.length, 0),
    blockages: () => [...halted].map(([{ name }, { since, failure }]) => ({ lane: name, since, failure })),
  };
}
