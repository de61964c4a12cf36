import type { Delivery } from '../core/delivery.ts';
import { abandoned, type Failure, type FinalOutcome, type Outcome } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import type { Gate } from './gate.ts';
import { persistence } from './poison-evidence.ts';
import { inPlace, type Split } from './split.ts';

/** When to stop trying. Without limits, the default, never: the broker is the queue. */
export interface RetryLimits {
  /** Requests at most; waits at the gate don't count. */
  readonly maxAttempts?: number;
  /** From the first request on, or from the first after a wait at the gate. */
  readonly maxElapsedMillis?: number;
}

/** The deliveries of one call of a retrying sink, and what is known about them. */
export interface RetryCall {
  /** The places to send now: all that are open, or one of them, to see whether the lane works. */
  next(): readonly number[];
  /** Takes the outcomes of a request, in the order of `places`. */
  take(places: readonly number[], answers: readonly Outcome[]): void;
  /** The outcomes in order, once every delivery has one. */
  ended(): readonly (FinalOutcome | Split)[] | undefined;
  /** Ends what is open with this reason. */
  rejectWaiting(failure: Failure): void;
  /** Ends what is not to be sent any more: its partition went to another process, or its subscription was removed. */
  dropGone(): void;
  /** Retryable failures so far. */
  failures(): number;
  /** Why the last request is to be retried; undefined when it is not, or waits at the gate. */
  lastFailure(): Failure | undefined;
}

export function retryCall(
  deliveries: readonly Delivery[],
  { gate, clock, limits }: { readonly gate: Gate; readonly clock: Clock; readonly limits: RetryLimits },
): RetryCall {
  const outcomes: (FinalOutcome | Split | undefined)[] = deliveries.map(() => undefined);
  const attempts = deliveries.map(() => 0);
  const trouble = persistence(gate, clock);
  let open: readonly number[] = deliveries.map((_, place) => place);
  let startedAt: number | undefined;
  let answered: Failure | undefined;
  let latest: Failure | undefined;

  function endAll(outcome: FinalOutcome | Split): void {
    for (const place of open) outcomes[place] = outcome;
    open = [];
  }

  function spent(elapsedMillis: number): boolean {
    const { maxAttempts = Number.POSITIVE_INFINITY, maxElapsedMillis = Number.POSITIVE_INFINITY } = limits;
    return trouble.failures() >= maxAttempts || elapsedMillis >= maxElapsedMillis;
  }

  /** Ends what further tries of the same request would not mend. */
  function judge(failure: Failure, halve: boolean): void {
    const elapsedMillis = clock.now() - (startedAt ?? clock.now());
    const alone = open.length === 1;
    if (halve && !alone) endAll({ kind: 'split', failure });
    else if (spent(elapsedMillis)) endAll(rejected(exhausted(failure, trouble.failures(), elapsedMillis)));
    else if (!alone && trouble.ofBatch()) endAll({ kind: 'split', failure });
    else if (alone && trouble.ofRecord()) endAll(rejected(poison(failure, trouble.failures())));
  }

  return {
    next: () => {
      startedAt ??= clock.now();
      // Another one each time: the first might be the one that carries the trouble.
      return trouble.undecided() ? open.slice(trouble.failures() % open.length).slice(0, 1) : open;
    },
    rejectWaiting: (failure) => endAll(rejected(failure)),
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
      if (retryable !== undefined) trouble.failed();
      if (open.length === 0 || latest === undefined) return;
      if (retryable !== undefined) judge(latest, retryable.halve);
      // The one that was sent alone got through.
      else if (open.length > 1 && trouble.ofBatch()) endAll({ kind: 'split', failure: latest });
    },
    ended: () => {
      if (open.length > 0) return undefined;
      const ended: (FinalOutcome | Split)[] = [];
      for (const [place, outcome] of outcomes.entries()) {
        if (outcome !== undefined) ended.push(counted(outcome, attempts[place] ?? 0));
      }
      return ended;
    },
    failures: trouble.failures,
    lastFailure: () => answered,
  };
}

function whyGone(delivery: Delivery | undefined): FinalOutcome | undefined {
  if (delivery?.pending.abandoned === true) return abandoned;
  return delivery?.origin?.removed === undefined ? undefined : rejected(delivery.origin.removed);
}

function counted(outcome: FinalOutcome | Split, attempts: number): FinalOutcome | Split {
  return outcome.kind === 'delivered' || attempts === 1 ? outcome : { ...outcome, attempts };
}

function rejected(failure: Failure): FinalOutcome {
  return { kind: 'rejected', failure, whole: false, known: true };
}

function poison(failure: Failure, tries: number): Failure {
  return {
    ...failure,
    code: 'POISON',
    message: `Failed ${tries} times while others were delivered. ${lastOf(failure)}`,
    fix: 'Look at what is special about the event with `meta-actions explain`; replay the dead letter once it is mended.',
  };
}

function exhausted(failure: Failure, tries: number, elapsedMillis: number): Failure {
  return {
    ...failure,
    code: 'RETRIES_EXHAUSTED',
    message: `Given up after ${tries} tries in ${Math.round(elapsedMillis / 1_000)} s. ${lastOf(failure)}`,
    fix: 'Replay the dead letter when the trouble is over, or allow more tries.',
  };
}

function lastOf(failure: Failure): string {
  return `At last ${failure.code}: ${failure.message}`;
}
