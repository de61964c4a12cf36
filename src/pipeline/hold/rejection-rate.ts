import type { RejectionRateSettings } from '../../core/settings.ts';

/** How many of the latest outcomes are remembered. */
export const rememberedOutcomes = 1_000;

/** Where the destination doesn't set `fuse`. */
export const defaultRejectionRate: RejectionRateSettings = { share: 0.5, minimum: 200 };

/**
 * Notices when a subscription is rejected so often that the fault is hardly the records'. Then they should wait for a
 * person instead of ending as dead letters overnight.
 */
export interface RejectionRate {
  /**
   * One more outcome. What is to be sent counts as good until Meta refuses it: otherwise rejections, which are known at
   * once, would outrun the good ones. True: this one exceeded the limit.
   */
  observe(rejected: boolean): boolean;
  /** One that counted as good was refused after all. True: this one exceeded the limit. */
  refuse(): boolean;
  /** The limit was exceeded since the last reset. */
  isExceeded(): boolean;
  /** Of the outcomes that are remembered. */
  counts(): { readonly outcomes: number; readonly rejected: number };
  /** Forgets everything. */
  reset(): void;
}

export function createRejectionRate({ share, minimum }: RejectionRateSettings): RejectionRate {
  const ring = new Uint8Array(rememberedOutcomes);
  let outcomes = 0;
  let at = 0;
  let rejected = 0;
  let isExceeded = false;

  function exceeds(): boolean {
    if (isExceeded) return false;
    isExceeded = rejected >= minimum && rejected >= share * outcomes;
    return isExceeded;
  }

  /** Where the newest outcome that counts as good stands in the ring; undefined: there is none. */
  function newestGood(): number | undefined {
    for (let back = 1; back <= outcomes; back++) {
      const index = (at - back + rememberedOutcomes) % rememberedOutcomes;
      if (ring[index] === 0) return index;
    }
    return undefined;
  }

  return {
    observe(wasRejected) {
      rejected += (wasRejected ? 1 : 0) - (ring[at] ?? 0);
      ring[at] = wasRejected ? 1 : 0;
      at = (at + 1) % rememberedOutcomes;
      outcomes = Math.min(outcomes + 1, rememberedOutcomes);
      return wasRejected && exceeds();
    },
    refuse() {
      const index = newestGood();
      if (index !== undefined) {
        ring[index] = 1;
        rejected += 1;
      }
      return exceeds();
    },
    isExceeded: () => isExceeded,
    counts: () => ({ outcomes, rejected }),
    reset() {
      ring.fill(0);
      outcomes = 0;
      at = 0;
      rejected = 0;
      isExceeded = false;
    },
  };
}
