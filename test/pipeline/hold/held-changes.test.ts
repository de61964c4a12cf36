import { expect, onTestFinished, test, vi } from 'vitest';
import { textOf } from '../../../src/core/encoded-body.ts';
import type { Failure } from '../../../src/core/outcome.ts';
import { fakeAudienceAction, fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { simulatedParking } from '../../support/simulated-parking.ts';
import { type SimulatedSource, simulatedSource } from '../../support/simulated-source.ts';
import { harness, knownAudiences, trackRecord } from '../harness.ts';

/** "joins Ada Bo" and "leaves Ada" change one audience; "joins" alone can't be used. */
const membership = fakeAudienceAction((name) => {
  const [verb = '', ...users] = name.split(' ');
  if (users.length === 0) return { kind: 'rejected', failure: { code: 'BAD', message: 'bad' } };
  const operation = ({ joins: 'add', leaves: 'remove', replace: 'replace' } as const)[verb] ?? 'add';
  const changes = users.map(
    (user) => ({ operation, user, identifiers: [user], rows: [{ EXTERN_ID: user }], entry: user }) as const,
  );
  return { kind: 'audience', updates: [{ target: { kind: 'id', id: '120' }, settings: {}, changes }] };
});

const subscription = (verb: string) =>
  fakeSubscription(verb, ({ event }) => String(event).startsWith(verb), {
    action: membership,
    resolve: (event) => ({ name: event['event'] }),
  });
/** The first rejection stops its subscription until a person has looked. */
const settings = fakeSettings({ rejectionRate: false, maxRejectedPerBatch: 0 });
const crm = fakeDestination([subscription('joins'), subscription('leaves'), subscription('replace')], { settings });

async function play(
  events: readonly string[],
  source: SimulatedSource = simulatedSource([
    { topic: 'events', partition: 0, records: events.map((event, offset) => trackRecord(offset, event)) },
  ]),
  destination = crm,
  convert: () => Promise<unknown> = async () => undefined,
) {
  const sent: string[] = [];
  const audiences = knownAudiences(() => ({
    async send(deliveries) {
      for (const row of deliveries) sent.push(`${row.terms?.operation} ${JSON.parse(textOf(row))[0]}`);
      return deliveries.map(() => ({ kind: 'delivered' }));
    },
  }));
  const one = harness({
    destinations: [destination],
    source,
    audiences,
    sinkFor: () => ({
      async send(some) {
        await convert();
        return some.map(() => ({ kind: 'delivered' }));
      },
    }),
  });
  await one.pipe.start();
  one.source.yieldRecords(events.length);
  return { ...one, sent };
}

test('who has left since does not join when the joins of a stopped subscription go on', async () => {
  const { pipe, source, sent, letters, events } = await play(['joins', 'joins Ada Bo', 'leaves Ada', 'leaves Cy']);
  await expect.poll(() => sent).toEqual(['remove Ada', 'remove Cy']);
  pipe.resume();
  await expect.poll(() => source.committed(0)).toBe(4);
  expect(sent.slice(2)).toEqual(['add Bo']);
  expect(letters.map(({ record: { offset } }) => offset)).toEqual([0]);
  await pipe.stop(1_000);
  expect(events).toContainEqual({
    kind: 'skipped',
    destination: 'shop',
    subscription: 'joins',
    reason: 'superseded',
    count: 1,
  });
});

test('a replacement that was stopped does not undo what came after it, and its record is settled', async () => {
  const { pipe, source, sent, letters } = await play(['replace', 'replace Ada', 'leaves Ada']);
  await expect.poll(() => sent).toEqual(['remove Ada']);
  pipe.resume();
  await expect.poll(() => source.committed(0)).toBe(3);
  expect(sent).toEqual(['remove Ada']);
  expect(letters.map(({ record: { offset } }) => offset)).toEqual([0]);
  await pipe.stop(1_000);
});

test('nor does it after a restart, since what came since is sent again too', async () => {
  const events = ['joins', 'joins Ada Bo', 'leaves Ada', 'leaves Cy'];
  const before = await play(events);
  await expect.poll(() => before.sent).toEqual(['remove Ada', 'remove Cy']);
  await before.pipe.stop(1_000);
  expect(before.source.committed(0)).toBe(0);
  const unlimited = { ...crm, settings: fakeSettings({ rejectionRate: false }) };
  const after = await play(events, before.source, unlimited);
  await expect.poll(() => after.source.committed(0)).toBe(4);
  await after.pipe.stop(1_000);
  expect(membersAfter(after.sent)).toEqual(['Bo']);
});

test('a subscription that is new, or has another id, after a restart does not undo what the others had done', async () => {
  const events = ['order', 'joins Ada Bo', 'leaves Ada'];
  const orders = fakeSubscription('Orders', ({ event }) => event === 'order');
  const leaves = subscription('leaves');
  const destination = fakeDestination([orders, subscription('joins'), leaves], { settings });
  // The conversion is on its way when the process ends, and holds the position.
  const before = await play(events, undefined, destination, () => new Promise(() => undefined));
  await expect.poll(() => membersAfter(before.sent)).toEqual(['Bo']);
  await before.pipe.stop(200);
  expect(before.source.committed(0)).toBe(0);
  const renamed = { ...subscription('joins'), id: 'joined' };
  const after = await play(events, before.source, fakeDestination([orders, renamed, leaves], { settings }));
  await expect.poll(() => after.source.committed(0)).toBe(3);
  await after.pipe.stop(1_000);
  expect(membersAfter(after.sent)).toEqual(['Bo']);
});

function membersAfter(sent: readonly string[]): readonly string[] {
  const members = new Set<string>();
  for (const change of sent) {
    const [operation, user = ''] = change.split(' ');
    if (operation === 'add') members.add(user);
    else members.delete(user);
  }
  return [...members];
}

test('what is left of a record is not parked, which would bring back all of it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const blockage = { since: 0, failure: { code: 'META_190', message: 'the token has expired' } };
  const audience: { blocked: boolean; turnedAway?: Failure } = { blocked: false };
  const parking = simulatedParking('shop', 'events');
  const events = ['joins', 'joins Ada Bo', 'leaves Ada', 'leaves Cy', 'leaves Di'];
  const records = events.map((event, offset) => trackRecord(offset, event));
  const { pipe, source, letters } = harness({
    destinations: [{ ...crm, settings: { ...settings, onBlocked: 'park' } }],
    source: simulatedSource([{ topic: 'events', partition: 0, records }, parking.partition(0)]),
    parking,
    limits: { maxInFlightRecordsPerPartition: events.length },
    sinkFor: () => ({ send: async (some) => some.map(() => ({ kind: 'delivered' })) }),
    audiences: knownAudiences(() => ({
      blocked: () => (audience.blocked ? blockage : undefined),
      rejectWaiting(failure) {
        audience.turnedAway = failure;
      },
      async send(deliveries) {
        while (audience.blocked && audience.turnedAway === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        const { turnedAway } = audience;
        if (turnedAway === undefined) return deliveries.map(() => ({ kind: 'delivered' }));
        return deliveries.map(() => ({ kind: 'rejected', failure: turnedAway }));
      },
    })),
  });
  await pipe.start();
  source.yieldRecords(3);
  await expect.poll(() => pipe.inFlight().deliveries).toBe(2);
  audience.blocked = true;
  source.yieldRecords(2);
  const parked = () => parking.partition(0).records.map(({ offset }) => offset);
  await expect
    .poll(() => {
      vi.advanceTimersByTime(1_000);
      return parked();
    })
    .toEqual([3, 4]);
  pipe.resume();
  await expect
    .poll(() => letters.map(({ record: { offset }, failure: { code } }) => [offset, code]))
    .toEqual([
      [0, 'BAD'],
      [1, 'LANE_BLOCKED'],
    ]);
  expect(parked()).toEqual([3, 4]);
  await pipe.stop(1_000);
});

test('an audience that max_rejected_per_batch has stopped is not parked', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const parking = simulatedParking('shop', 'events');
  const records = ['joins Ada', 'joins Bo'].map((event, offset) => trackRecord(offset, event));
  const refused = { kind: 'rejected', failure: { code: 'BAD', message: 'bad' } } as const;
  const { pipe, source, events } = harness({
    destinations: [{ ...crm, settings: { ...settings, onBlocked: 'park' } }],
    source: simulatedSource([{ topic: 'events', partition: 0, records }, parking.partition(0)]),
    parking,
    limits: { maxInFlightRecordsPerPartition: records.length },
    sinkFor: () => ({ send: async (some) => some.map(() => ({ kind: 'delivered' })) }),
    audiences: knownAudiences(() => ({ send: async (some) => some.map(() => refused) })),
  });
  await pipe.start();
  source.yieldRecords(1);
  await expect.poll(() => pipe.blocked().length).toBe(1);
  source.yieldRecords(1);
  for (let ticks = 0; ticks < 3; ticks += 1) {
    vi.advanceTimersByTime(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(pipe.windowSecondsLeft()).toBe(0);
  expect(events.filter(({ kind }) => kind === 'parking')).toEqual([]);
  await pipe.stop(1_000);
});
