/** Meta: Custom audiences, external identifiers. */
const keptMillis = 90 * 24 * 3_600_000;

/**
 * What an ad account's external ids stand for: the keys of the rows that they were uploaded with. It is all that
 * Meta has to remove a user by external id alone, in any audience of the account, and it forgets after 90 days.
 */
export interface ExternalIds {
  note(externalId: string, keys: readonly string[], atMillis: number): void;
  /** The keys of the last 90 days; undefined for an id that is unknown or forgotten. */
  keysOf(externalId: string, atMillis: number): readonly string[] | undefined;
}

/** `capacity` bounds the ids; further ones are known by themselves alone and never forgotten. */
export function createExternalIds(capacity: number): ExternalIds {
  const places = new Map<string, number>();
  const keysAt: (readonly string[])[] = [];
  const notedAt: number[] = [];

  return {
    note(externalId, keys, atMillis) {
      const place = places.get(externalId) ?? keysAt.length;
      if (place === capacity) return;
      const known = isFresh(notedAt[place], atMillis) ? keysAt[place] : undefined;
      places.set(externalId, place);
      keysAt[place] = known === undefined ? keys : union(known, keys);
      notedAt[place] = atMillis;
    },
    keysOf(externalId, atMillis) {
      const place = places.get(externalId);
      if (place === undefined) return keysAt.length === capacity ? [externalId] : undefined;
      return isFresh(notedAt[place], atMillis) ? keysAt[place] : undefined;
    },
  };
}

function isFresh(notedAt: number | undefined, atMillis: number): boolean {
  return notedAt !== undefined && atMillis - notedAt <= keptMillis;
}

function union(known: readonly string[], keys: readonly string[]): readonly string[] {
  return keys.every((key) => known.includes(key)) ? known : [...new Set([...known, ...keys])];
}
