/** Header of a replayed record: the entries of its lists that failed, as `entriesText` writes them. */
export const entriesHeader = 'meta-actions.entries';

/** It is stored beside the record in the dead letter, and must leave room for the record's value. */
const longestText = 16_384;

/**
 * Places in the lists of users of one event, as a dead letter keeps them: `userListAdd[0-3,7] userListDelete[2]`.
 * Undefined if there are too many to be kept: then all entries are meant.
 *
 * @param entries `userListAdd[2]` each, or a list's name alone where it is no list at all.
 */
export function entriesText(entries: Iterable<string>): string | undefined {
  const lists = new Map<string, Set<number>>();
  for (const entry of entries) {
    const { name, place } = placeOf(entry);
    const places = lists.get(name) ?? new Set<number>();
    lists.set(name, places);
    if (place !== undefined) places.add(place);
  }
  const texts = [...lists].map(([name, places]) => (places.size === 0 ? name : `${name}[${rangesText(places)}]`));
  return joinedEntries(texts);
}

/** The entries of several texts together; undefined as soon as one of them means all. */
export function joinedEntries(texts: readonly (string | undefined)[]): string | undefined {
  const joined = texts.every((text) => text !== undefined) ? texts.join(' ') : undefined;
  return joined === undefined || joined.length > longestText ? undefined : joined;
}

/** Tests whether an entry is among those of the text; undefined if `entriesText` hasn't written the text. */
export function entriesOf(text: string): ((entry: string) => boolean) | undefined {
  const lists = new Map<string, readonly Range[]>();
  for (const list of text.split(' ')) {
    const read = /^([A-Za-z]+)(?:\[([\d,-]+)\])?$/.exec(list);
    const ranges = read?.[2] === undefined ? [] : rangesOf(read[2]);
    if (read?.[1] === undefined || ranges === undefined) return undefined;
    lists.set(read[1], [...(lists.get(read[1]) ?? []), ...ranges]);
  }
  for (const [name, ranges] of lists) lists.set(name, united(ranges));
  return (entry) => {
    const { name, place } = placeOf(entry);
    const ranges = lists.get(name);
    if (ranges === undefined) return false;
    return place === undefined ? ranges.length === 0 : holds(ranges, place);
  };
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function placeOf(entry: string): { readonly name: string; readonly place?: number } {
  const read = /^([^[]*)\[(\d+)\]$/.exec(entry);
  return read?.[1] === undefined ? { name: entry } : { name: read[1], place: Number(read[2]) };
}

function rangesText(places: ReadonlySet<number>): string {
  const ranges: { first: number; last: number }[] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open?.last === place - 1) open.last = place;
    else ranges.push({ first: place, last: place });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join();
}

function rangesOf(text: string): readonly Range[] | undefined {
  const ranges = text.split(',').map((range): Range | undefined => {
    const read = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
    return read === null ? undefined : { first: Number(read[1]), last: Number(read[2] ?? read[1]) };
  });
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

/** Sorted and without overlaps: joined texts may name an entry twice. */
function united(ranges: readonly Range[]): readonly Range[] {
  const apart: Range[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = apart.at(-1);
    if (before === undefined || first > before.last) apart.push({ first, last });
    else apart[apart.length - 1] = { first: before.first, last: Math.max(before.last, last) };
  }
  return apart;
}

/** A binary search: lists are long, and there may be as many ranges. */
function holds(ranges: readonly Range[], place: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.first ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return place <= (ranges[low - 1]?.last ?? -1);
}
