import type { EncodedChange } from '../../core/encoded-change.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { ChangeEnd } from './change-end.ts';

/** What became of an audience's changes since its lane was opened. */
export interface AudienceCounts {
  readonly joins: number;
  readonly leaves: number;
  readonly rejected: number;
  /** When Meta accepted some last, in Unix milliseconds; undefined: it has not yet. */
  readonly lastAt: number | undefined;
}

export interface CountingAudience {
  ended(change: EncodedChange, end: ChangeEnd): void;
  counts(): AudienceCounts;
}

/** @param now Unix milliseconds. */
export function createAudienceCounts(now: () => number): CountingAudience {
  let joins = 0;
  let leaves = 0;
  let rejected = 0;
  let lastAt: number | undefined;
  return {
    ended({ operation }, end) {
      // What is parked comes back, and ends then.
      if (end.kind === 'rejected' && end.failure.code !== parkedCode) rejected += 1;
      if (end.kind !== 'delivered') return;
      lastAt = now();
      if (operation === 'remove') leaves += 1;
      else joins += 1;
    },
    counts: () => ({ joins, leaves, rejected, lastAt }),
  };
}
