import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaSourceConfig } from '../../../src/kafka/consumer/source-config.ts';
import {
  asAdmin,
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  quickSource,
  type TestBroker,
  testClient,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { join, type Member, member, until } from '../../support/kafka-member.ts';
import { onApacheKafka } from '../../support/needs.ts';

/** What librdkafka's mock cluster can't do: deleted records, transactions, compression on the broker. */
describe.concurrent('on Apache Kafka', onApacheKafka, () => {
  let broker: TestBroker;
  const members: Member[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(async () => {
    await Promise.all(members.map(({ source }) => source.stop()));
  });

  async function start(...args: Parameters<typeof member>): Promise<Member> {
    const started = member(...args);
    members.push(started);
    await join(started);
    return started;
  }

  async function topicWith(
    count: number,
    settings: Record<string, string> = {},
  ): Promise<KafkaSourceConfig & { readonly topic: string }> {
    const topic = uniqueName('apache');
    await createTopic(broker.brokers, topic, { partitions: 1, settings });
    await produce(broker.brokers, topic, values(0, count));
    return { ...quickSource(broker), topic, topics: [topic], groupId: uniqueName('group'), from: 'earliest' };
  }

  const values = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${first + i}` }));

  async function deleteBelow(topic: string, offset: number): Promise<void> {
    await asAdmin(broker.brokers, async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
    });
  }

  async function committed(config: KafkaSourceConfig & { readonly topic: string }): Promise<number | undefined> {
    return (await committedOffsets(broker.brokers, config.groupId, config.topic)).get(0);
  }

  it('rule 4: holds a partition whose committed offset is gone, and is not ready', async () => {
    const config = await topicWith(10);
    const first = await start(config);
    await first.source.stop();
    await deleteBelow(config.topic, 4);
    const held = await start(config);
    expect(held.source.ready()).toBe(false);
    expect(held.owned.size).toBe(0);
    expect(held.warnings).toMatchObject([
      { code: 'KAFKA_OFFSET_OUT_OF_RANGE', message: expect.stringContaining('KAFKA_OUT_OF_RANGE=earliest') },
    ]);
    await held.source.stop();
    expect(await committed(config)).toBe(0);
    const chosen = await start({ ...config, outOfRange: 'earliest' });
    await until('the rest is read', () => chosen.records.length === 6);
    expect(chosen.values()[0]).toBe('4');
    expect(chosen.warnings).toMatchObject([{ code: 'KAFKA_OFFSET_RESET' }]);
  });

  it.each(['hold', 'earliest'] as const)(
    'rule 4: when records are deleted before they are read, it does not jump silently (%s)',
    async (outOfRange) => {
      const config = await topicWith(5);
      const one = await start({ ...config, outOfRange });
      await until('the first are read', () => one.records.length === 5);
      one.source.pause([{ topic: config.topic, partition: 0 }]);
      await one.source.commit([{ topic: config.topic, partition: 0, offset: 3, epoch: one.owned.get(0)?.epoch ?? -1 }]);
      await produce(broker.brokers, config.topic, values(5, 10));
      await deleteBelow(config.topic, 15);
      one.source.resume([{ topic: config.topic, partition: 0 }]);
      await until('it has noticed', () => one.warnings.length > 0);
      expect(await committed(config)).toBe(3);
      await produce(broker.brokers, config.topic, values(15, 2));
      if (outOfRange === 'hold') {
        expect(one.warnings).toMatchObject([{ code: 'KAFKA_OFFSET_OUT_OF_RANGE' }]);
        expect(one.source.ready()).toBe(false);
        expect(one.records.length).toBe(5);
      } else {
        expect(one.warnings).toMatchObject([{ code: 'KAFKA_OFFSET_RESET' }]);
        await until('the new ones are read', () => one.records.length === 7);
        expect(one.values().slice(5)).toEqual(['15', '16']);
        expect(one.source.ready()).toBe(true);
      }
      // What was in flight is still ours to settle.
      expect(one.story.filter((line) => line.startsWith('lost'))).toEqual([]);
    },
  );

  it('reads nothing of aborted transactions that overlap', async () => {
    const config = await topicWith(0);
    const transactional = async () => {
      const transactionalId = uniqueName('transaction');
      const producer = testClient(broker.brokers).producer({
        transactionalId,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      return producer;
    };
    const [one, other] = [await transactional(), await transactional()];
    const message = (value: string) => ({ topic: config.topic, messages: [{ partition: 0, value }] });
    const outer = await one.transaction();
    await outer.send(message('aborted 1'));
    const inner = await other.transaction();
    await inner.send(message('aborted 2'));
    await inner.abort();
    await outer.send(message('aborted 3'));
    await outer.abort();
    const last = await other.transaction();
    await last.send(message('kept'));
    await last.commit();
    await Promise.all([one.disconnect(), other.disconnect()]);
    const read = await start(config);
    await until('what was committed is read', () => read.values().includes('kept'));
    expect(read.values()).toEqual(['kept']);
  });

  it('reads only what was committed of transactions, and gets past their markers', async () => {
    const config = await topicWith(0);
    const producer = testClient(broker.brokers).producer({
      transactionalId: uniqueName('transaction'),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const write = async (value: string, end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: config.topic, messages: [{ partition: 0, value }] });
      await transaction[end]();
    };
    await write('aborted 1', 'abort');
    await write('aborted 2', 'abort');
    const one = await start(config);
    await write('kept 1', 'commit');
    await write('aborted 3', 'abort');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await write('kept 2', 'commit');
    await until('both are read', () => one.records.length === 2);
    for (let i = 3; i < 6; i++) {
      await write(`kept ${i}`, 'commit');
      await until('the next is read', () => one.records.length === i);
    }
    await producer.disconnect();
    expect(one.values()).toEqual(['kept 1', 'kept 2', 'kept 3', 'kept 4', 'kept 5']);
    expect(one.story.filter((line) => line.startsWith('lost'))).toEqual([]);
    expect(await one.commitRead()).toBe('committed');
    await one.source.stop();
    const again = await start(config);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(again.records).toEqual([]);
    expect(again.source.ready()).toBe(true);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what the broker compressed with %s', async (codec) => {
    const config = await topicWith(0, { 'compression.type': codec, 'max.message.bytes': '4000000' });
    const long = Array.from({ length: 40_000 }, (_, i) => `item ${i % 977} of ${i}`).join(', ');
    const texts = ['short', long, 'ä'.repeat(70_000), Buffer.from(long).toString('base64')];
    await produce(
      broker.brokers,
      config.topic,
      texts.map((value) => ({ partition: 0, value })),
    );
    const one = await start(config);
    await until('all are read', () => one.records.length === texts.length);
    expect(one.values()).toEqual(texts);
  });

  it('notices partitions that are added, and reads them from their beginning', async () => {
    const config = await topicWith(3);
    const one = await start({ ...config, from: 'latest' });
    await asAdmin(broker.brokers, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: config.topic, count: 2 }] }),
    );
    await produce(broker.brokers, config.topic, [{ partition: 1, value: 'new' }]);
    const second = await start({ ...config, from: 'latest' });
    await until('it is read', () => one.values().includes('new') || second.values().includes('new'));
  });
});
