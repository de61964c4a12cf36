import { type BackoffTimes, backoffMillis } from '../core/backoff.ts';
import type { Delivery, Sink } from '../core/delivery.ts';
import { abortedError, ConnectorError } from '../core/errors.ts';
import { failsForLong } from '../core/lane-state.ts';
import { type Failure, isJudged, type Outcome } from '../core/outcome.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import { type LaneNames, namesOf } from '../core/telemetry.ts';
import type { Gate } from './gate.ts';
import { type RetryCall, type RetryLimits, createRetryCall } from './retry-call.ts';
import { deliveriesAt, type SplittingSink } from './split.ts';

/** The times are upper bounds: each wait is a random part of them. */
export interface RetryPolicy extends RetryLimits, BackoffTimes {}

export interface RetryingOptions extends LaneNames {
  readonly sink: Sink;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** By default 500 ms, doubling to 60 s, without limits. */
  readonly policy?: Partial<RetryPolicy>;
}

export interface RetryingSink extends SplittingSink {
  /**
   * Rejects calls that wait because the lane is blocked or fails for long, for this reason: all, or those with a
   * delivery of `which`.
   */
  rejectWaiting(failure: Failure, which?: (delivery: Delivery) => boolean): void;
  /** Calls that wait give up deliveries that were abandoned, or whose subscription was removed. */
  dropRemoved(): void;
}

/** A call under way. */
interface OpenCall {
  readonly call: RetryCall;
  readonly deliveries: readonly Delivery[];
  /** Ends its waits. It is replaced when the call goes on. */
  waits: AbortController;
  rejection: Failure | undefined;
}

/**
 * Sends until every delivery is final or is to be sent in smaller requests. Throttled and blocked deliveries wait at
 * the gate; only retryable ones are sent again, after a random part of a time that doubles (full jitter). Rejects with
 * the `ConnectorError` `ABORTED` if the signal aborts first: nothing of the call is settled then.
 */
export function retrying(options: RetryingOptions): RetryingSink {
  const { clock, gate, random, telemetry } = options;
  const policy: RetryPolicy = { firstMillis: 500, longestMillis: 60_000, ...options.policy };

  const calls = new Set<OpenCall>();

  async function backOff({ call, waits }: OpenCall): Promise<void> {
    const failure = call.lastFailure();
    if (failure !== undefined) {
      const waitMillis = Math.round(random() * backoffMillis(policy, call.failures()));
      telemetry.emit({ kind: 'retry_scheduled', ...namesOf(options), failure, waitMillis });
      await clock.sleep(waitMillis, waits.signal);
    }
  }

  return {
    send: async (deliveries, signal, keptFailing) => {
      const call = createRetryCall(deliveries, {
        gate,
        clock,
        limits: policy,
        isOnlyCall: () => calls.size === 1,
        ...(keptFailing !== undefined && { keptFailing }),
      });
      const live: OpenCall = { call, deliveries, waits: new AbortController(), rejection: undefined };
      const stop = () => live.waits.abort();
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      calls.add(live);
      try {
        for (;;) {
          const outcomes = await attempt(live, options, signal);
          if (outcomes !== undefined) return outcomes;
          if (signal.aborted) throw abortedError();
          await backOff(live);
        }
      } finally {
        calls.delete(live);
        if (calls.size === 0) gate.recovered();
        signal.removeEventListener('abort', stop);
      }
    },
    rejectWaiting: (failure, which = () => true) => {
      for (const live of calls) {
        if (!live.deliveries.some(which)) continue;
        live.rejection = failure;
        live.waits.abort();
      }
    },
    dropRemoved: () => {
      for (const { deliveries, waits } of calls) {
        const removed = deliveries.some(({ origin }) => origin?.removed !== undefined);
        if (removed || deliveries.every(({ pending }) => pending.abandoned)) waits.abort();
      }
    },
  };
}

/** Sends one request with what is open. Resolves with the outcomes of the call once every delivery has one. */
async function attempt(live: OpenCall, options: RetryingOptions, signal: AbortSignal) {
  const { gate, sink } = options;
  const { call, deliveries } = live;
  const release = await passGate(live, options, signal);
  try {
    const places = call.outcomes() === undefined ? call.next() : [];
    if (places.length > 0) {
      const sent = deliveriesAt(deliveries, places);
      const answers = await sink.send(sent, signal);
      if (answers.length !== sent.length) {
        const message = `A sink answered ${answers.length} outcomes for ${sent.length} deliveries.`;
        throw new ConnectorError('OUTCOME_COUNT', message);
      }
      reportToGate(gate, answers, call.failedBefore());
      call.take(places, answers);
    }
  } finally {
    release();
  }
  return call.outcomes();
}

/** Waits at the gate. Afterwards something is open and may be sent, or the call has ended without a request. */
async function passGate(live: OpenCall, options: RetryingOptions, signal: AbortSignal): Promise<() => void> {
  const { gate, clock } = options;
  const isStuck = () => gate.blockage() !== undefined || failsForLong(gate.laneState(), clock.monotonic());
  for (;;) {
    live.call.dropGone();
    if (live.rejection !== undefined && isStuck()) live.call.rejectOpen(live.rejection);
    live.rejection = undefined;
    if (live.call.outcomes() !== undefined) return () => undefined;
    if (live.waits.signal.aborted && !signal.aborted) live.waits = new AbortController();
    try {
      const release = await gate.pass(live.waits.signal);
      live.call.dropGone();
      return release;
    } catch (error) {
      if (signal.aborted || !live.waits.signal.aborted) throw error;
    }
  }
}

/** As long as a single event is given that fails alone: less than `--max-blocked`. */
const lastingMillis = 5 * 60_000;

function reportToGate(gate: Gate, answers: readonly Outcome[], isSuspect: boolean): void {
  const retryable = answers.find((answer) => answer.kind === 'retryable');
  if (retryable === undefined) gate.recovered();
  else {
    gate.failing(retryable.failure, isSuspect);
    if (retryable.mayLast === true && gate.failingMillis() >= lastingMillis) gate.block(retryable.failure);
  }
  if (answers.some((answer) => answer.kind === 'delivered')) gate.succeeded();
  else if (answers.some(isJudged)) gate.judged();
  // A request has one outcome, which all its deliveries share.
  for (const answer of new Set(answers)) {
    if (answer.kind === 'throttled') gate.throttle(answer.failure, answer.waitMillis, answer.scope);
    if (answer.kind === 'blocked') gate.block(answer.failure);
  }
}
