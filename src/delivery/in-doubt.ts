import type { RequestWatch, Sink } from '../core/delivery.ts';
import { isAmbiguous } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';

/** A sink that knows until when a request of its own may still arrive at Meta. */
export interface InDoubtSink extends Sink {
  /** To be called when a request is given to its socket: it may have waited for one, and there may be several in one call. */
  sent(): void;
  /** Waits until no request that was sent so far can still arrive. Resolves at once if each had an answer. */
  quiet(signal: AbortSignal): Promise<void>;
}

export interface InDoubtOptions {
  readonly clock: Clock;
  /** How long after its start a request without a definite answer may still arrive (60 s). */
  readonly aliveMillis?: number;
  /** Is told of every request. */
  readonly watch: RequestWatch;
}

/**
 * Keeps track of requests that are in doubt, because they ended without a definite answer: a proxy or a queue at Meta
 * may still hold them, and one that arrives late would undo a newer change of the same person. Their rows may be sent
 * again meanwhile; the opposite change waits for `quiet`.
 */
export function trackingInDoubt(sink: Sink, { clock, watch, aliveMillis = 60_000 }: InDoubtOptions): InDoubtSink {
  let aliveUntil = 0;
  let sentAt = 0;
  const sent = () => {
    sentAt = clock.monotonic();
  };
  return {
    sent,
    send: async (deliveries, signal) => {
      sent();
      const finish = watch(deliveries);
      const outcomes = await sink.send(deliveries, signal);
      const ambiguous = outcomes.some(isAmbiguous);
      const mayArriveUntil = sentAt + aliveMillis;
      if (ambiguous) aliveUntil = Math.max(aliveUntil, mayArriveUntil);
      finish(ambiguous ? mayArriveUntil : 0);
      return outcomes;
    },
    quiet: async (signal) => {
      for (
        let left = aliveUntil - clock.monotonic();
        left > 0 && !signal.aborted;
        left = aliveUntil - clock.monotonic()
      ) {
        await clock.sleep(left, signal);
      }
    },
  };
}
