import { type DoneMap, type DonePart, fingerprintOf } from './commit-metadata.ts';

/**
 * Which of a partition's records are still on their way for which subscription, so that a restart doesn't send again
 * to the healthy lanes what only a blocked one holds back. Records are begun in the order of their offsets.
 */
export interface PartialProgress {
  /**
   * The record at that offset holds several events, and not all of them are routed at once: until `routed`, it is open for
   * every subscription that one of them was for, though all deliveries of those so far may have ended.
   */
  routing(offset: number): void;
  routed(): void;
  begin(key: string, offset: number): void;
  end(key: string, offset: number): void;
  /**
   * An earlier process has finished the record for this subscription.
   *
   * @param ordered Subscriptions that must stay in order with one another. For one of them the record is done only if it, and
   * all before it, is done for each: one that the earlier process did not have begins at the position.
   */
  isDone(key: string, offset: number, ordered?: ReadonlySet<string>): boolean;
  /** Something that an earlier process had done lies at or above the position. */
  inherits(position: number): boolean;
  /**
   * What is done above `position`, less of it where `fits` says that it is too much; empty when there is nothing to
   * say.
   *
   * @param readTo Everything below was read and routed.
   * @param isOrdered Whether what the subscription does must stay in order with the others of which this is true: where one
   * of them is open, nothing behind is called done, so that what is done again there is followed by all that came since.
   */
  done(
    position: number,
    readTo: number,
    fits: (map: DoneMap) => boolean,
    isOrdered?: (key: string) => boolean,
  ): DoneMap;
}

interface SubscriptionProgress {
  readonly name: string;
  /**
   * Deliveries on their way, by the offset of their record; ascending, because they were begun so. None: they have ended,
   * but others of that record may come.
   */
  readonly open: Map<number, number>;
  /** What an earlier process had done. */
  readonly inherited: DonePart | undefined;
  readonly inheritedHoles: ReadonlySet<number>;
  /** Holes that were inherited and not read again yet. */
  readonly unread: Set<number>;
  /** The highest offset of a record whose delivery ended; -1: none. */
  doneHigh: number;
}

/** How many holes are listed for a subscription: fewer when the text becomes too long. */
const holeLimits = [256, 64, 16, 4, 0];

export function createPartialProgress(inherited: DoneMap): PartialProgress {
  const subscriptions = new Map<string, SubscriptionProgress>();
  const names = new Map<string, string>();
  /** Inherited of subscriptions that no record was tested against so far. */
  const unclaimed = new Map(inherited);
  let inRouting: number | undefined;
  let ofAll: { readonly keys: ReadonlySet<string>; readonly to: number } | undefined;

  function nameOf(key: string): string {
    const name = names.get(key) ?? fingerprintOf(key);
    names.set(key, name);
    return name;
  }

  function found(key: string): SubscriptionProgress {
    const known = subscriptions.get(key);
    if (known !== undefined) return known;
    const name = nameOf(key);
    const done = inherited.get(name);
    unclaimed.delete(name);
    const holes = done?.holes ?? [];
    const begun: SubscriptionProgress = {
      name,
      open: new Map(holes.map((offset) => [offset, 1])),
      inherited: done,
      inheritedHoles: new Set(holes),
      unread: new Set(holes),
      doneHigh: done === undefined ? -1 : done.to - 1,
    };
    subscriptions.set(key, begun);
    return begun;
  }

  /** Holes that were read again and that no subscription has any more, because the configuration has changed. */
  function forget(subscription: SubscriptionProgress, readTo: number): void {
    for (const offset of subscription.unread) {
      if (offset >= readTo) break;
      subscription.unread.delete(offset);
      subscription.open.delete(offset);
    }
  }

  function doneOf(
    subscription: SubscriptionProgress,
    position: number,
    readTo: number,
    maxHoles: number,
  ): DonePart | undefined {
    if (subscription.doneHigh < position) return undefined;
    const open: number[] = [];
    for (const offset of subscription.open.keys()) {
      open.push(offset);
      if (open.length > maxHoles) break;
    }
    const [first] = open;
    const end = Math.max(readTo, subscription.inherited?.to ?? 0);
    const listed = open.length > maxHoles ? (open.at(-1) ?? end) : end;
    const to = first === undefined ? end : Math.min(listed, Math.max(first, subscription.doneHigh + 1));
    return to > position ? { to, holes: open.filter((offset) => offset < to) } : undefined;
  }

  /** Up to where all of these had done everything. The same ones are asked for until the configuration changes. */
  function doneByAll(keys: ReadonlySet<string>): number {
    if (ofAll?.keys !== keys) {
      const ends = [...keys].map((key) => {
        const done = inherited.get(nameOf(key));
        return done?.holes[0] ?? done?.to ?? 0;
      });
      ofAll = { keys, to: Math.min(...ends) };
    }
    return ofAll.to;
  }

  function mapOf(position: number, readTo: number, maxHoles: number, isOrdered: (key: string) => boolean): DoneMap {
    const map = new Map([...unclaimed].filter(([, { to }]) => to > position));
    const firstOpen = firstOpenOf(isOrdered);
    for (const [key, subscription] of subscriptions) {
      const done = doneOf(subscription, position, readTo, maxHoles);
      if (done === undefined) continue;
      if (!isOrdered(key) || done.to <= firstOpen) map.set(subscription.name, done);
      else if (firstOpen > position) map.set(subscription.name, { to: firstOpen, holes: [] });
    }
    return map;
  }

  function firstOpenOf(isOrdered: (key: string) => boolean): number {
    let first = Number.POSITIVE_INFINITY;
    for (const [key, { open }] of subscriptions) {
      const [ofSubscription] = isOrdered(key) ? open.keys() : [];
      first = Math.min(first, ofSubscription ?? first);
    }
    return first;
  }

  function close(subscription: SubscriptionProgress, offset: number): void {
    subscription.open.delete(offset);
    subscription.doneHigh = Math.max(subscription.doneHigh, offset);
  }

  return {
    routing(offset) {
      inRouting = offset;
    },
    routed() {
      if (inRouting === undefined) return;
      for (const subscription of subscriptions.values()) {
        if (subscription.open.get(inRouting) === 0) close(subscription, inRouting);
      }
      inRouting = undefined;
    },
    begin(key, offset) {
      const { open, unread } = found(key);
      if (unread.size === 0 || !unread.delete(offset)) open.set(offset, (open.get(offset) ?? 0) + 1);
    },
    end(key, offset) {
      const subscription = found(key);
      const left = (subscription.open.get(offset) ?? 0) - 1;
      if (left > 0 || offset === inRouting) subscription.open.set(offset, left);
      else close(subscription, offset);
    },
    isDone(key, offset, ordered) {
      if (inherited.size === 0) return false;
      const { inherited: done, inheritedHoles } = found(key);
      if (ordered?.has(key) === true) return offset < doneByAll(ordered);
      return done !== undefined && offset < done.to && !inheritedHoles.has(offset);
    },
    inherits(position) {
      for (const { to } of inherited.values()) if (to > position) return true;
      return false;
    },
    done(position, readTo, fits, isOrdered = () => false) {
      for (const subscription of subscriptions.values()) forget(subscription, readTo);
      for (const maxHoles of holeLimits) {
        const map = mapOf(position, readTo, maxHoles, isOrdered);
        if (map.size === 0 || fits(map)) return map;
      }
      return new Map();
    },
  };
}
