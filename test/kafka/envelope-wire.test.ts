import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Envelope, envelopes } from '../support/kafka-envelopes.ts';
import {
  brokerForTests,
  createTopic,
  quickSource,
  type TestBroker,
  testClient,
  uniqueName,
} from '../support/kafka-broker.ts';
import { type Member, startMember, until } from '../support/kafka-member.ts';
import { onApacheKafka } from '../support/needs.ts';
import { produceRaw, type WireCodec } from '../support/raw-produce.ts';

/** Times that the broker takes. */
const times = fc.constantFrom(-1n, 0n, 1_790_000_000n, 1_790_000_000_000n, 2n ** 45n);
const batches: fc.Arbitrary<{ readonly codec: WireCodec; readonly records: readonly Envelope[] }> = fc.record({
  codec: fc.constantFrom('none', 'gzip', 'zstd'),
  records: fc.array(
    fc.tuple(envelopes, times).map(([envelope, timestamp]) => ({ ...envelope, timestamp })),
    { minLength: 1, maxLength: 8 },
  ),
});

/** The broker packs what it gets into the codec of the topic; the embedded one takes no such settings. */
describe('the real consumer reads batches of any legal envelope', onApacheKafka, () => {
  let broker: TestBroker;
  const members: Member[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => Promise.all(members.map(({ source }) => source.stop())));

  test.each(['producer', 'gzip', 'snappy', 'lz4', 'zstd'])('in a topic of codec %s', async (codec) => {
    const topic = uniqueName('envelope');
    await createTopic(broker.brokers, topic, {
      partitions: 1,
      settings: {
        'compression.type': codec,
        'message.timestamp.after.max.ms': String(2n ** 62n),
        // Or the broker would delete what says that it is old, whenever it looks for that.
        'retention.ms': '-1',
      },
    });
    const produced: Envelope[] = [];
    const given = fc.sample(batches, 60);
    for (const [index, { codec: packed, records }] of given.entries()) {
      if (index % 20 === 10) await abort(topic);
      expect(await produceRaw(broker.brokers[0] ?? '', topic, records, packed)).toBe(0);
      produced.push(...records);
    }
    const one = await startMember({
      ...{ ...quickSource(broker), topics: [topic], groupId: topic, from: 'earliest' as const },
    });
    members.push(one);
    await until('all are read', () => one.records.length >= produced.length);
    expect(one.records.map(({ key, value, timestamp }) => ({ key, value, timestamp: BigInt(timestamp) }))).toEqual(
      produced.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
    );
    const count = (headers: (typeof one.records)[number]['headers']) => Object.values(headers ?? {}).flat().length;
    expect(one.records.map(({ headers }) => count(headers))).toEqual(produced.map(({ headers }) => headers.length));
    expect(one.failures).toEqual([]);
    expect(await one.commitRead()).toBe('committed');
  });

  /** Leaves records that nobody may read, and the marker of their end. */
  async function abort(topic: string): Promise<void> {
    const transactionalId = uniqueName('transaction');
    const producer = testClient(broker.brokers).producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ partition: 0, value: 'aborted' }] });
    await transaction.abort();
    await producer.disconnect();
  }
});
