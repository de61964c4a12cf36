import { inNamingOrder } from './member-keys.ts';

/**
 * Users, each known by one or more keys (see member-keys.ts). A row that shares a key with several users makes one of
 * them: at Meta too a key stands for one person.
 */
export interface MemberStore {
  /** Adds the user of these keys, or links the keys to the users that they find. Tells how many keys were new. */
  add(keys: readonly string[]): number;
  /** Removes every user that one of the keys finds, and tells how many there were. */
  remove(keys: Iterable<string>): number;
  /** All keys of the user that this one finds, in naming order. */
  find(key: string): readonly string[] | undefined;
  /** The keys of every user, in naming order. */
  users(): Generator<readonly string[], void, undefined>;
  size(): number;
  keyCount(): number;
}

export function createMemberStore(): MemberStore {
  const places = new Map<string, number>();
  const users: (readonly string[] | undefined)[] = [];
  const free: number[] = [];

  function settle(place: number, keys: readonly string[]): void {
    users[place] = keys;
    for (const key of keys) places.set(key, place);
  }

  function leave(place: number): void {
    users[place] = undefined;
    free.push(place);
  }

  function link(found: ReadonlySet<number>, keys: readonly string[]): void {
    const [home = 0, ...others] = found;
    const all = new Set(users[home]);
    for (const other of others) {
      for (const key of users[other] ?? []) all.add(key);
      leave(other);
    }
    for (const key of keys) all.add(key);
    settle(home, inNamingOrder(all));
  }

  return {
    add(keys) {
      const known = keys.map((key) => places.get(key));
      const found = new Set(known.filter((place) => place !== undefined));
      const before = places.size;
      if (found.size === 0) settle(free.pop() ?? users.length, keys.length > 1 ? inNamingOrder(keys) : keys);
      else if (found.size > 1 || known.includes(undefined)) link(found, keys);
      return places.size - before;
    },
    remove(keys) {
      let removed = 0;
      for (const key of keys) {
        const place = places.get(key);
        if (place === undefined) continue;
        for (const own of users[place] ?? []) places.delete(own);
        leave(place);
        removed += 1;
      }
      return removed;
    },
    find(key) {
      const place = places.get(key);
      return place === undefined ? undefined : users[place];
    },
    *users() {
      for (const keys of users) if (keys !== undefined) yield keys;
    },
    size: () => users.length - free.length,
    keyCount: () => places.size,
  };
}
