import type { Clock } from '../core/ports.ts';
import type { Gate } from './gate.ts';
import type { KeptFailing } from './split.ts';

const failuresOfBatch = 5;
const failuresOfRecord = 10;
/** Less than `--max-blocked` is by default, and than any retention. */
const millisOfRecord = 5 * 60_000;
/** For so long a single delivery keeps others from being sent where one request is under way at a time. */
const lastingMillis = 60_000;

/**
 * Evidence that a batch, or a single record, is itself the cause of its failures: it fails again and again while its
 * lane delivers others. Without that the destination may just be down, and nothing is concluded, so an outage costs no
 * record.
 */
export interface PoisonEvidence {
  /** One more retryable failure. */
  failed(): void;
  failures(): number;
  /** Five failures, of suspects one, and the lane delivered something since the first. */
  ofBatch(): boolean;
  /**
   * Ten failures over five minutes; only those count before which something was delivered since the last one, or
   * nothing else has failed. What other lanes deliver counts for the only call of its lane.
   */
  ofRecord(): boolean;
  /** As many failures as for a batch, over a minute. */
  isLasting(): boolean;
  /** As many failures, and no evidence either way. */
  undecided(): boolean;
}

export function createPoisonEvidence(
  gate: Pick<Gate, 'successes' | 'successesOfPeers' | 'isTroubled'>,
  clock: Clock,
  keptFailing: KeptFailing | undefined,
  isOnlyCall: () => boolean,
): PoisonEvidence {
  const enough = keptFailing === 'together' ? 1 : failuresOfBatch;
  let failures = 0;
  let firstAt = 0;
  let successesAtFirst = 0;
  let last = { at: 0, successes: 0, ofPeers: 0 };
  let evident = { failures: 1, millis: 0 };

  const laneDelivered = () => gate.successes() > successesAtFirst;
  /** It is the call that is at fault, not Meta. */
  function isEvident(now: typeof last): boolean {
    if (now.successes > last.successes || !gate.isTroubled()) return true;
    return isOnlyCall() && now.ofPeers > last.ofPeers;
  }

  return {
    failed: () => {
      const now = { at: clock.monotonic(), successes: gate.successes(), ofPeers: gate.successesOfPeers() };
      failures += 1;
      if (failures === 1) {
        successesAtFirst = now.successes;
        firstAt = now.at;
      } else if (isEvident(now)) {
        evident = { failures: evident.failures + 1, millis: evident.millis + now.at - last.at };
      }
      last = now;
    },
    failures: () => failures,
    ofBatch: () => failures >= enough && laneDelivered(),
    ofRecord: () => evident.failures >= failuresOfRecord && evident.millis >= millisOfRecord,
    isLasting: () => failures >= enough && last.at - firstAt >= lastingMillis,
    undecided: () => failures >= enough && !laneDelivered(),
  };
}
