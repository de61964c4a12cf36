import { describe, expect, test } from 'vitest';
import type { FinalOutcome } from '../../../src/core/outcome.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { harness, manualSink, trackRecord } from '../harness.ts';

/** Bad ones are refused before anything is sent. */
const mixed = fakeSubscription('Orders', () => true, {
  resolve: ({ event, messageId }) => (event === 'Bad' ? { name: 'Bad' } : { name: event, id: String(messageId) }),
});

const shop = (maxRejectedPerBatch: number, more: Parameters<typeof fakeSettings>[0] = {}) =>
  fakeDestination([mixed], { name: 'shop', settings: fakeSettings({ maxRejectedPerBatch, ...more }) });

const batch = { maxEvents: 4, maxRows: 4, maxBytes: 1_000_000, lingerMillis: 60_000 };

const refused: FinalOutcome = { kind: 'rejected', failure: { code: 'META_100', message: 'no' } };

function run(destination: ReturnType<typeof shop>, events: readonly string[], sink = manualSink()) {
  const records = events.map((event, offset) => trackRecord(offset, event));
  return harness({ destinations: [destination], sinks: { shop: sink }, records });
}

describe('what is rejected before anything is sent, with max_rejected_per_batch', () => {
  test('0: the first one stops the subscription, and its dead letter waits', async () => {
    const { pipe, source, letters } = run(shop(0), ['Order', 'Bad', 'Order']);
    await pipe.start();
    source.yieldRecords(3);
    expect(pipe.blocked()).toMatchObject([{ lane: 'shop/Orders', failure: { code: 'TOO_MANY_REJECTED' } }]);
    expect(pipe.blocked()[0]?.failure.message).toMatch(
      /^1 rejected, threshold 0\. \[\w+ — 1 sample; e\.g\. events\/0@1\]$/,
    );
    expect(letters).toEqual([]);
    pipe.resume();
    await pipe.finished();
    expect(letters).toHaveLength(1);
    await pipe.stop(1000);
    expect(source.committed(0)).toBe(3);
  });

  test('nobody will look: the dead letters are written, and what was not sent is not committed', async () => {
    const { pipe, source, letters } = run(shop(0), ['Bad', 'Order']);
    await pipe.start();
    source.yieldRecords(2);
    pipe.writeDeadLetters();
    expect(await pipe.stop(50)).toBe(false);
    expect(letters).toHaveLength(1);
    expect(source.committed(0)).toBe(1);
  });

  test.each([-1, -5])('%d: any number passes', async (threshold) => {
    const { pipe, source, letters } = run(shop(threshold), Array(50).fill('Bad'));
    await pipe.start();
    source.yieldRecords(50);
    await pipe.finished();
    expect(letters).toHaveLength(50);
    await pipe.stop(1000);
  });

  test('as many as are allowed in each of several batches stop nothing', async () => {
    const { pipe, source, letters } = run(shop(1, { batch: { ...batch, maxEvents: 1 } }), [
      'Bad',
      'Order',
      'Bad',
      'Order',
    ]);
    await pipe.start();
    source.yieldRecords(2);
    await expect.poll(() => source.committed(0)).toBe(2);
    source.yieldRecords(2);
    await pipe.finished();
    expect(letters).toHaveLength(2);
    await pipe.stop(1000);
  });

  test('ours and those of Meta count together in the batch that they share', async () => {
    const sink = manualSink((delivery) => (delivery.eventName === 'Odd' ? refused : { kind: 'delivered' }));
    const { pipe, source } = run(shop(1, { batch }), ['Bad', 'Order', 'Order', 'Order', 'Odd'], sink);
    await pipe.start();
    source.yieldRecords(5);
    await expect.poll(() => pipe.blocked()).toMatchObject([{ lane: 'shop', failure: { code: 'TOO_MANY_REJECTED' } }]);
    expect(pipe.blocked()[0]?.failure.message).toContain('2 rejected, threshold 1.');
    await pipe.stop(50);
  });

  test('they count in the batch that was filled then, not in the one that is answered next', async () => {
    const answers = new Map<string, () => void>();
    const sink = manualSink((delivery) => (delivery.eventName === 'Odd' ? refused : { kind: 'delivered' }));
    const { send } = sink;
    // Each request is answered when the test says so.
    sink.send = async (deliveries, signal) => {
      await new Promise<void>((answer) => answers.set(deliveries[0]?.eventId ?? '', answer));
      return send(deliveries, signal);
    };
    const two = { batch: { ...batch, maxEvents: 2 } };
    const { pipe, source, letters } = run(shop(1, two), ['Bad', 'Order', 'Odd', 'Order', 'Order'], sink);
    await pipe.start();
    source.yieldRecords(5);
    await expect.poll(() => answers.size).toBe(2);
    answers.get('0-3')?.();
    await expect.poll(() => sink.sent.length).toBe(2);
    expect(pipe.blocked()).toEqual([]);
    answers.get('0-1')?.();
    await expect.poll(() => pipe.blocked()).toMatchObject([{ lane: 'shop', failure: { code: 'TOO_MANY_REJECTED' } }]);
    expect(pipe.blocked()[0]?.failure.message).toContain('2 rejected, threshold 1.');
    expect(letters).toHaveLength(1);
    await pipe.stop(50);
  });

  test('fuse: false does not switch it off', async () => {
    const { pipe, source } = run(shop(0, { rejectionRate: false }), ['Bad']);
    await pipe.start();
    source.yieldRecords(1);
    expect(pipe.blocked()).toMatchObject([{ failure: { code: 'TOO_MANY_REJECTED' } }]);
    await pipe.stop(50);
  });
});
