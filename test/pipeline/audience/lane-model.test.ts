import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/connector/system-clock.ts';
import { textOf } from '../../../src/core/encoded-body.ts';
import { encodedChange } from '../../../src/core/encoded-change.ts';
import type { Failure, FinalOutcome } from '../../../src/core/outcome.ts';
import type { ChangeEnd } from '../../../src/pipeline/audience/change-end.ts';
import type { QueuedChange } from '../../../src/pipeline/audience/flush-queue.ts';
import { createAudienceLane } from '../../../src/pipeline/audience/lane.ts';
import { parkedFailure } from '../../../src/pipeline/lane/parked-failure.ts';
import { createRejectionHalt } from '../../../src/pipeline/lane/rejection-halt.ts';
import { fakeRow } from '../../support/deliveries.ts';

interface Item {
  readonly index: number;
  readonly user: string;
  readonly joins: boolean;
  readonly parks: boolean;
  lost: boolean;
  removed: Failure | undefined;
}

interface Offered extends QueuedChange {
  readonly item: Item;
}

const gone: Failure = { code: 'SUBSCRIPTION_REMOVED', message: 'gone' };
const refused: Failure = { code: 'BAD', message: 'bad' };

const someStep = fc.record({
  user: fc.constantFrom('a', 'b', 'c'),
  joins: fc.boolean(),
  more: fc.subarray(['x', 'y']),
  parks: fc.boolean(),
  /** What happens after it was offered. */
  next: fc.constantFrom('nothing', 'nothing', 'turn', 'turn', 'lose', 'remove'),
  /** Which of the changes so far that happens to. */
  which: fc.nat(),
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test('whatever happens on the way, each change ends once and truly, and nothing undoes what is newer', async () => {
  const answers = fc.infiniteStream(
    fc.constantFrom<'taken' | 'parked' | 'refused'>('taken', 'taken', 'parked', 'refused'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(someStep, { maxLength: 25 }), answers, async (steps, given) => {
      const items: Item[] = [];
      const [taken, ends]: [Set<Item>, Map<Item, ChangeEnd>] = [new Set(), new Map()];
      const members = new Map<string, boolean>();
      const errors: unknown[] = [];
      let answered = 0;
      const lane = createAudienceLane<Offered>({
        name: 'a',
        audienceId: '7',
        sink: {
          async send(deliveries) {
            await turn();
            // It must come to an end at last.
            const answer = answered > 100 ? 'taken' : given.next().value;
            answered += 1;
            return deliveries.map((row): FinalOutcome => {
              const [user, index] = (JSON.parse(textOf(row)) as [string, string]).map(String);
              const item = items[Number(index)];
              if (item === undefined || item.lost)
                return { kind: 'rejected', failure: { code: 'ABANDONED', message: '' } };
              if (answer !== 'taken')
                return { kind: 'rejected', failure: answer === 'parked' ? parkedFailure : refused };
              members.set(user ?? '', item.joins);
              taken.add(item);
              return { kind: 'delivered' };
            });
          },
        },
        halt: createRejectionHalt({ lane: 'a' }, systemClock, { emit: () => undefined }),
        maxRejected: -1,
        rejectedEarly: () => [],
        limits: { maxRows: 2, maxBytes: 1_000_000 },
        lingerMillis: 0,
        quiet: async () => undefined,
        deliveryOf: fakeRow,
        abandoned: ({ item }) => item.lost,
        removed: ({ item }) => item.removed,
        parks: ({ item }) => item.parks,
        ended({ item }, end) {
          expect(ends.has(item)).toBe(false);
          ends.set(item, end);
        },
        failed: (error) => errors.push(error),
      });
      for (const { user, joins, more, parks, next, which } of steps) {
        const item: Item = { index: items.length, user, joins, parks, lost: false, removed: undefined };
        items.push(item);
        const change = encodedChange({
          ...{ operation: joins ? 'add' : 'remove', user, identifiers: [user, ...more] },
          rows: [{ EXTERN_ID: user, EMAIL: String(item.index) }],
        });
        lane.offer({ ...change, settings: {}, destination: 'crm', item });
        const other = items[which % items.length];
        if (next === 'turn') await turn();
        if (other !== undefined && next === 'lose') other.lost = true;
        if (other !== undefined && next === 'remove') other.removed = gone;
        if (next !== 'nothing') lane.dropRemoved();
      }
      while (!lane.idle() && errors.length === 0) await turn();
      expect(errors).toEqual([]);
      expect(ends.size).toBe(items.length);
      for (const [item, end] of ends) {
        if (end.kind === 'delivered') expect(taken.has(item)).toBe(true);
        if (end.kind === 'rejected' && end.failure.code === parkedFailure.code) expect(item.parks).toBe(true);
      }
      for (const user of ['a', 'b', 'c']) {
        const last = items.findLast((item) => item.user === user && taken.has(item));
        if (last !== undefined) expect(members.get(user)).toBe(last.joins);
      }
    }),
    { numRuns: 40 },
  );
});
