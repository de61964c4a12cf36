import type { AudienceCounted, AudienceDirection } from './audience-growth.ts';
import { createHistory, type History } from './history.ts';

/** How many joined and left audiences, over time. */
export interface AudienceHistories {
  add(growth: readonly AudienceCounted[]): void;
  /** A second is over. */
  tick(): void;
  /** Undefined: it was not changed, or many others were since. */
  of(id: string): History<AudienceDirection> | undefined;
}

interface Kept {
  readonly counts: Record<AudienceDirection, number>;
  readonly history: History<AudienceDirection>;
}

/** A history takes 16 KB, and events may name audiences without number. */
const most = 200;

export function createAudienceHistories(): AudienceHistories {
  /** The one that was changed last is the last. */
  const kept = new Map<string, Kept>();

  function latest(id: string): Kept {
    const counts = { joins: 0, leaves: 0 };
    const of = kept.get(id) ?? { counts, history: createHistory(counts) };
    kept.delete(id);
    kept.set(id, of);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return of;
  }

  return {
    add(growth) {
      for (const { id, joins, leaves } of growth) {
        const { counts } = latest(id);
        counts.joins += joins;
        counts.leaves += leaves;
      }
    },
    tick() {
      for (const { history } of kept.values()) history.tick();
    },
    of: (id) => kept.get(id)?.history,
  };
}
