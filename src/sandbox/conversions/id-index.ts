/** What is remembered about one event id: how often it was accepted, and how often Meta would have counted it. */
interface IdCount {
  readonly id: string;
  readonly accepted: number;
  readonly kept: number;
}

/**
 * Counts per id, for millions of ids: one map slot and sixteen bytes each.
 *
 * `add` tells whether Meta would keep the event: true unless the same id was kept less than `windowMillis` before.
 */
export interface IdIndex {
  add(id: string, atMillis: number, windowMillis: number): boolean;
  /** Counts an event that something other than its id decided about; later ones are not compared with it. */
  record(id: string, kept: boolean): void;
  has(id: string): boolean;
  accepted(id: string): number;
  entries(): Generator<IdCount, void, undefined>;
  size(): number;
}

export function createIdIndex(): IdIndex {
  const places = new Map<string, number>();
  let accepted = new Uint32Array(16);
  let kept = new Uint32Array(16);
  let keptAt = new Float64Array(16);

  function placeOf(id: string): number {
    const known = places.get(id);
    if (known !== undefined) return known;
    const place = places.size;
    if (place === accepted.length) grow();
    keptAt[place] = Number.NEGATIVE_INFINITY;
    places.set(id, place);
    return place;
  }

  function grow(): void {
    const size = accepted.length * 2;
    const [olderAccepted, olderKept, olderKeptAt] = [accepted, kept, keptAt];
    accepted = new Uint32Array(size);
    kept = new Uint32Array(size);
    keptAt = new Float64Array(size);
    accepted.set(olderAccepted);
    kept.set(olderKept);
    keptAt.set(olderKeptAt);
  }

  function count(place: number, isKept: boolean): void {
    accepted[place] = (accepted[place] ?? 0) + 1;
    if (isKept) kept[place] = (kept[place] ?? 0) + 1;
  }

  return {
    add(id, atMillis, windowMillis) {
      const place = placeOf(id);
      const isKept = atMillis - (keptAt[place] ?? 0) >= windowMillis;
      if (isKept) keptAt[place] = atMillis;
      count(place, isKept);
      return isKept;
    },
    record(id, isKept) {
      count(placeOf(id), isKept);
    },
    has: (id) => places.has(id),
    accepted(id) {
      const place = places.get(id);
      return place === undefined ? 0 : (accepted[place] ?? 0);
    },
    *entries() {
      for (const [id, place] of places) yield { id, accepted: accepted[place] ?? 0, kept: kept[place] ?? 0 };
    },
    size: () => places.size,
  };
}
