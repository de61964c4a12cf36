import { createHistory, type History } from './history.ts';

export type AudienceDirection = 'joins' | 'leaves';

/** What was counted of an audience since its lane was opened. */
export type AudienceCounted = { readonly id: string } & Readonly<Record<AudienceDirection, number>>;

/** How many joined and left audiences, over time. */
export interface AudienceHistories {
  /** A second is over. */
  tick(changed: readonly AudienceCounted[]): void;
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
  let before: ReadonlyMap<string, AudienceCounted> = new Map();

  function latest(id: string): Kept {
    const counts = { joins: 0, leaves: 0 };
    const of = kept.get(id) ?? { counts, history: createHistory(counts) };
    kept.delete(id);
    kept.set(id, of);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return of;
  }

  /** Since the second before. The lane of an audience that rests is closed, and counts anew when it is opened again. */
  function grown(audience: AudienceCounted, direction: AudienceDirection): number {
    const was = before.get(audience.id)?.[direction] ?? 0;
    return audience[direction] < was ? audience[direction] : audience[direction] - was;
  }

  return {
    tick(changed) {
      for (const audience of changed) {
        const [joins, leaves] = [grown(audience, 'joins'), grown(audience, 'leaves')];
        if (joins + leaves === 0) continue;
        const { counts } = latest(audience.id);
        counts.joins += joins;
        counts.leaves += leaves;
      }
      before = new Map(changed.map((audience) => [audience.id, audience]));
      for (const { history } of kept.values()) history.tick();
    },
    of: (id) => kept.get(id)?.history,
  };
}
