import type { AnalyticsEvent } from '../../core/event.ts';
import type { Failure } from '../../core/outcome.ts';

/**
 * `skipped`: a tombstone, an envelope that says that a row is gone, or a change that is of no row.
 */
export type Decoded =
  | { readonly kind: 'event'; readonly event: AnalyticsEvent }
  | { readonly kind: 'undecodable'; readonly failure: Failure }
  | { readonly kind: 'skipped'; readonly reason: 'tombstone' | 'no_row' };

export const tombstone: Decoded = { kind: 'skipped', reason: 'tombstone' };

export function undecodable(code: string, message: string): Decoded {
  return { kind: 'undecodable', failure: { code, message } };
}
