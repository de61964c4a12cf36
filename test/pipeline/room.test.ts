import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { fakeAudienceAction, fakeDestination, fakeSettings, fakeSubscription } from '../support/destinations.ts';
import { simulatedSource } from '../support/simulated-source.ts';
import { type Harness, harness, knownAudiences, manualSink, trackRecord } from './harness.ts';

const subscriptions = Array.from({ length: 40 }, (_, index) => fakeSubscription(`S${index}`, () => true));
const destination = fakeDestination(subscriptions);
/** Less than 40 deliveries of ten records are. */
const maxInFlightBytes = 100_000;
/** The deliveries of one record, and what was read of the others. */
const most = maxInFlightBytes + 40 * 700 + 60 * 200;

const orders = (partition: number) =>
  Array.from({ length: 60 }, (_, offset) => trackRecord(offset, 'Order', partition));

function withShutSink(partitions: readonly (readonly SourceRecord[])[] = [orders(0), orders(1)]) {
  const sink = manualSink();
  sink.shut = true;
  const source = simulatedSource(partitions.map((records, partition) => ({ topic: 'events', partition, records })));
  const sinks = { [destination.name]: sink };
  return { sink, ...harness({ destinations: [destination], sinks, source, limits: { maxInFlightBytes } }) };
}

/** Reads on as long as the source isn't paused. */
async function readToTheEnd({ pipe, source }: Pick<Harness, 'pipe' | 'source'>): Promise<void> {
  const timer = setInterval(() => source.yieldRecords(60), 1);
  await pipe.finished().finally(() => clearInterval(timer));
}

describe('what is routed of that which was read', () => {
  test('is bounded by the bytes in flight, and all of it goes on when there is room', async () => {
    const { pipe, source, sink, errors } = withShutSink();
    await pipe.start();
    source.yieldRecords(60);
    expect(pipe.inFlight().bytes).toBeLessThan(most);
    expect(pipe.inFlight().deliveries).toBeLessThan(60 * 40);
    expect(source.paused()).toEqual([0, 1]);
    sink.shut = false;
    await readToTheEnd({ pipe, source });
    expect(new Set(sink.sent).size).toBe(2 * 60 * 40);
    expect(sink.sent).toHaveLength(2 * 60 * 40);
    expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
    expect(await pipe.stop(5_000)).toBe(true);
    expect([source.committed(0), source.committed(1), errors]).toEqual([60, 60, []]);
  });

  test('is nothing of a partition that went to another process meanwhile', async () => {
    const { pipe, source, sink, errors } = withShutSink();
    await pipe.start();
    source.yieldRecords(60);
    source.rebalance(0);
    expect(pipe.inFlight().bytes).toBeLessThan(most);
    sink.shut = false;
    await readToTheEnd({ pipe, source });
    expect(new Set(sink.sent).size).toBe(2 * 60 * 40);
    expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
    expect(await pipe.stop(5_000)).toBe(true);
    expect([source.committed(0), source.committed(1), errors]).toEqual([60, 60, []]);
  });

  test('goes on through a record of many events that is larger than all that may be in flight', async () => {
    const events = Array.from({ length: 150 }, (_, index) => ({
      type: 'track',
      event: 'Order',
      messageId: `m${index}`,
      more: 'x'.repeat(800),
    }));
    const record = fakeRecord({ partition: 0, offset: 0, value: Buffer.from(JSON.stringify(events)) });
    const { pipe, source, sink } = withShutSink([[record]]);
    expect(record.value?.length).toBeGreaterThan(maxInFlightBytes);
    await pipe.start();
    source.yieldRecords(1);
    expect(pipe.inFlight().deliveries).toBeLessThan(150 * 40);
    sink.shut = false;
    await readToTheEnd({ pipe, source });
    expect(sink.sent).toHaveLength(150 * 40);
    expect(await pipe.stop(5_000)).toBe(true);
  });

  test('keeps no partition paused for what was read before the partitions went and came back', async () => {
    const event = { type: 'track', event: 'Order', messageId: 'm' };
    const many = Buffer.from(JSON.stringify(Array.from({ length: 600 }, () => event)));
    const large = Buffer.from(JSON.stringify({ ...event, more: 'x'.repeat(maxInFlightBytes) }));
    const source = simulatedSource(
      [many, large].map((value, partition) => ({
        topic: 'events',
        partition,
        records: [fakeRecord({ partition, offset: 0, value })],
      })),
    );
    const nobody = fakeDestination([fakeSubscription('Nobody', () => false)]);
    const sinks = { [nobody.name]: manualSink() };
    const { pipe } = harness({ destinations: [nobody], sinks, source, limits: { maxInFlightBytes } });
    await pipe.start();
    source.yieldRecords(1);
    expect(source.paused()).toEqual([0, 1]);
    for (const partition of [0, 1]) source.rebalance(partition);
    await readToTheEnd({ pipe, source });
    expect(await pipe.stop(5_000)).toBe(true);
    expect([source.committed(0), source.committed(1)]).toEqual([1, 1]);
  });

  test('goes on when a healthy lane has made room, though every record waits for a blocked one', async () => {
    const blocked = manualSink();
    blocked.shut = true;
    blocked.blockage = { since: Date.now(), failure: { code: 'META_190', message: 'the token has expired' } };
    const healthy = manualSink();
    const shop = fakeDestination(subscriptions.slice(0, 1), { settings: fakeSettings({ pixelId: '1' }) });
    const other = fakeDestination(subscriptions, { name: 'other' });
    const { pipe, source } = harness({
      destinations: [shop, other],
      sinks: { [shop.name]: blocked, other: healthy },
      records: orders(0).slice(0, 30),
      limits: { maxInFlightBytes },
    });
    await pipe.start();
    source.yieldRecords(30);
    expect(source.paused()).toEqual([0]);
    await expect.poll(() => healthy.sent.length).toBe(30 * 40);
    expect(pipe.inFlight()).toMatchObject({ records: 30, deliveries: 30 });
    expect(pipe.inFlight().bytes).toBeLessThan(maxInFlightBytes / 2);
    await expect.poll(() => source.paused()).toEqual([]);
    await pipe.stop(20);
  });
});

/** So many records of fifty events each. */
function fifties(count: number): readonly SourceRecord[] {
  return Array.from({ length: count }, (_, offset) => {
    const calls = Array.from({ length: 50 }, (_, at) => ({ type: 'track', event: 'x', messageId: `${offset}-${at}` }));
    return fakeRecord({ offset, value: Buffer.from(JSON.stringify(calls)) });
  });
}

test('dead letters that wait to be written take room, and give it back', async () => {
  const refusing = fakeAudienceAction(() => ({ kind: 'rejected', failure: { code: 'BAD', message: 'bad' } }));
  const { promise: broker, resolve: comesBack } = Promise.withResolvers<void>();
  const settings = fakeSettings({ rejectionRate: false });
  const crm = fakeDestination([fakeSubscription('Joins', () => true, { action: refusing })], { settings });
  const source = simulatedSource([{ topic: 'events', partition: 0, records: fifties(20) }]);
  const { pipe, letters, errors } = harness({
    destinations: [crm],
    source,
    limits: { maxInFlightBytes: 150_000 },
    sinkFor: () => manualSink(),
    writeDeadLetters: () => broker,
  });
  await pipe.start();
  source.yieldRecords(20);
  await expect.poll(() => source.paused()).toEqual([0]);
  expect(pipe.inFlight().bytes).toBeLessThan(250_000);
  comesBack();
  await readToTheEnd({ pipe, source });
  expect(letters).toHaveLength(20 * 50);
  expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
  await pipe.stop(5_000);
  expect(errors).toEqual([]);
});

const joining = fakeAudienceAction((user) => {
  const change = { operation: 'add', user, identifiers: [user], rows: [{ EXTERN_ID: user }] } as const;
  return { kind: 'audience', updates: [{ target: { kind: 'id', id: '120' }, settings: {}, changes: [change] }] };
});

test('changes of audiences that a person holds take room, and give it back when they go', async () => {
  const resolve = (event: AnalyticsEvent) => ({ name: event['messageId'] });
  const crm = fakeDestination([fakeSubscription('Joins', () => true, { action: joining, resolve })]);
  const source = simulatedSource([{ topic: 'events', partition: 0, records: fifties(20) }]);
  let sent = 0;
  const { pipe, errors } = harness({
    destinations: [crm],
    source,
    limits: { maxInFlightBytes: 250_000 },
    sinkFor: () => manualSink(),
    audiences: knownAudiences(() => ({
      async send(deliveries) {
        sent += deliveries.length;
        return deliveries.map(() => ({ kind: 'delivered' }));
      },
    })),
  });
  await pipe.start();
  pipe.hold(crm.name);
  source.yieldRecords(20);
  await expect.poll(() => source.paused()).toEqual([0]);
  await expect.poll(() => pipe.inFlight().bytes).toBeGreaterThan(250_000);
  expect(pipe.inFlight().deliveries).toBeLessThan(200);
  pipe.release(crm.name);
  await readToTheEnd({ pipe, source });
  expect(sent).toBe(20 * 50);
  expect(pipe.inFlight()).toEqual({ records: 0, bytes: 0, deliveries: 0 });
  await pipe.stop(5_000);
  expect(errors).toEqual([]);
});
