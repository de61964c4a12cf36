import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AudienceOperation } from '../../../src/core/audience.ts';
import { type EncodedChange, encodedChange } from '../../../src/core/encoded-change.ts';
import {
  createFlushQueue,
  type Flush,
  type QueuedChange,
  type TakenOut,
} from '../../../src/pipeline/audience/flush-queue.ts';

function change(user: string, operation: AudienceOperation, more: readonly string[] = []): EncodedChange {
  return encodedChange({ operation, user, identifiers: [...new Set([user, ...more])], rows: [{ EXTERN_ID: user }] });
}

interface Numbered extends QueuedChange {
  readonly item: number;
}

function queued(of: EncodedChange, item: number): Numbered {
  return { ...of, settings: {}, destination: 'shop', item };
}

function takeAll(queue: ReturnType<typeof createFlushQueue<Numbered>>): Flush<Numbered>[] {
  const flushes: Flush<Numbered>[] = [];
  for (let flush = queue.take(); flush !== undefined; flush = queue.take()) flushes.push(flush);
  return flushes;
}

/** All of one flush, by user, oldest first. */
function byUser({ changes, covered }: TakenOut<Numbered>): Numbered[][] {
  return changes.map((latest) => [...(covered.get(latest) ?? []), latest]);
}

/** Who is in the audience after the changes that are sent, in order. */
function apply(flushes: readonly Flush<Numbered>[]): Set<string> {
  const members = new Set<string>();
  for (const { changes } of flushes) {
    for (const { operation, user } of changes) {
      if (operation === 'add') members.add(user);
      else members.delete(user);
    }
  }
  return members;
}

function move(members: Set<string>, names: readonly string[], joins: boolean): void {
  for (const name of names) {
    if (joins) members.add(name);
    else members.delete(name);
  }
}

describe('rule 19: changes of one user in a flush', () => {
  test('the last of a thousand joins and leaves in any order wins, and covers all others', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1000, maxLength: 1000 }), (joins) => {
        const queue = createFlushQueue<Numbered>();
        for (const [item, joined] of joins.entries()) queue.add(queued(change('u', joined ? 'add' : 'remove'), item));
        const [flush, ...more] = takeAll(queue);
        expect(more).toEqual([]);
        expect(flush?.changes.map(({ item }) => item)).toEqual([999]);
        expect(flush?.size).toBe(1000);
        expect(apply(flush === undefined ? [] : [flush]).has('u')).toBe(joins.at(-1));
      }),
      { numRuns: 50 },
    );
  });

  test('an opposite change of another user with the same identifier goes into a later flush', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'remove', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    expect(takeAll(queue).map(({ changes }) => changes.map(({ item }) => item))).toEqual([[1], [2]]);
  });

  test('a change of the same kind with the same identifier goes along', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'add', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    expect(takeAll(queue)).toHaveLength(1);
  });

  test('an identifier of a change that was covered stands in nobody’s way', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'add', ['old@x']), 1));
    queue.add(queued(change('a', 'remove', ['new@x']), 2));
    queue.add(queued(change('b', 'add', ['old@x']), 3));
    expect(takeAll(queue)).toHaveLength(1);
  });

  test('a removal goes beside an earlier one that names what it does not', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'remove', ['old@x']), 1));
    queue.add(queued(change('a', 'remove', ['new@x']), 2));
    queue.add(queued(change('a', 'remove', ['new@x', 'more@x']), 3));
    expect(takeAll(queue).map(byUser)).toMatchObject([[[{ item: 1 }], [{ item: 2 }, { item: 3 }]]]);
  });

  test('an addition goes behind a removal that names what it does not', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'remove', ['old@x']), 1));
    queue.add(queued(change('a', 'add', ['new@x']), 2));
    expect(takeAll(queue).map(byUser)).toMatchObject([[[{ item: 1 }]], [[{ item: 2 }]]]);
  });

  test('a removal covers the join before it, but not the removal that this covered', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'remove', ['old@x']), 1));
    queue.add(queued(change('a', 'add', ['old@x']), 2));
    queue.add(queued(change('a', 'remove'), 3));
    expect(takeAll(queue).map(byUser)).toMatchObject([[[{ item: 1 }, { item: 2 }]], [[{ item: 3 }]]]);
  });

  test('of two additions with a value the later one covers the other, whomever they name', () => {
    const queue = createFlushQueue<Numbered>();
    const valued = (more: string, value: number, item: number) =>
      queued(
        encodedChange({
          ...{ operation: 'add', user: 'a', identifiers: ['a', more] },
          rows: [{ EXTERN_ID: 'a', EMAIL: more, LOOKALIKE_VALUE: value }],
        }),
        item,
      );
    queue.add(valued('old@x', 5, 1));
    queue.add(valued('new@x', 9, 2));
    expect(takeAll(queue).map(byUser)).toMatchObject([[[{ item: 1 }, { item: 2 }]]]);
  });

  test('nothing overtakes a change that waits for a later flush', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'remove', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    queue.add(queued(change('b', 'remove'), 3));
    queue.add(queued(change('a', 'add'), 4));
    const flushes = takeAll(queue);
    expect(flushes).toHaveLength(2);
    expect(flushes.slice(1).map(byUser)).toMatchObject([[[{ item: 2 }, { item: 3 }], [{ item: 4 }]]]);
  });
});

const anyChange = fc.record({
  user: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  add: fc.boolean(),
  more: fc.subarray(['x', 'y', 'z']),
});

describe('whatever the changes are', () => {
  test('the flushes, sent in order, leave in the audience whom the last change of each says', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
        const queue = createFlushQueue<Numbered>();
        const expected = new Set<string>();
        for (const [item, { user, add, more }] of changes.entries()) {
          queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
          if (add) expected.add(user);
          else expected.delete(user);
        }
        expect(apply(takeAll(queue))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('nobody is left in who was removed, by whichever identifier, and who is missing has left', () => {
    const initially = fc.subarray(['a', 'b', 'x', 'y', 'z']);
    fc.assert(
      fc.property(initially, fc.array(anyChange, { maxLength: 30 }), (members, changes) => {
        const queue = createFlushQueue<Numbered>();
        const expected = new Set(members);
        const joinedAndLeft = new Set<string>();
        for (const [item, { user, add, more }] of changes.entries()) {
          const next = change(user, add ? 'add' : 'remove', more);
          queue.add(queued(next, item));
          move(expected, [user, ...more], add);
          for (const other of changes.slice(0, add ? 0 : item)) {
            if (other.user === user && other.add) for (const name of other.more) joinedAndLeft.add(name);
          }
        }
        const found = new Set(members);
        for (const { changes: sent } of takeAll(queue)) {
          for (const operation of ['remove', 'add'] as const) {
            for (const { item, operation: ofItem } of sent) {
              const { user = '', more = [] } = changes[item] ?? {};
              if (ofItem === operation) move(found, [user, ...more], operation === 'add');
            }
          }
        }
        expect([...found].filter((name) => !expected.has(name))).toEqual([]);
        expect([...expected].filter((name) => !found.has(name) && !joinedAndLeft.has(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('every change is in exactly one flush, those of one user in their order', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
        const queue = createFlushQueue<Numbered>();
        for (const [item, { user, add, more }] of changes.entries()) {
          queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
        }
        expect(queue.size()).toBe(changes.length);
        const flushes = takeAll(queue);
        const items = flushes
          .flatMap(byUser)
          .flat()
          .map(({ item }) => item);
        expect([...items].sort((a, b) => a - b)).toEqual(changes.map((_, item) => item));
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          const own = flushes
            .flatMap(byUser)
            .flat()
            .filter((one) => one.user === name);
          expect(own.map(({ item }) => item)).toEqual(own.map(({ item }) => item).sort((a, b) => a - b));
        }
        expect(queue.size()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('in no flush is an identifier in an addition of one user and a removal of another', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
        const queue = createFlushQueue<Numbered>();
        for (const [item, { user, add, more }] of changes.entries()) {
          queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
        }
        for (const { changes: latest } of takeAll(queue)) {
          const of = (operation: AudienceOperation) =>
            new Set(latest.filter((one) => one.operation === operation).flatMap(({ identifiers }) => identifiers));
          const [added, removed] = [of('add'), of('remove')];
          expect([...added].filter((identifier) => removed.has(identifier))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('rule 25: a session given by the user', () => {
  test('is a flush of its own, between what came before and after', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'add'), 1));
    queue.addWhole([queued(change('b', 'add'), 2)], { id: '5', sequence: 1, last: true });
    queue.add(queued(change('c', 'add'), 3));
    const flushes = takeAll(queue);
    expect(flushes.map(({ changes, session }) => [session?.id, changes.map(({ item }) => item)])).toEqual([
      [undefined, [1]],
      ['5', [2]],
      [undefined, [3]],
    ]);
  });

  test('is not needed for a replacement, which is a flush of its own, too', () => {
    const queue = createFlushQueue<Numbered>();
    queue.add(queued(change('a', 'add'), 1));
    queue.addWhole([queued(change('a', 'replace'), 2), queued(change('a', 'replace'), 3)]);
    queue.add(queued(change('a', 'remove'), 4));
    expect(takeAll(queue).map((flush) => byUser(flush).flat())).toMatchObject([
      [{ item: 1 }],
      [{ item: 2 }, { item: 3 }],
      [{ item: 4 }],
    ]);
  });

  test('can not grow, so that it need not wait for company', () => {
    const queue = createFlushQueue<Numbered>();
    queue.addWhole([queued(change('b', 'add'), 2)], { id: '5', sequence: 1, last: true });
    expect(queue.closed()).toBe(true);
  });
});

interface Asked {
  readonly user: string;
  readonly add: boolean;
  readonly more: readonly string[];
  readonly item: number;
}

const namesOf = ({ user, more }: Asked) => [user, ...more];

/** Whether the next change makes up for the last of these, which each made up for the one before. */
function makesUpFor(next: Asked, covered: readonly Asked[]): boolean {
  const owed = next.add || covered.at(-1)?.add === false ? covered.at(-1) : covered.findLast(({ add }) => !add);
  return owed === undefined || namesOf(owed).every((name) => namesOf(next).includes(name));
}

/** What the queue is to do, told with lists alone: the flushes, of each the changes by what covers them. */
function plainFlushes(asked: readonly Asked[], takenOut: (item: number) => boolean): number[][][] {
  const flushes: Asked[][][] = [];
  for (const next of asked) {
    const flush = flushes.at(-1) ?? [];
    const own = flush.findLast(([first]) => first?.user === next.user);
    const others = flush.filter((changes) => changes !== own).flatMap((changes) => changes.slice(-1));
    const names = namesOf(next);
    const contradicted = others.some(
      (other) => other.add !== next.add && namesOf(other).some((name) => names.includes(name)),
    );
    const covers = own !== undefined && makesUpFor(next, own);
    const fits = own === undefined || covers || own.at(-1)?.add === next.add;
    if (flushes.length === 0 || contradicted || !fits) flushes.push([[next]]);
    else if (covers) own.push(next);
    else flush.push([next]);
  }
  return flushes
    .map((users) => users.filter((changes) => !takenOut(changes.at(-1)?.item ?? -1)))
    .filter((users) => users.length > 0)
    .map((users) => users.map((changes) => changes.map(({ item }) => item)));
}

test('the queue does what lists of changes that are searched would do, for few people and for many', () => {
  const someUser = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.nat(200).map(String));
  const someNames = fc.array(fc.oneof(fc.constantFrom('x', 'y', 'b'), fc.nat(200).map(String)), { maxLength: 3 });
  const someChanges = fc.array(fc.record({ user: someUser, add: fc.boolean(), more: someNames }), { maxLength: 300 });
  fc.assert(
    fc.property(someChanges, fc.integer({ min: 2, max: 5 }), fc.boolean(), (changes, nth, takes) => {
      const takenOut = (item: number) => takes && item % nth === 0;
      const queue = createFlushQueue<Numbered>();
      for (const [item, { user, add, more }] of changes.entries()) {
        queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
      }
      const taken = queue.takeOut(({ item }) => takenOut(item));
      const flushes = takeAll(queue).map((flush) => byUser(flush).map((all) => all.map(({ item }) => item)));
      expect(flushes).toEqual(
        plainFlushes(
          changes.map((each, item) => ({ ...each, item })),
          takenOut,
        ),
      );
      expect(
        [
          ...taken
            .flatMap(byUser)
            .flat()
            .map(({ item }) => item),
          ...flushes.flat(2),
        ].sort((a, b) => a - b),
      ).toEqual(changes.map((_, item) => item));
    }),
    { numRuns: 100 },
  );
});

test('goes on after changes were taken out as if they had never come', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 40 }), fc.array(anyChange, { maxLength: 40 }), (before, after) => {
      const queue = createFlushQueue<Numbered>();
      const add = (each: (typeof before)[number], item: number) =>
        queue.add(queued(change(each.user, each.add ? 'add' : 'remove', each.more), item));
      before.forEach(add);
      queue.takeOut(() => true);
      expect([queue.size(), queue.rows()]).toEqual([0, 0]);
      after.forEach(add);
      const flushes = takeAll(queue).map((flush) => byUser(flush).map((all) => all.map(({ item }) => item)));
      expect(flushes).toEqual(
        plainFlushes(
          after.map((each, item) => ({ ...each, item })),
          () => false,
        ),
      );
    }),
    { numRuns: 100 },
  );
});
