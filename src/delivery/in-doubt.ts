import type { RequestWatch, Sink } from '../core/delivery.ts';
import { isAmbiguous } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';

/** A sink that knows how long one of its requests may still be on its way to Meta. */
export interface FencedSink extends Sink {
  /** Waits until none of the requests so far can arrive any more. At once where each was answered. */
  quiet(signal: AbortSignal): Promise<void>;
}

export interface FencingOptions {
  readonly clock: Clock;
  /** How long after its start a request without a definite answer counts as alive (60 s). */
  readonly aliveMillis?: number;
  /** Hears of every request. */
  readonly watch: RequestWatch;
}

/**
 * Watches for requests that ended ambiguously: a proxy or a queue at Meta may still hold them, and would undo a later
 * change of the same person. The same rows may be sent again meanwhile; what is opposite to them waits for `quiet`.
 */
export function fencing(sink: Sink, { clock, watch, aliveMillis = 60_000 }: FencingOptions): FencedSink {
  let aliveUntil = 0;
  return {
    send: async (deliveries, signal) => {
      const mayArriveUntil = clock.now() + aliveMillis;
      const ended = watch(deliveries);
      const outcomes = await sink.send(deliveries, signal);
      const ambiguous = outcomes.some(isAmbiguous);
      if (ambiguous) aliveUntil = Math.max(aliveUntil, mayArriveUntil);
      ended(ambiguous ? mayArriveUntil : 0);
      return outcomes;
    },
    quiet: async (signal) => {
      for (let left = aliveUntil - clock.now(); left > 0 && !signal.aborted; left = aliveUntil - clock.now()) {
        await clock.sleep(left, signal);
      }
    },
  };
}
