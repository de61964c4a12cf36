import type { Clock } from '../core/ports.ts';
import type { Gate } from './gate.ts';

const failuresOfBatch = 5;
const failuresOfRecord = 10;
const millisOfRecord = 15 * 60_000;

/**
 * Evidence that a batch, or a single record, is itself the cause of its failures: it fails again and again while its
 * lane delivers others. Without that the destination may just be down, and nothing is concluded, so an outage costs no
 * record.
 */
export interface PoisonEvidence {
  /** One more retryable failure. */
  failed(): void;
  failures(): number;
  /** Five failures, of a suspect one, and the lane delivered something since the first. */
  ofBatch(): boolean;
  /** Ten failures over 15 minutes; only those count before which the lane delivered something since the last one. */
  ofRecord(): boolean;
  /** As many failures, and no evidence either way. */
  undecided(): boolean;
}

/** @param suspect As `SplittingSink.send`. */
export function createPoisonEvidence(gate: Pick<Gate, 'successes'>, clock: Clock, suspect: boolean): PoisonEvidence {
  const enough = suspect ? 1 : failuresOfBatch;
  let failures = 0;
  let successesAtFirst = 0;
  let last = { at: 0, successes: 0 };
  let evident = { failures: 1, millis: 0 };

  const laneDelivered = () => gate.successes() > successesAtFirst;
  return {
    failed: () => {
      const now = { at: clock.monotonic(), successes: gate.successes() };
      failures += 1;
      if (failures === 1) successesAtFirst = now.successes;
      else if (now.successes > last.successes) {
        evident = { failures: evident.failures + 1, millis: evident.millis + now.at - last.at };
      }
      last = now;
    },
    failures: () => failures,
    ofBatch: () => failures >= enough && laneDelivered(),
    ofRecord: () => evident.failures >= failuresOfRecord && evident.millis >= millisOfRecord,
    undecided: () => failures >= enough && !laneDelivered(),
  };
}
