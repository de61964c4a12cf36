import type { AnalyticsEvent } from '../../core/event.ts';
import type { Failure } from '../../core/outcome.ts';

/**
 * `several`: a list of messages, each of which is to be decoded by itself. `skipped`: a tombstone, an envelope that says
 * that a row is gone, a change that is of no row, or a list of nothing. `cut`: an object in the record has more members
 * than are read.
 */
export type Decoded =
  | { readonly kind: 'event'; readonly event: AnalyticsEvent; readonly cut?: true }
  | { readonly kind: 'several'; readonly messages: readonly unknown[]; readonly cut?: true }
  | { readonly kind: 'undecodable'; readonly failure: Failure }
  | { readonly kind: 'skipped'; readonly reason: 'tombstone' | 'no_row' | 'no_event' };

export const tombstone: Decoded = { kind: 'skipped', reason: 'tombstone' };

export function undecodable(code: string, message: string): Extract<Decoded, { kind: 'undecodable' }> {
  return { kind: 'undecodable', failure: { code, message } };
}
