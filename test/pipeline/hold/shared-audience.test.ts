import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { textOf } from '../../../src/core/encoded-body.ts';
import type { Failure } from '../../../src/core/outcome.ts';
import type { LaneSink } from '../../../src/pipeline/lane/lane.ts';
import { fakeAudienceAction, fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { simulatedParking } from '../../support/simulated-parking.ts';
import { simulatedSource } from '../../support/simulated-source.ts';
import { harness, knownAudiences, trackRecord } from '../harness.ts';

/** "Ada joins 1 2" and "Ada leaves 1" change the audiences of those numbers. */
const membership = fakeAudienceAction((name) => {
  const [user = '', verb, ...audiences] = name.split(' ');
  const operation = verb === 'joins' ? 'add' : 'remove';
  const change = { operation, user, identifiers: [user], rows: [{ EXTERN_ID: user }] } as const;
  const updates = audiences.map((id) => ({ target: { kind: 'id', id }, settings: {}, changes: [change] }) as const);
  return { kind: 'audience', updates };
});

function membersOf(name: string, user: string, onBlocked?: 'park') {
  const subscription = fakeSubscription('Members', ({ event }) => String(event).startsWith(user), {
    action: membership,
    resolve: (event) => ({ name: event['event'] }),
  });
  const settings = fakeSettings({ rejectionRate: false, ...(onBlocked !== undefined && { onBlocked }) });
  return fakeDestination([subscription], { name, settings });
}

/** Audiences that block until they are opened; what waits can be turned away. */
function blockedAudiences() {
  const sent: string[] = [];
  const offered: string[] = [];
  const open = new Set<string>();
  function sinkOf(id: string): LaneSink {
    let turnedAway: Failure | undefined;
    const blockage = { since: 0, failure: { code: 'META_190', message: 'the token has expired' } };
    return {
      blocked: () => (open.has(id) ? undefined : blockage),
      rejectWaiting(failure) {
        turnedAway = failure;
      },
      async send(deliveries, signal) {
        turnedAway = undefined;
        offered.push(...deliveries.map(textOf));
        while (!open.has(id) && turnedAway === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (signal.aborted) throw new Error('aborted');
        }
        const { failure } = { failure: turnedAway };
        if (failure !== undefined) return deliveries.map(() => ({ kind: 'rejected', failure }));
        sent.push(...deliveries.map((row) => `${id} ${row.terms?.operation} ${textOf(row)}`));
        return deliveries.map(() => ({ kind: 'delivered' }));
      },
    };
  }
  return { sent, offered, open, audiences: knownAudiences(sinkOf) };
}

/** The pipeline looks after its lanes every second, of which forty pass here in one. */
async function until(what: () => boolean): Promise<void> {
  for (let rounds = 0; !what(); rounds += 1) {
    if (rounds > 20_000) throw new Error('waited in vain');
    vi.advanceTimersByTime(40);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('an audience that two destinations feed, of which one parks', () => {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterAll(() => void vi.useRealTimers());

  /** @param earliest The broker has deleted what stands before. */
  async function begin(events: readonly string[], earliest = 0) {
    const parking = simulatedParking('shop', 'events');
    const records = events.map((event, offset) => trackRecord(offset, event));
    const source = simulatedSource([{ topic: 'events', partition: 0, records }, parking.partition(0)]);
    const made = blockedAudiences();
    source.retention = async (some) => some.map((one) => ({ ...one, earliest }));
    const one = harness({
      destinations: [membersOf('shop', 'Bo', 'park'), membersOf('other', 'Ada')],
      source,
      parking,
      audiences: made.audiences,
      limits: { maxInFlightRecordsPerPartition: events.length, retentionMarginMillis: 1_000 },
      sinkFor: () => ({ send: async (some) => some.map(() => ({ kind: 'delivered' })) }),
    });
    await one.pipe.start();
    const parkedOf = () => parking.partition(0).records.length;
    return { ...one, ...made, parking, source, parkedOf };
  }

  test('parks what is of that one, and the changes of the other keep their order', async () => {
    const { pipe, source, sent, offered, open, parkedOf, errors, letters } = await begin([
      'Bo joins 1',
      'Ada joins 1',
      'Ada leaves 1',
    ]);
    source.yieldRecords(2);
    await until(() => offered.length === 1);
    source.yieldRecords(1);
    await until(() => parkedOf() === 1);
    open.add('1');
    await until(() => sent.includes('1 remove ["Ada"]') || sent.includes('1 add ["Ada"]'));
    await until(() => source.committed(0) === 3);
    expect(sent.filter((row) => row.includes('Ada')).at(-1)).toBe('1 remove ["Ada"]');
    expect([errors, letters]).toEqual([[], []]);
    await pipe.stop(1_000);
  });

  test('what the broker is about to delete is parked where it can be, and becomes a letter where not', async () => {
    const { pipe, source, parking, letters, errors, offered } = await begin(
      ['Bo joins 1', 'Ada joins 1', 'Ada joins 2'],
      2,
    );
    source.yieldRecords(2);
    await until(() => offered.length === 1);
    await until(() => letters.length > 0);
    expect(letters.map(({ record: { offset }, failure: { code } }) => [offset, code])).toEqual([[1, 'RETENTION']]);
    expect(parking.partition(0).records.map(({ offset }) => offset)).toEqual([0]);
    expect(errors).toEqual([]);
    await pipe.stop(1_000);
  });

  test('a change of several audiences waits in the one that is blocked, with its rows', async () => {
    const { pipe, source, sent, open, parkedOf, errors, letters } = await begin(['Bo joins 1', 'Ada joins 1 2']);
    source.yieldRecords(2);
    await until(() => parkedOf() === 1);
    open.add('2');
    await until(() => sent.includes('2 add ["Ada"]'));
    open.add('1');
    await until(() => errors.length > 0 || source.committed(0) === 2);
    expect(sent.filter((row) => row.includes('Ada'))).toEqual(['2 add ["Ada"]', '1 add ["Ada"]']);
    expect([errors, letters]).toEqual([[], []]);
    await pipe.stop(1_000);
  });
});
