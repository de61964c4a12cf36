import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Blockage } from '../lane/lane.ts';
import { type RejectedDelivery, rejectionReport } from '../lane/rejection-report.ts';

export interface RejectionHaltOptions {
  readonly lane: string;
  /** Rejected rows of one request above which the lane stops; below 0: never. Read at each use. */
  readonly threshold: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Stops a lane after a request of which too many rows were rejected, until a person has looked. */
export interface RejectionHalt {
  /** Waits, if they are too many, until `resume` or until `signal` aborts. */
  review(rejected: readonly RejectedDelivery[], signal: AbortSignal): Promise<void>;
  blocked(): Blockage | undefined;
  resume(): void;
}

export function createRejectionHalt(options: RejectionHaltOptions): RejectionHalt {
  const { lane, clock, telemetry } = options;
  let halt: { readonly blockage: Blockage; go(): void } | undefined;

  return {
    async review(rejected, signal) {
      const { threshold } = options;
      if (threshold < 0 || rejected.length <= threshold || signal.aborted) return;
      const failure: Failure = {
        code: 'TOO_MANY_REJECTED',
        message: rejectionReport(rejected, threshold),
        fix: 'Mend the data or the mapping, or raise max_rejected_per_batch; SIGHUP turns the rejected into dead letters and goes on.',
      };
      const { promise, resolve } = Promise.withResolvers<void>();
      halt = { blockage: { since: clock.now(), failure }, go: resolve };
      telemetry.emit({ kind: 'lane_blocked', lane, failure, nextProbeMillis: Number.POSITIVE_INFINITY });
      const stop = () => resolve();
      signal.addEventListener('abort', stop, { once: true });
      await promise;
      signal.removeEventListener('abort', stop);
      halt = undefined;
      if (!signal.aborted) telemetry.emit({ kind: 'lane_opened', lane });
    },
    blocked: () => halt?.blockage,
    resume: () => halt?.go(),
  };
}
