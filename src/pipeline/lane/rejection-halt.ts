import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { LaneNames } from '../../core/telemetry.ts';
import type { Blockage } from './lane.ts';
import { countOf, type Rejected, rejectionReport } from './rejection-report.ts';

/** Stops one lane after a request of which too much was rejected (`max_rejected_per_batch`), until a person has looked. */
export interface RejectionHalt {
  /**
   * @param threshold How many may be rejected; below 0: any number.
   * @returns True: the lane stops now.
   */
  review(rejected: readonly Rejected[], threshold: number): boolean;
  /** Undefined: the lane isn't stopped. */
  blockage(): Blockage | undefined;
  /** Resolves when the lane goes on, or when `signal` aborts. */
  ended(signal: AbortSignal): Promise<void>;
  resume(): void;
  /** Nobody will look: `ended` resolves, and the lane stays stopped. */
  giveUp(): void;
}

export const tooManyRejectedCode = 'TOO_MANY_REJECTED';

export function tooManyRejected(report: string): Failure {
  return {
    code: tooManyRejectedCode,
    message: report,
    fix: 'Fix the data or the mapping, or raise max_rejected_per_batch. What was rejected becomes dead letters: after SIGHUP, which lets a running process go on; with --once before it ends.',
  };
}

export function createRejectionHalt(names: LaneNames, clock: Clock, telemetry: Telemetry): RejectionHalt {
  let halt: { readonly blockage: Blockage; readonly over: PromiseWithResolvers<void> } | undefined;

  return {
    review(rejected, threshold) {
      if (halt !== undefined || threshold < 0 || countOf(rejected) <= threshold) return false;
      const failure = tooManyRejected(rejectionReport(rejected, threshold));
      halt = { blockage: { since: clock.monotonic(), failure }, over: Promise.withResolvers() };
      telemetry.emit({ kind: 'lane_blocked', ...names, failure, nextProbeMillis: Number.POSITIVE_INFINITY });
      return true;
    },
    blockage: () => halt?.blockage,
    async ended(signal) {
      if (halt === undefined || signal.aborted) return;
      const { over } = halt;
      const stop = () => over.resolve();
      signal.addEventListener('abort', stop, { once: true });
      await over.promise;
      signal.removeEventListener('abort', stop);
      if (signal.aborted) halt = undefined;
    },
    giveUp: () => halt?.over.resolve(),
    resume() {
      const over = halt?.over;
      if (over === undefined) return;
      halt = undefined;
      telemetry.emit({ kind: 'lane_opened', ...names });
      over.resolve();
    },
  };
}
