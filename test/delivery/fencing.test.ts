import { describe, expect, test } from 'vitest';
import type { Delivery, PendingRecord } from '../../src/core/delivery.ts';
import { textOf } from '../../src/core/encoded-body.ts';
import { type Outcome, withheldCode } from '../../src/core/outcome.ts';
import { permanentLease, type PartitionLease } from '../../src/delivery/partition-lease.ts';
import { fencing } from '../../src/delivery/fencing.ts';
import { fakeDelivery, fakePending } from '../support/deliveries.ts';
import { deliveries, never } from './fakes.ts';

const delivered: Outcome = { kind: 'delivered' };
const withheld: Outcome = {
  kind: 'retryable',
  failure: { code: withheldCode, message: '' },
  ambiguous: false,
  halve: false,
};

function setUp(answers: readonly Outcome[] = []) {
  const requests: string[][] = [];
  const left = [...answers];
  const sink = {
    send: async (some: readonly Delivery[]) => {
      const answer = left.shift() ?? delivered;
      requests.push(some.map(textOf));
      return some.map(() => answer);
    },
  };
  return { requests, sink };
}

/** `a` is ours, `b` of a partition that went to another process when `lose` is called. */
function two() {
  const pending: { abandoned: boolean } & PendingRecord = { ...fakePending(), abandoned: false };
  const list = [fakeDelivery('a'), fakeDelivery('b', { pending })];
  return { list, lose: () => Object.assign(pending, { abandoned: true }) };
}

describe('DELIVERY 24: rows', () => {
  test('of a partition that went to another process are left out, the others go', async () => {
    const { requests, sink } = setUp();
    const { list, lose } = two();
    lose();
    const outcomes = await fencing(sink, permanentLease).send(list, never);
    expect(requests).toEqual([['a']]);
    expect(outcomes).toMatchObject([{ kind: 'delivered' }, { kind: 'rejected', failure: { code: 'ABANDONED' } }]);
  });

  test('that went to another process while the lease was waited for are not sent', async () => {
    const { requests, sink } = setUp();
    const { list, lose } = two();
    const lease: PartitionLease = { ...permanentLease, waitUntilHeld: async () => void lose() };
    await fencing(sink, lease).send(list, never);
    expect(requests).toEqual([['a']]);
  });

  test('all of which went to another process need no request', async () => {
    const { requests, sink } = setUp();
    const list = deliveries(2, { pending: fakePending({ abandoned: true }) });
    const outcomes = await fencing(sink, permanentLease).send(list, never);
    expect(requests).toEqual([]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'rejected']);
  });

  test('that were withheld in the last moment wait for the lease again, and are sent again', async () => {
    const { requests, sink } = setUp([withheld, withheld]);
    let waits = 0;
    const lease: PartitionLease = {
      ...permanentLease,
      waitUntilHeld: async () => {
        waits += 1;
      },
    };
    expect(await fencing(sink, lease).send(deliveries(1), never)).toEqual([delivered]);
    expect([requests.length, waits]).toEqual([3, 3]);
  });

  test('are given up when the stop comes first', async () => {
    const { requests, sink } = setUp();
    const stopped = AbortSignal.abort();
    await expect(fencing(sink, permanentLease).send(deliveries(1), stopped)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(requests).toEqual([]);
  });
});
