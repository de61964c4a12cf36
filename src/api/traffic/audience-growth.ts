export type AudienceDirection = 'joins' | 'leaves';

/** What was counted of an audience. */
export type AudienceCounted = { readonly id: string } & Readonly<Record<AudienceDirection, number>>;

/** What came to the counts of audiences since the time before. */
export interface AudienceGrowth {
  /** @param counted Since the lane of each was opened. */
  since(counted: readonly AudienceCounted[]): readonly AudienceCounted[];
}

export function createAudienceGrowth(): AudienceGrowth {
  let before: ReadonlyMap<string, AudienceCounted> = new Map();

  /** The lane of an audience that rests is closed, and counts anew when it is opened again. */
  function grown(audience: AudienceCounted, direction: AudienceDirection): number {
    const was = before.get(audience.id)?.[direction] ?? 0;
    return audience[direction] < was ? audience[direction] : audience[direction] - was;
  }

  return {
    since(counted) {
      const growth = counted
        .map((audience) => ({
          id: audience.id,
          joins: grown(audience, 'joins'),
          leaves: grown(audience, 'leaves'),
        }))
        .filter(({ joins, leaves }) => joins + leaves > 0);
      before = new Map(counted.map((audience) => [audience.id, audience]));
      return growth;
    },
  };
}
