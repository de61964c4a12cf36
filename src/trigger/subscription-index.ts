import { own } from '../core/json.ts';
import type { TriggerCandidates } from './candidates.ts';

/** The items to test for an event of one type. */
interface TypeTable<T> {
  readonly byEvent: ReadonlyMap<unknown, readonly T[]>;
  /** For an event that no item names. */
  readonly otherwise: readonly T[];
}

/**
 * An index over items with candidates. The function returned gives, in their original order, the items that may match
 * an event; the others can't. All its answers are made beforehand, so it allocates nothing and doesn't grow.
 */
export function indexSubscriptions<T extends { readonly candidates: TriggerCandidates }>(
  items: readonly T[],
): (event: { readonly type?: unknown; readonly event?: unknown }) => readonly T[] {
  const lists = new Map<string, readonly T[]>();
  const share = (positions: readonly number[]): readonly T[] => {
    const key = positions.join();
    const known = lists.get(key);
    if (known !== undefined) return known;
    const list = Object.freeze(positions.flatMap((position) => items[position] ?? []));
    lists.set(key, list);
    return list;
  };
  const tables = new Map<unknown, TypeTable<T>>();
  for (const type of new Set(items.flatMap(({ candidates }) => candidates.types ?? []))) {
    tables.set(type, tableOf(items, share, type));
  }
  const otherTypes = tableOf(items, share, undefined);
  return (event) => {
    const table = tables.get(own(event, 'type')) ?? otherTypes;
    return table.byEvent.get(own(event, 'event')) ?? table.otherwise;
  };
}

function tableOf<T extends { readonly candidates: TriggerCandidates }>(
  items: readonly T[],
  share: (positions: readonly number[]) => readonly T[],
  type: string | undefined,
): TypeTable<T> {
  const ofAnyEvent: number[] = [];
  const named = new Map<string, number[]>();
  for (const [position, { candidates }] of items.entries()) {
    if (candidates.types !== undefined && (type === undefined || !candidates.types.includes(type))) continue;
    if (candidates.events === undefined) ofAnyEvent.push(position);
    for (const event of new Set(candidates.events)) {
      const positions = named.get(event);
      if (positions === undefined) named.set(event, [position]);
      else positions.push(position);
    }
  }
  const byEvent = new Map<unknown, readonly T[]>();
  for (const [event, positions] of named) {
    byEvent.set(event, share([...positions, ...ofAnyEvent].sort((left, right) => left - right)));
  }
  return { byEvent, otherwise: share(ofAnyEvent) };
}
