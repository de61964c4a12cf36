/** What the connector does about an error (DESIGN: outcomes). */
export type Verdict =
  | { readonly kind: 'retryable'; readonly halve?: true; readonly ambiguous?: true; readonly mayLast?: true }
  | { readonly kind: 'throttled'; readonly scope: ThrottleScope; readonly waitMillis?: number }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'blocked'; readonly ambiguous?: true };

/**
 * Whose rate limit was met: the app's (that is, the token's), the ad account's, or that of one kind of calls about the ad
 * account (Meta: Rate limits, business use cases).
 */
export type ThrottleScope = 'app' | 'account' | 'useCase';

/** A number, or the first and the last of a range. */
export type NumberOrRange = number | readonly [number, number];

/** One error that Meta describes, or that was seen from it. */
export interface ErrorRow {
  readonly code: NumberOrRange;
  /** Absent: any subcode that has no row of its own. */
  readonly subcode?: NumberOrRange;
  /** For code 100 without a subcode, the one case in which the text decides. */
  readonly message?: RegExp;
  readonly outcome: Verdict;
  readonly name: string;
  readonly meaning: string;
  readonly fix: string;
  /** The field at fault, where the error means just that one. */
  readonly field?: string;
}

/** The same for an answer without a readable error of Meta's, and for no answer at all. */
export type PlainRow = Pick<ErrorRow, 'outcome' | 'name' | 'meaning' | 'fix'>;

export const retry: Verdict = { kind: 'retryable' };
/** In a lane in which nothing gets through it blocks after a while. */
export const retryThenBlock: Verdict = { kind: 'retryable', mayLast: true };
export const halve: Verdict = { kind: 'retryable', halve: true };
export const reject: Verdict = { kind: 'rejected' };
export const block: Verdict = { kind: 'blocked' };
export const throttleApp: Verdict = { kind: 'throttled', scope: 'app' };
export const throttleAccount: Verdict = { kind: 'throttled', scope: 'account' };
export const throttleUseCase: Verdict = { kind: 'throttled', scope: 'useCase' };

export const noAction = 'Nothing: the connector sends it again by itself.';
export const noThrottleAction = 'Nothing: the connector waits. If it happens often, ask Meta for a higher access tier.';
