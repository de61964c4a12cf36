import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/connector/system-clock.ts';
import type { AudienceOperation } from '../../../src/core/audience.ts';
import type { Delivery } from '../../../src/core/delivery.ts';
import { textOf } from '../../../src/core/encoded-body.ts';
import { encodedChange } from '../../../src/core/encoded-change.ts';
import type { Failure, FinalOutcome } from '../../../src/core/outcome.ts';
import type { ChangeEnd } from '../../../src/pipeline/audience/change-end.ts';
import type { QueuedChange } from '../../../src/pipeline/audience/flush-queue.ts';
import { createAudienceLane } from '../../../src/pipeline/audience/lane.ts';
import { createRejectionHalt } from '../../../src/pipeline/lane/rejection-halt.ts';
import { fakeRow } from '../../support/deliveries.ts';

interface Item {
  readonly index: number;
  lost: boolean;
  removed?: Failure;
  parks: boolean;
}

interface Offered extends QueuedChange {
  readonly item: Item;
}

const delivered: FinalOutcome = { kind: 'delivered' };
const refused: FinalOutcome = {
  kind: 'rejected',
  failure: { code: 'BAD', message: 'bad' },
};

interface Sent {
  readonly operation: AudienceOperation | undefined;
  readonly users: readonly string[];
}

interface Setup {
  readonly threshold?: number;
  answer?(deliveries: readonly Delivery[]): Promise<readonly FinalOutcome[]>;
  quiet?(): Promise<void>;
}

function setUp({ threshold = -1, answer, quiet }: Setup = {}) {
  const sent: Sent[] = [];
  const ends = new Map<number, ChangeEnd>();
  const errors: unknown[] = [];
  let underWay = 0;
  const lane = createAudienceLane<Offered>({
    name: 'a',
    audienceId: '7',
    sink: {
      async send(deliveries) {
        underWay += 1;
        expect(underWay).toBe(1);
        sent.push({
          operation: deliveries[0]?.terms?.operation,
          users: deliveries.map((row) => String(JSON.parse(textOf(row))[0])),
        });
        const outcomes = answer === undefined ? deliveries.map(() => delivered) : await answer(deliveries);
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay -= 1;
        return outcomes;
      },
    },
    halt: createRejectionHalt({ lane: 'a' }, systemClock, { emit: () => undefined }),
    maxRejected: threshold,
    rejectedEarly: () => [],
    limits: { maxRows: 10_000, maxBytes: 1_000_000 },
    lingerMillis: 5,
    quiet: quiet ?? (async () => undefined),
    deliveryOf: fakeRow,
    abandoned: ({ item }) => item.lost,
    removed: ({ item }) => item.removed,
    parks: ({ item }) => item.parks,
    ended(queued, end) {
      expect(ends.has(queued.item.index)).toBe(false);
      ends.set(queued.item.index, end);
    },
    failed: (error) => errors.push(error),
  });
  let index = 0;
  function offer(user: string, operation: AudienceOperation, identifiers: readonly string[] = [user]): Item {
    const item: Item = { index, lost: false, parks: false };
    index += 1;
    const change = encodedChange({ operation, user, identifiers, rows: [{ EXTERN_ID: user }] });
    const queued: Offered = { ...change, settings: {}, destination: 'crm', item };
    lane.offer(queued);
    return item;
  }
  const idle = async () => {
    while (!lane.idle() && errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(errors).toEqual([]);
  };
  const kinds = () => [...ends].sort(([a], [b]) => a - b).map(([, { kind }]) => kind);
  return { lane, sent, ends, offer, idle, kinds };
}

describe('the lane of an audience', () => {
  test('sends the last change of a user, and the covered ones end with it', async () => {
    const { sent, offer, idle, kinds } = setUp();
    offer('u', 'add');
    offer('u', 'remove');
    offer('u', 'add');
    offer('v', 'remove');
    await idle();
    expect(sent).toEqual([
      { operation: 'remove', users: ['v'] },
      { operation: 'add', users: ['u'] },
    ]);
    expect(kinds()).toEqual(['superseded', 'superseded', 'delivered', 'delivered']);
  });

  test('rule 20: when the change that was sent is refused, each that it covers is set aside too', async () => {
    const { ends, offer, idle } = setUp({ answer: async (deliveries) => deliveries.map(() => refused) });
    offer('u', 'add');
    offer('u', 'remove');
    await idle();
    expect([...ends.values()]).toMatchObject([
      { kind: 'rejected', failure: { code: 'SUPERSEDED' } },
      { kind: 'rejected', failure: { code: 'BAD' } },
    ]);
  });

  test('rule 22: the next flush starts when the one under way is final and nothing can still arrive', async () => {
    let quiet = () => {};
    const until = new Promise<void>((resolve) => {
      quiet = resolve;
    });
    const { lane, sent, ends, offer, idle } = setUp({ quiet: () => until });
    lane.drain();
    offer('u', 'add');
    await expect.poll(() => sent.length).toBe(1);
    offer('u', 'remove');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toHaveLength(1);
    expect(ends.size).toBe(0);
    quiet();
    await idle();
    expect(sent.map(({ operation }) => operation)).toEqual(['add', 'remove']);
  });

  test('adds people behind a replacement only when that can not arrive any more', async () => {
    let quiet = () => {};
    const until = new Promise<void>((resolve) => {
      quiet = resolve;
    });
    const { lane, sent, idle, kinds } = setUp({ quiet: () => until });
    const queued = [{ EXTERN_ID: 'u' }, { EMAIL: 'v' }].map((row, index): Offered => {
      const [user = ''] = Object.values(row);
      const change = encodedChange({ operation: 'replace', user, identifiers: [user], rows: [row] });
      return { ...change, settings: {}, destination: 'crm', item: { index, lost: false, parks: false } };
    });
    lane.offerWhole(queued);
    await expect.poll(() => sent.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toEqual([{ operation: 'replace', users: ['u'] }]);
    quiet();
    await idle();
    expect(sent.slice(1)).toEqual([{ operation: 'add', users: ['v'] }]);
    expect(kinds()).toEqual(['delivered', 'delivered']);
  });

  test('sends each row as it was given, flush after flush in the same memory', async () => {
    const { lane, sent, offer, idle, kinds } = setUp();
    const users = Array.from({ length: 300 }, (_, number) => `${number}${'x'.repeat(500)}`);
    for (const operation of ['add', 'remove', 'add'] as const) {
      for (const user of users) offer(user, operation);
      lane.drain();
      await idle();
    }
    expect(sent).toEqual(['add', 'remove', 'add'].map((operation) => ({ operation, users })));
    expect(new Set(kinds())).toEqual(new Set(['delivered']));
  });

  test('sends nothing of a partition that went away, and lets what it covered go instead', async () => {
    const { sent, offer, idle, kinds } = setUp();
    offer('u', 'add');
    offer('u', 'remove').lost = true;
    offer('v', 'add').lost = true;
    await idle();
    expect(sent).toEqual([{ operation: 'add', users: ['u'] }]);
    expect(kinds()).toEqual(['delivered', 'dropped', 'dropped']);
  });

  test('rule 37: what waits for a removed subscription is set aside at once, and what it covers with it', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { lane, sent, ends, offer, idle } = setUp({
      async answer(deliveries) {
        await answered;
        return deliveries.map(() => delivered);
      },
    });
    offer('first', 'add');
    await expect.poll(() => sent.length).toBe(1);
    offer('u', 'remove');
    const covering = offer('u', 'add');
    const covered = offer('v', 'add');
    offer('v', 'remove');
    for (const item of [covering, covered]) item.removed = { code: 'SUBSCRIPTION_REMOVED', message: 'gone' };
    lane.dropRemoved();
    expect([...ends]).toMatchObject([
      [1, { kind: 'rejected', failure: { code: 'SUPERSEDED' } }],
      [2, { kind: 'rejected', failure: { code: 'SUBSCRIPTION_REMOVED' } }],
    ]);
    expect(lane.size()).toBe(3);
    answer();
    await idle();
    expect(sent.map(({ users }) => users)).toEqual([['first'], ['v']]);
    expect(ends.get(3)).toEqual({ kind: 'superseded' });
  });

  test('what a change of a partition that went away has covered is sent, also when its subscription is removed', async () => {
    const answered = Promise.withResolvers<void>();
    const { lane, sent, ends, offer, idle } = setUp({
      async answer(deliveries) {
        await answered.promise;
        return deliveries.map(() => delivered);
      },
    });
    offer('first', 'add');
    await expect.poll(() => sent.length).toBe(1);
    offer('u', 'add');
    const covering = offer('u', 'remove');
    covering.lost = true;
    covering.removed = { code: 'SUBSCRIPTION_REMOVED', message: 'gone' };
    lane.dropRemoved();
    expect([...ends]).toEqual([]);
    answered.resolve();
    await idle();
    expect(sent.map(({ users }) => users)).toEqual([['first'], ['u']]);
    expect([...ends.values()].map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'dropped']);
  });

  test('rule 37: what is removed while its flush is under way is not sent', async () => {
    const items: Item[] = [];
    const { sent, ends, offer, idle } = setUp({
      async answer(deliveries) {
        for (const item of items) item.removed = { code: 'SUBSCRIPTION_REMOVED', message: 'gone' };
        return deliveries.map(() => delivered);
      },
    });
    offer('u', 'remove');
    items.push(offer('v', 'add'));
    await idle();
    expect(sent).toEqual([{ operation: 'remove', users: ['u'] }]);
    expect([...ends.values()]).toMatchObject([{ kind: 'delivered' }, { kind: 'rejected' }]);
  });

  test('what can not be parked is sent again before anything newer, while the rest of its flush is parked', async () => {
    const parkedFailure = { code: 'PARKED', message: '' };
    let blocked = true;
    const { sent, ends, offer, idle } = setUp({
      threshold: 0,
      async answer(deliveries) {
        if (blocked) await new Promise((resolve) => setTimeout(resolve, 5));
        return deliveries.map(() => (blocked ? { kind: 'rejected', failure: parkedFailure } : delivered));
      },
    });
    offer('u', 'add');
    const coveredByParked = offer('w', 'add');
    for (const item of [offer('v', 'add'), offer('w', 'add')]) item.parks = true;
    expect(coveredByParked.parks).toBe(false);
    await expect.poll(() => ends.size).toBe(1);
    expect([...ends]).toEqual([[2, { kind: 'rejected', failure: parkedFailure }]]);
    offer('u', 'remove');
    await expect.poll(() => sent.length).toBeGreaterThan(2);
    blocked = false;
    await idle();
    expect(new Set(sent.slice(1, -1).map(({ users }) => users.join()))).toEqual(new Set(['u,w']));
    expect(sent.at(-1)).toEqual({ operation: 'remove', users: ['u'] });
    expect([...ends].slice(1).map(([index, { kind }]) => [index, kind])).toEqual([
      [0, 'delivered'],
      [1, 'superseded'],
      [3, 'delivered'],
      [4, 'delivered'],
    ]);
  });

  test('has no more on its way than what has not ended of the flush', async () => {
    let blocked = true;
    const { lane, ends, offer, idle } = setUp({
      threshold: 0,
      async answer(deliveries) {
        if (blocked) await new Promise((resolve) => setTimeout(resolve, 5));
        const parked: FinalOutcome = { kind: 'rejected', failure: { code: 'PARKED', message: '' } };
        return deliveries.map(() => (blocked ? parked : delivered));
      },
    });
    for (const item of [offer('v', 'add'), offer('v', 'add')]) item.parks = true;
    offer('u', 'add');
    expect(lane.size()).toBe(3);
    await expect.poll(() => ends.size).toBe(2);
    expect(lane.size()).toBe(1);
    blocked = false;
    await idle();
    expect(lane.size()).toBe(0);
  });

  test('what is to be parked ends in all flushes at once, and what can not be stays', async () => {
    const answered = Promise.withResolvers<void>();
    const { lane, sent, ends, offer, idle } = setUp({
      async answer(deliveries) {
        await answered.promise;
        return deliveries.map(() => delivered);
      },
    });
    offer('first', 'add');
    await expect.poll(() => sent.length).toBe(1);
    for (const operation of ['add', 'remove', 'add'] as const) offer('u', operation, ['u', operation]).parks = true;
    offer('v', 'remove');
    lane.rejectWaiting({ code: 'PARKED', message: '' });
    expect([...ends.keys()].sort()).toEqual([1, 2, 3]);
    expect(new Set([...ends.values()].map(({ kind }) => kind))).toEqual(new Set(['rejected']));
    answered.resolve();
    await idle();
    expect(sent.map(({ users }) => users.join())).toEqual(['first', 'v']);
  });

  test('rule 17: stops when more rows of a request are refused than allowed, until somebody has looked', async () => {
    const { lane, ends, offer, idle } = setUp({ threshold: 0, answer: async (some) => some.map(() => refused) });
    offer('u', 'add');
    await expect.poll(() => lane.blocked()?.failure).toMatchObject({ code: 'TOO_MANY_REJECTED' });
    expect(lane.blocked()?.failure.message).toMatch(
      /^1 rejected, threshold 0\. \[BAD — 1 sample; e\.g\. [0-9a-f]{8}\*\*\* at events\/0@0\]$/,
    );
    expect(ends.size).toBe(0);
    lane.resume();
    await idle();
    expect(lane.blocked()).toBeUndefined();
    expect([...ends.values()]).toMatchObject([{ kind: 'rejected' }]);
  });

  test('leaves in the audience whom the last change of each says, and ends every change once', async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean(), fc.nat(2)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(changes, async (given) => {
        const { sent, ends, offer, idle } = setUp();
        const expected = new Set<string>();
        for (const [user, add, pause] of given) {
          offer(user, add ? 'add' : 'remove', [user, 'shared']);
          if (add) expected.add(user);
          else expected.delete(user);
          if (pause === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        }
        await idle();
        const members = new Set<string>();
        for (const { operation, users } of sent) {
          for (const user of users) {
            if (operation === 'add') members.add(user);
            else members.delete(user);
          }
        }
        expect(members).toEqual(expected);
        expect(ends.size).toBe(given.length);
      }),
      { numRuns: 30 },
    );
  });
});
