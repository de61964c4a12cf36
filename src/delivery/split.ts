import type { Delivery } from '../core/delivery.ts';
import type { Failure, Outcome } from '../core/outcome.ts';

/** The deliveries are to be sent again in smaller requests; a single one after others that wait. */
export interface Split {
  readonly kind: 'split';
  readonly failure: Failure;
  /** Less at once was asked for, which says of none of them that it keeps failing. */
  readonly halve?: true;
  /** Requests that were made with this delivery in them; absent: one. */
  readonly attempts?: number;
}

/** A refusal, with the number of requests that were made. */
export type Refusal = Extract<Outcome, { kind: 'rejected' }> & Pick<Split, 'attempts'>;

/** An outcome that waiting and sending again would not change. */
export type SettledOutcome = Extract<Outcome, { kind: 'delivered' }> | Refusal | Split;

/**
 * Of deliveries that were split because they kept failing. `together`: one of them may be the cause, so that one more
 * failure is enough. `alone`: this one is, and is poison if it goes on failing.
 */
export type KeptFailing = 'together' | 'alone';

/** A sink that has waited and retried as long as that could help. */
export interface SplittingSink {
  send(
    deliveries: readonly Delivery[],
    signal: AbortSignal,
    keptFailing?: KeptFailing,
  ): Promise<readonly SettledOutcome[]>;
}

/**
 * The outcome of a request that held only some of the deliveries, with `index` as a place among all of them.
 *
 * @param places Where each delivery of the request stands among all.
 */
export function inPlace(outcome: Outcome, places: readonly number[]): Outcome {
  if (outcome.kind !== 'rejected' || outcome.index === undefined) return outcome;
  const { index, ...rest } = outcome;
  const place = places[index];
  return place === undefined ? rest : { ...rest, index: place };
}

/** The deliveries at those places, in the order of the places. A loop: requests have a thousand, and `flatMap` takes ten times as long. */
export function deliveriesAt(deliveries: readonly Delivery[], places: readonly number[]): readonly Delivery[] {
  const found: Delivery[] = [];
  for (const place of places) {
    const delivery = deliveries[place];
    if (delivery !== undefined) found.push(delivery);
  }
  return found;
}
