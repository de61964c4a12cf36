import pRetry from 'p-retry';
import type { Delivery, Sink } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import { abortedError } from './aborted.ts';
import type { Gate } from './gate.ts';
import { type RetryCall, type RetryLimits, retryCall } from './retry-call.ts';
import type { SettlingSink } from './settling.ts';

export interface RetryPolicy extends RetryLimits {
  /** The longest wait after the first failure, doubled with each further one up to `capMillis`. */
  readonly baseMillis: number;
  readonly capMillis: number;
}

export interface RetryingOptions {
  readonly sink: Sink;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly lane: string;
  /** 500 ms doubling to 60 s, without limits, by default. */
  readonly policy?: Partial<RetryPolicy>;
}

/**
 * Sends until every delivery is final or is to be sent in smaller requests. Throttled and blocked ones wait at the
 * gate; retryable ones, they alone, are sent again after a random part of a time that doubles (full jitter). Rejects
 * with the `ConnectorError` `ABORTED` when the signal aborts first: nothing of the call is settled then.
 */
export function retrying(options: RetryingOptions): SettlingSink {
  const { clock, gate, random, telemetry, lane } = options;
  const policy: RetryPolicy = { baseMillis: 500, capMillis: 60_000, ...options.policy };

  async function backOff(call: RetryCall, signal: AbortSignal): Promise<void> {
    const failure = call.lastFailure();
    if (failure !== undefined) {
      const bound = Math.min(policy.capMillis, policy.baseMillis * 2 ** (call.failures() - 1));
      const waitMillis = Math.round(random() * bound);
      telemetry.emit({ kind: 'retry_scheduled', lane, failure, waitMillis });
      await clock.sleep(waitMillis, signal);
    }
  }

  return {
    send: (deliveries, signal) => {
      const call = retryCall(deliveries, { gate, clock, limits: policy });
      return pRetry(() => attempt(call, deliveries, options, signal), {
        retries: Number.POSITIVE_INFINITY,
        // The waiting is ours, with the clock and the randomness that were passed in.
        minTimeout: 0,
        shouldRetry: ({ error }) => isUnfinished(error),
        onFailedAttempt: ({ error }) => (isUnfinished(error) ? backOff(call, signal) : undefined),
      });
    },
  };
}

/** One request with what is open. Throws when something still is, which p-retry takes as the word to go on. */
async function attempt(
  call: RetryCall,
  deliveries: readonly Delivery[],
  { gate, sink }: RetryingOptions,
  signal: AbortSignal,
) {
  const release = await gate.pass(signal);
  try {
    const places = call.next();
    const sent = places.flatMap((place) => deliveries[place] ?? []);
    const answers = await sink.send(sent, signal);
    if (answers.length !== sent.length) {
      const message = `A sink answered ${answers.length} outcomes for ${sent.length} deliveries.`;
      throw new ConnectorError('OUTCOME_COUNT', message);
    }
    tellGate(gate, answers);
    call.take(places, answers);
  } finally {
    release();
  }
  const ended = call.ended();
  if (ended !== undefined) return ended;
  if (signal.aborted) throw abortedError();
  throw new ConnectorError(unfinished, 'Some deliveries are not final yet.');
}

const unfinished = 'UNFINISHED';

function isUnfinished(error: Error): boolean {
  return error instanceof ConnectorError && error.code === unfinished;
}

function tellGate(gate: Gate, answers: readonly Outcome[]): void {
  if (answers.some((answer) => answer.kind === 'delivered')) gate.succeeded();
  // A request has one outcome, which all its deliveries share.
  for (const answer of new Set(answers)) {
    if (answer.kind === 'throttled') gate.throttle(answer.failure, answer.waitMillis, answer.scope);
    if (answer.kind === 'blocked') gate.block(answer.failure);
  }
}
