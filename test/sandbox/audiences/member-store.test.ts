import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyKind, keyValue, memberKey } from '../../../src/sandbox/audiences/member-keys.ts';
import { createMemberStore } from '../../../src/sandbox/audiences/member-store.ts';

const pool = [
  ...['u1', 'u2', 'u3'].map((id) => memberKey('EXTERN_ID', id)),
  ...['a', 'b'].map((text) => memberKey('EMAIL', createHash('sha256').update(text).digest('hex'))),
  ...['m1', 'm2'].map((id) => memberKey('MADID', id)),
];

/** The same in the plainest way: a list of sets of keys. */
function plainStore() {
  let users: Set<string>[] = [];
  const touched = (keys: readonly string[]) => users.filter((user) => keys.some((key) => user.has(key)));
  const without = (gone: Set<string>[]) => users.filter((user) => !gone.includes(user));
  return {
    add(keys: readonly string[]) {
      const found = touched(keys);
      users = [...without(found), new Set([...found.flatMap((user) => [...user]), ...keys])];
    },
    remove(keys: readonly string[]) {
      const found = touched(keys);
      users = without(found);
      return found.length;
    },
    users: () => users,
  };
}

function sorted(users: Iterable<Iterable<string>>): string[] {
  return [...users].map((keys) => [...keys].sort().join()).sort();
}

describe('members', () => {
  it('are the same as in a list of sets, after any adds and removes', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'remove'),
      keys: fc.subarray(pool, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [store, plain] = [createMemberStore(), plainStore()];
        for (const { kind, keys } of steps) {
          if (kind === 'add') {
            store.add(keys);
            plain.add(keys);
          } else {
            expect(store.remove(keys)).toBe(plain.remove(keys));
          }
        }
        expect(sorted(store.users())).toEqual(sorted(plain.users()));
        expect(store.size()).toBe(plain.users().length);
        expect(store.keyCount()).toBe(plain.users().reduce((sum, user) => sum + user.size, 0));
        for (const key of pool) {
          const expected = plain.users().find((user) => user.has(key));
          expect(store.find(key)?.toSorted()).toEqual(expected === undefined ? undefined : [...expected].sort());
        }
      }),
    );
  });

  it('are named by external id, then e-mail, phone, advertising id and page-scoped id', () => {
    const store = createMemberStore();
    const hash = createHash('sha256').update('x').digest('hex');
    const keys = [
      memberKey('PAGEUID', '1'),
      memberKey('MADID', '2'),
      memberKey('PHONE', hash),
      memberKey('EMAIL', hash),
      memberKey('EXTERN_ID', '3'),
    ];
    store.add(keys);
    const [user = []] = store.users();
    expect(user.map(keyKind)).toEqual(['EXTERN_ID', 'EMAIL', 'PHONE', 'MADID', 'PAGEUID']);
    expect(user.map(keyValue)).toEqual(['3', hash, hash, '2', '1']);
  });
});
