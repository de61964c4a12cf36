import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodedUpdate } from '../../../src/core/encoded-change.ts';
import type { PendingRecord } from '../../../src/core/delivery.ts';
import { createOvertakenChanges } from '../../../src/pipeline/hold/overtaken-changes.ts';
import type { AudienceWork } from '../../../src/pipeline/route/audience-work.ts';
import { fakePending } from '../../support/deliveries.ts';
import { fakeDestination, fakeSubscription } from '../../support/destinations.ts';

const subscription = fakeSubscription('Members', () => true);
const destination = fakeDestination([subscription]);

function workOf(users: readonly string[], joins: boolean, audience: string, pending: PendingRecord): AudienceWork {
  const operation = joins ? 'add' : 'remove';
  const changes = users.map((user) => ({ operation, user, identifiers: [user], rows: [{ EXTERN_ID: user }] }) as const);
  const update = encodedUpdate({ target: { kind: 'id', id: audience }, settings: {}, changes });
  return { destination, subscription, updates: [update], origin: { removed: undefined }, pending };
}

/** Who is where after these, in order. */
function membersAfter(works: readonly AudienceWork[]): ReadonlySet<string> {
  const members = new Set<string>();
  for (const { updates } of works) {
    for (const { target, changes } of updates) {
      for (const { user, operation } of changes) {
        const member = `${target.kind === 'id' ? target.id : ''} ${user}`;
        if (operation === 'add') members.add(member);
        else members.delete(member);
      }
    }
  }
  return members;
}

const someStep = fc.record({
  destination: fc.nat(1),
  subscription: fc.nat(1),
  /** Whether a person has paused the destination, and whether the subscription is stopped, from now on. */
  paused: fc.boolean(),
  stopped: fc.boolean(),
  users: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  joins: fc.boolean(),
  audience: fc.constantFrom('1', '2'),
});

test('whoever is held and let go, everybody is where their last change says', () => {
  fc.assert(
    fc.property(fc.array(someStep, { maxLength: 40 }), (steps) => {
      const overtaken = createOvertakenChanges();
      const [asked, gone]: [AudienceWork[], AudienceWork[]] = [[], []];
      type Go = (work: AudienceWork) => void;
      /** Where works wait as long as it is closed; behind it they go on. */
      const createHold = (next: Go) => {
        let waiting: AudienceWork[] | undefined;
        return {
          enter(work: AudienceWork) {
            if (waiting === undefined) return next(work);
            overtaken.hold(work);
            waiting.push(work);
          },
          close(closed: boolean) {
            const works = waiting ?? [];
            if (closed) waiting ??= [];
            else waiting = undefined;
            if (!closed) for (const work of works) next(overtaken.release(work));
          },
        };
      };
      const passes: Go = (work) => {
        overtaken.passed(work);
        gone.push(work);
      };
      const stops = [0, 1, 2, 3].map(() => createHold(passes));
      const holds = [0, 1].map((at) => [0, 1].map((own) => createHold((work) => stops[2 * at + own]?.enter(work))));
      for (const { destination: at, subscription: own, paused, stopped, users, joins, audience } of steps) {
        stops[2 * at + own]?.close(stopped);
        for (const hold of holds[at] ?? []) hold.close(paused);
        const work = workOf(users, joins, audience, fakePending());
        asked.push(work);
        holds[at]?.[own]?.enter(work);
      }
      for (const hold of [...stops, ...holds.flat()]) hold.close(false);
      expect(membersAfter(gone)).toEqual(membersAfter(asked));
    }),
    { numRuns: 200 },
  );
});

test('what is given up has overtaken nothing, and neither has what comes back from a parking partition', () => {
  const overtaken = createOvertakenChanges();
  const [held, given] = [workOf(['a'], true, '1', fakePending()), workOf(['a'], false, '1', fakePending())];
  overtaken.hold(held);
  overtaken.hold(given);
  overtaken.drop(given);
  overtaken.passed(
    workOf(['a'], false, '1', fakePending({ parked: { destination: 'crm', subscription: 'Members', at: 0 } })),
  );
  expect(overtaken.release(held)).toBe(held);
});
