import { backoffMillis } from '../core/backoff.ts';
import { abortedError } from '../core/errors.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import { type LaneNames, namesOf } from '../core/telemetry.ts';
import type { Gate } from './gate.ts';

export interface RetryLookupOptions extends LaneNames {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Asked where a refusal would block: true ends the asking without an answer. */
  givesUp?(failure: Failure): boolean;
}

type Failed = Exclude<Outcome, { readonly kind: 'delivered' }>;

const backoff = { firstMillis: 500, longestMillis: 60_000 };

/**
 * Repeats a look-up until it has an answer: it waits at the gate while that is throttled or blocked, and after a
 * retryable failure for a random part of a time that doubles. A refusal blocks the gate, unless
 * `givesUp` takes it: then there is no answer. Rejects with the `ConnectorError` `ABORTED` if the signal aborts first.
 */
export async function retryLookup<T extends { readonly kind: string }>(
  ask: (signal: AbortSignal) => Promise<T | Failed>,
  options: RetryLookupOptions,
  signal: AbortSignal,
): Promise<T | undefined> {
  const { gate, clock, random, telemetry } = options;
  for (let failures = 0; ; ) {
    const release = await gate.pass(signal);
    let answer: T | Failed;
    try {
      answer = await ask(signal);
    } finally {
      release();
    }
    if (signal.aborted) throw abortedError();
    if (!isFailure(answer)) {
      gate.succeeded();
      return answer;
    }
    if (answer.kind !== 'retryable') gate.recovered();
    if (answer.kind === 'throttled') gate.throttle(answer.failure, answer.waitMillis, answer.scope);
    else if (answer.kind === 'blocked' || answer.kind === 'rejected') {
      if (options.givesUp?.(answer.failure) === true) {
        // Meta has answered for good: what blocked the lane before is over.
        gate.succeeded();
        return undefined;
      }
      gate.block(answer.failure);
    } else {
      failures += 1;
      gate.failing(answer.failure);
      const waitMillis = Math.round(random() * backoffMillis(backoff, failures));
      telemetry.emit({ kind: 'retry_scheduled', ...namesOf(options), failure: answer.failure, waitMillis });
      await clock.sleep(waitMillis, signal);
      if (signal.aborted) throw abortedError();
    }
  }
}

function isFailure<T extends { readonly kind: string }>(answer: T | Failed): answer is Failed {
  return ['retryable', 'throttled', 'rejected', 'blocked'].includes(answer.kind);
}
