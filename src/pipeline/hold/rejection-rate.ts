import type { FuseSettings } from '../../core/settings.ts';

/** Outcomes that are looked back on. */
const memory = 1_000;

export const defaultRejectionRate: FuseSettings = { share: 0.5, minimum: 200 };

/**
 * Tells when a subscription is refused so often that the fault is hardly the records': then they should wait for a
 * person, and not end as dead letters over night.
 */
export interface RejectionRate {
  /**
   * One more outcome. What is to be sent counts as good until Meta refuses it: otherwise rejections, which are known at
   * once, would outrun the good ones. True: from now on the fuse is blown.
   */
  observe(rejected: boolean): boolean;
  /** One that counted as good was refused after all. True: from now on the fuse is blown. */
  refuse(): boolean;
  isExceeded(): boolean;
  /** Of the outcomes that are remembered. */
  counts(): { readonly outcomes: number; readonly rejected: number };
  /** Whole again, with nothing remembered. */
  reset(): void;
}

export function createRejectionRate({ share, minimum }: FuseSettings): RejectionRate {
  const ring = new Uint8Array(memory);
  let outcomes = 0;
  let at = 0;
  let rejected = 0;
  let isBlown = false;

  function blows(): boolean {
    if (isBlown) return false;
    isBlown = rejected >= minimum && rejected >= share * outcomes;
    return isBlown;
  }

  /** The newest that counts as good; undefined: there is none. */
  function goodPlace(): number | undefined {
    for (let back = 1; back <= outcomes; back++) {
      const place = (at - back + memory) % memory;
      if (ring[place] === 0) return place;
    }
    return undefined;
  }

  return {
    observe(wasRejected) {
      rejected += (wasRejected ? 1 : 0) - (ring[at] ?? 0);
      ring[at] = wasRejected ? 1 : 0;
      at = (at + 1) % memory;
      outcomes = Math.min(outcomes + 1, memory);
      return wasRejected && blows();
    },
    refuse() {
      const place = goodPlace();
      if (place !== undefined) {
        ring[place] = 1;
        rejected += 1;
      }
      return blows();
    },
    isExceeded: () => isBlown,
    counts: () => ({ outcomes, rejected }),
    reset() {
      ring.fill(0);
      outcomes = 0;
      at = 0;
      rejected = 0;
      isBlown = false;
    },
  };
}
