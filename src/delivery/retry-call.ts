import { type Delivery, doubtOf } from '../core/delivery.ts';
import { abandoned, type Failure, type FinalOutcome, type Outcome, rejected } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import type { Gate } from './gate.ts';
import { createPoisonEvidence } from './poison-evidence.ts';
import { inPlace, type SettledOutcome, type KeptFailing } from './split.ts';

/** When to stop trying. Without limits, the default, never: the broker is the queue. */
export interface RetryLimits {
  /** Requests at most; waits at the gate don't count. */
  readonly maxAttempts?: number;
  /** From the first request on, or from the first after a wait at the gate. */
  readonly maxElapsedMillis?: number;
}

/** The deliveries of one call of a retrying sink, and what is known about them. */
export interface RetryCall {
  /** The deliveries to send now, as indexes: all that are open, or one of them as a probe of the lane. */
  next(): readonly number[];
  /** Takes the outcomes of a request, in the order of `places`. */
  take(places: readonly number[], answers: readonly Outcome[]): void;
  /** The outcomes in order, once every delivery has one. */
  outcomes(): readonly SettledOutcome[] | undefined;
  /** Rejects everything that is open, for this reason. */
  rejectOpen(failure: Failure): void;
  /**
   * Ends deliveries that must not be sent any more: the partition went to another process, or the subscription was
   * removed.
   */
  dropGone(): void;
  /** It is one delivery, which has failed before while others got through: its failures say nothing about the lane. */
  failedBefore(): boolean;
  /** Retryable failures so far. */
  failures(): number;
  /** Why the last request is to be retried; undefined when it is not, or waits at the gate. */
  lastFailure(): Failure | undefined;
}

export interface RetryCallOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly limits: RetryLimits;
  readonly keptFailing?: KeptFailing;
  /** No other call of its lane is under way. */
  isOnlyCall(): boolean;
}

export function createRetryCall(
  deliveries: readonly Delivery[],
  { gate, clock, limits, keptFailing, isOnlyCall }: RetryCallOptions,
): RetryCall {
  const outcomes: (SettledOutcome | undefined)[] = deliveries.map(() => undefined);
  const attempts = deliveries.map(() => 0);
  const evidence = createPoisonEvidence(gate, clock, keptFailing, isOnlyCall);
  const single = deliveries.length === 1;
  let open: readonly number[] = deliveries.map((_, place) => place);
  let startedAt: number | undefined;
  let answered: Failure | undefined;
  let latest: Failure | undefined;

  function endAll(outcome: SettledOutcome): void {
    for (const place of open) outcomes[place] = noted(outcome, deliveries[place]);
    open = [];
  }

  function spent(elapsedMillis: number): boolean {
    const { maxAttempts = Number.POSITIVE_INFINITY, maxElapsedMillis = Number.POSITIVE_INFINITY } = limits;
    return evidence.failures() >= maxAttempts || elapsedMillis >= maxElapsedMillis;
  }

  /** Perhaps each of them is a cause, so that none of them can show that the lane works. */
  function partsFail(): boolean {
    if (keptFailing !== 'together') return false;
    return single || evidence.failures() > deliveries.length || evidence.isLasting();
  }

  /** Ends what repeating the same request would not help. */
  function judge(failure: Failure, halve: boolean): void {
    const elapsedMillis = clock.monotonic() - (startedAt ?? clock.monotonic());
    const alone = open.length === 1;
    if (halve && !alone) endAll({ kind: 'split', failure, halve: true });
    else if (spent(elapsedMillis)) endAll(rejected(exhausted(failure, evidence.failures(), elapsedMillis)));
    else if (keptFailing === 'alone') {
      if (evidence.ofRecord()) endAll(rejected(poison(failure, evidence.failures())));
    }
    // A single one lets others go first.
    else if (evidence.ofBatch() || partsFail() || (single && evidence.isLasting())) endAll({ kind: 'split', failure });
  }

  return {
    next: () => {
      startedAt ??= clock.monotonic();
      // Another delivery each time: the first might be the cause of the failures.
      return !single && evidence.undecided() ? open.slice(evidence.failures() % open.length).slice(0, 1) : open;
    },
    rejectOpen: (failure) => endAll(rejected(failure)),
    dropGone: () => {
      open = open.filter((place) => {
        const outcome = whyGone(deliveries[place]);
        if (outcome !== undefined) outcomes[place] = outcome;
        return outcome === undefined;
      });
    },
    take: (places, answers) => {
      for (const place of places) attempts[place] = (attempts[place] ?? 0) + 1;
      answers.forEach((answer, at) => {
        const place = places[at];
        const outcome = inPlace(answer, places);
        if (place !== undefined && (outcome.kind === 'delivered' || outcome.kind === 'rejected')) {
          outcomes[place] = outcome;
        }
      });
      open = open.filter((place) => outcomes[place] === undefined);
      const retryable = answers.find((answer) => answer.kind === 'retryable');
      answered = retryable?.failure;
      latest = answered ?? latest;
      if (answers.some((answer) => answer.kind === 'throttled' || answer.kind === 'blocked')) startedAt = undefined;
      if (retryable !== undefined) evidence.failed();
      if (open.length === 0 || latest === undefined) return;
      if (retryable !== undefined) judge(latest, retryable.halve);
      // The delivery that was sent alone got through.
      else if (!single && evidence.ofBatch()) endAll({ kind: 'split', failure: latest });
    },
    outcomes: () => {
      if (open.length > 0) return undefined;
      const settled: SettledOutcome[] = [];
      for (const [place, outcome] of outcomes.entries()) {
        if (outcome !== undefined) settled.push(counted(outcome, attempts[place] ?? 0));
      }
      return settled;
    },
    failedBefore: () => single && keptFailing !== undefined,
    failures: evidence.failures,
    lastFailure: () => answered,
  };
}

function whyGone(delivery: Delivery | undefined): FinalOutcome | undefined {
  if (delivery?.pending.abandoned === true) return abandoned;
  const removed = delivery?.origin?.removed;
  return removed === undefined ? undefined : noted(rejected(removed), delivery);
}

/** A dead letter about an event that Meta may have says so: sent again after 48 hours it would count twice. */
function noted<T extends SettledOutcome>(outcome: T, delivery: Delivery | undefined): T {
  if (outcome.kind !== 'rejected' || delivery === undefined || doubtOf(delivery) === undefined) return outcome;
  const { failure } = outcome;
  const message = `${failure.message} Meta may have the event: a request with it had no clear answer.`;
  const caution = 'Meta counts it twice if it is replayed more than 48 hours later: look in Meta Events Manager first.';
  const fix = failure.fix === undefined ? caution : `${failure.fix} ${caution}`;
  return { ...outcome, failure: { ...failure, message, fix } };
}

function counted(outcome: SettledOutcome, attempts: number): SettledOutcome {
  return outcome.kind === 'delivered' || attempts === 1 ? outcome : { ...outcome, attempts };
}

function poison(failure: Failure, tries: number): Failure {
  return {
    ...failure,
    code: 'POISON',
    message: `Failed ${tries} times while others were delivered. ${lastOf(failure)}`,
    fix: 'Look at what is special about the event with `meta-actions explain`; replay the dead letter once it is fixed.',
  };
}

function exhausted(failure: Failure, tries: number, elapsedMillis: number): Failure {
  return {
    ...failure,
    code: 'RETRIES_EXHAUSTED',
    message: `Given up after ${tries} attempts in ${Math.round(elapsedMillis / 1_000)} s. ${lastOf(failure)}`,
    fix: 'Replay the dead letter when the trouble is over, or allow more attempts.',
  };
}

function lastOf(failure: Failure): string {
  return `The last failure was ${failure.code}: ${failure.message}`;
}
