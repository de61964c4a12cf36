import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AudienceOperation } from '../../../src/core/audience.ts';
import { type EncodedChange, encodedChange } from '../../../src/core/encoded-change.ts';
import { createFlushQueue, type Flush, type QueuedChange } from '../../../src/pipeline/audience/flush-queue.ts';

function change(user: string, operation: AudienceOperation, more: readonly string[] = []): EncodedChange {
  return encodedChange({ operation, user, identifiers: [user, ...more], rows: [{ EXTERN_ID: user }] });
}

function queued(of: EncodedChange, item: number): QueuedChange<number> {
  return { change: of, settings: {}, destination: 'shop', item };
}

function takeAll(queue: ReturnType<typeof createFlushQueue<number>>): Flush<number>[] {
  const flushes: Flush<number>[] = [];
  for (let flush = queue.take(); flush !== undefined; flush = queue.take()) flushes.push(flush);
  return flushes;
}

/** Who is in the audience after the changes that are sent, in order. */
function apply(flushes: readonly Flush<number>[]): Set<string> {
  const members = new Set<string>();
  for (const { users } of flushes) {
    for (const changes of users) {
      const last = changes.at(-1)?.change;
      if (last?.operation === 'add') members.add(last.user);
      else if (last !== undefined) members.delete(last.user);
    }
  }
  return members;
}

describe('rule 19: changes of one user in a flush', () => {
  test('the last of a thousand joins and leaves in any order wins, and covers all others', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1000, maxLength: 1000 }), (joins) => {
        const queue = createFlushQueue<number>();
        for (const [item, joined] of joins.entries()) queue.add(queued(change('u', joined ? 'add' : 'remove'), item));
        const [flush, ...more] = takeAll(queue);
        expect(more).toEqual([]);
        expect(flush?.users).toHaveLength(1);
        expect(flush?.users[0]?.at(-1)?.item).toBe(999);
        expect(apply(flush === undefined ? [] : [flush]).has('u')).toBe(joins.at(-1));
      }),
      { numRuns: 50 },
    );
  });

  test('an opposite change of another user with the same identifier goes into a later flush', () => {
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'remove', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    expect(takeAll(queue).map(({ users }) => users.map((one) => one[0]?.item))).toEqual([[1], [2]]);
  });

  test('a change of the same kind with the same identifier goes along', () => {
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'add', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    expect(takeAll(queue)).toHaveLength(1);
  });

  test('an identifier of a change that was covered stands in nobody’s way', () => {
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'remove', ['old@x']), 1));
    queue.add(queued(change('a', 'remove', ['new@x']), 2));
    queue.add(queued(change('b', 'add', ['old@x']), 3));
    expect(takeAll(queue)).toHaveLength(1);
  });

  test('nothing overtakes a change that waits for a later flush', () => {
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'remove', ['shared@x']), 1));
    queue.add(queued(change('b', 'add', ['shared@x']), 2));
    queue.add(queued(change('b', 'remove'), 3));
    queue.add(queued(change('a', 'add'), 4));
    const flushes = takeAll(queue);
    expect(flushes).toHaveLength(2);
    expect(flushes[1]?.users.map((one) => one.map(({ item }) => item))).toEqual([[2, 3], [4]]);
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
        const queue = createFlushQueue<number>();
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

  test('every change is in exactly one flush, those of one user in their order', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
        const queue = createFlushQueue<number>();
        for (const [item, { user, add, more }] of changes.entries()) {
          queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
        }
        expect(queue.size()).toBe(changes.length);
        const flushes = takeAll(queue);
        const items = flushes.flatMap(({ users }) => users.flat()).map(({ item }) => item);
        expect([...items].sort((a, b) => a - b)).toEqual(changes.map((_, item) => item));
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          const own = flushes.flatMap(({ users }) => users.flat()).filter((one) => one.change.user === name);
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
        const queue = createFlushQueue<number>();
        for (const [item, { user, add, more }] of changes.entries()) {
          queue.add(queued(change(user, add ? 'add' : 'remove', more), item));
        }
        for (const { users } of takeAll(queue)) {
          const sent = users.flatMap((one) => one.at(-1)?.change ?? []);
          const of = (operation: AudienceOperation) =>
            new Set(sent.filter((one) => one.operation === operation).flatMap(({ identifiers }) => identifiers));
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
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'add'), 1));
    queue.addWhole([queued(change('b', 'add'), 2)], { id: '5', sequence: 1, last: true });
    queue.add(queued(change('c', 'add'), 3));
    const flushes = takeAll(queue);
    expect(flushes.map(({ users, session }) => [session?.id, users.map((one) => one[0]?.item)])).toEqual([
      [undefined, [1]],
      ['5', [2]],
      [undefined, [3]],
    ]);
  });

  test('is not needed for a replacement, which is a flush of its own, too', () => {
    const queue = createFlushQueue<number>();
    queue.add(queued(change('a', 'add'), 1));
    queue.addWhole([queued(change('a', 'replace'), 2), queued(change('a', 'replace'), 3)]);
    queue.add(queued(change('a', 'remove'), 4));
    expect(takeAll(queue).map(({ users }) => users.map((one) => one.map(({ item }) => item)))).toEqual([
      [[1]],
      [[2, 3]],
      [[4]],
    ]);
  });

  test('can not grow, so that it need not wait for company', () => {
    const queue = createFlushQueue<number>();
    queue.addWhole([queued(change('b', 'add'), 2)], { id: '5', sequence: 1, last: true });
    expect(queue.closed()).toBe(true);
  });
});
