import { expect, test } from 'vitest';
import type { LaneSink } from '../../../src/pipeline/lane/lane.ts';
import { fakeAudienceAction, fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { simulatedSource } from '../../support/simulated-source.ts';
import { harness, knownAudiences, trackRecord } from '../harness.ts';

/** Whoever an event is named after joins. */
const joining = fakeAudienceAction((name) => {
  const user = name;
  const change = { operation: 'add', user, identifiers: [user], rows: [{ EXTERN_ID: user }] } as const;
  return { kind: 'audience', updates: [{ target: { kind: 'id', id: '120' }, settings: {}, changes: [change] }] };
});
const members = fakeSubscription('Members', () => true, {
  action: joining,
  resolve: (event) => ({ name: event['event'] }),
});
const crm = fakeDestination([members], { settings: fakeSettings({ rejectionRate: false }) });

/** Partition 1 stays, and the first change of the audience is of it. */
async function play(isFound: boolean) {
  const records = (partition: number, count: number) =>
    Array.from({ length: count }, (_, offset) => trackRecord(offset, `${partition}-${offset}`, partition));
  const source = simulatedSource([
    { topic: 'events', partition: 1, records: records(1, 1) },
    { topic: 'events', partition: 0, records: records(0, 50) },
  ]);
  let offered = 0;
  // It waits for a person.
  const blocked: LaneSink = {
    send: (_deliveries, signal) => {
      offered += 1;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    },
  };
  const search = isFound ? undefined : () => new Promise<never>(() => undefined);
  const audiences = knownAudiences(() => blocked, search);
  const one = harness({
    destinations: [crm],
    source,
    audiences,
    sinkFor: () => ({ send: async (some) => some.map(() => ({ kind: 'delivered' })) }),
  });
  await one.pipe.start();
  source.yieldRecords(50);
  if (isFound) await expect.poll(() => offered).toBe(1);
  return { ...one, source };
}

test.each([
  ['waits for an audience to be found', false],
  ['waits behind a request', true],
])('what %s is forgotten with its partition, however often that comes and goes', async (_, isFound) => {
  const { pipe, source } = await play(isFound);
  for (let times = 0; times < 4; times += 1) {
    source.rebalance(0);
    source.yieldRecords(50);
  }
  // A request keeps what it carries until it ends.
  const expected = { records: 51, deliveries: isFound ? 101 : 51 };
  await expect.poll(() => pipe.inFlight(), { timeout: 5_000 }).toMatchObject(expected);
  expect(pipe.inFlight().bytes).toBeLessThan(expected.deliveries * 4_000);
  await pipe.stop(0);
});
