/** Why something was refused, in our words; safe to log: no identifier, token or payload. */
export interface Failure {
  /** Stable, in capitals: ours (`EVENT_TOO_OLD`) or derived from Meta's numbers (`META_100_2804003`, `HTTP_502`). */
  readonly code: string;
  readonly message: string;
  /** Meta's words for it, where they are ones that hold no data. */
  readonly reason?: string;
  /** Of a list of users: how many can't be used. */
  readonly rejected?: number;
  /** The field at fault, when known. */
  readonly field?: string;
  /** What to do about it, when known. */
  readonly fix?: string;
  /** Of an event with lists of users: the entries that failed (`entriesText`); absent: all of it. */
  readonly entries?: string;
  /** What Meta answered, when it did. */
  readonly meta?: {
    readonly status: number;
    readonly code?: number;
    readonly subcode?: number;
    readonly fbtraceId?: string;
  };
}

/**
 * How an attempt ended for one delivery (DESIGN: outcomes).
 *
 * - `delivered`: Meta has it; `rows`: of a delivery that is many rows, which it took.
 * - `retryable`: nobody's fault, send the same again. `ambiguous`: Meta may have it. `halve`: send less at once. `mayLast`: it
 *   says no more than that something failed, so that a person is to look where it goes on.
 * - `throttled`: pause everything of `scope` for `waitMillis` (unknown: the policy's own backoff).
 * - `rejected`: a record's fault. `whole`: the request was refused as one, so that the guilty record is still to be
 *   found; `index` is its place in the request if Meta named it. `known: false`: a code that nobody has described.
 * - `blocked`: the destination's fault; its deliveries wait until a person acts. `ambiguous`: Meta may have this one.
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly rows?: TakenRows }
  | {
      readonly kind: 'retryable';
      readonly failure: Failure;
      readonly ambiguous: boolean;
      readonly halve: boolean;
      readonly mayLast?: true;
    }
  | {
      readonly kind: 'throttled';
      readonly failure: Failure;
      readonly scope: string;
      readonly waitMillis?: number;
    }
  | {
      readonly kind: 'rejected';
      readonly failure: Failure;
      readonly whole?: boolean;
      readonly index?: number;
      readonly known?: boolean;
    }
  | { readonly kind: 'blocked'; readonly failure: Failure; readonly ambiguous?: true };

/** Meta may have taken the request, although it is to be sent again. */
export function isAmbiguous(outcome: Outcome): boolean {
  return (outcome.kind === 'retryable' || outcome.kind === 'blocked') && outcome.ambiguous === true;
}

/**
 * Meta has refused what was sent for what it is, or took the request and not this part of it: neither the token nor a limit
 * was in the way.
 */
export function isJudged(outcome: Outcome): boolean {
  if (outcome.kind !== 'rejected' || outcome.known === false) return false;
  const { meta } = outcome.failure;
  if (outcome.whole === true) return meta?.code !== undefined;
  return meta !== undefined && meta.status >= 200 && meta.status < 300;
}

/** The code of a retryable outcome whose request was withheld at the last moment: nothing of it was sent. */
export const withheldCode = 'NETWORK_WITHHELD';

/** What Meta says about the rows of one delivery. Invalid rows don't fail the delivery. */
export interface TakenRows {
  /** Counted over the session. */
  readonly received: number;
  /** Counted over the session, and not always exact. */
  readonly invalid: number;
  /** The rows of this request that Meta names, at most 100, by their text as it was sent. */
  readonly named: ReadonlyMap<string, Failure>;
}

/** How a delivery ended: nothing more happens to it by itself. Of the attempts it only tells the number. */
export type FinalOutcome =
  | { readonly kind: 'delivered'; readonly rows?: TakenRows }
  | {
      readonly kind: 'rejected';
      readonly failure: Failure;
      /** Requests that were made with this delivery in them; absent: one. */
      readonly attempts?: number;
    };

export function rejected(failure: Failure): FinalOutcome {
  return { kind: 'rejected', failure };
}

/** The end of a delivery whose partition went to another process, which sends it. Nobody sees this outcome. */
export const abandoned: FinalOutcome = rejected({
  code: 'ABANDONED',
  message: 'The partition went to another process before the delivery was sent.',
});
