import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { limitLeaveGroup } from '../../../src/kafka/client/timer-patch.ts';
import { createTopic, embeddedBroker, quickSource, testClient, uniqueName } from '../../support/kafka-broker.ts';
import { startMember, until } from '../../support/kafka-member.ts';

// On the embedded broker always: Apache Kafka takes no damaged batch.
it('ends with a failure that names codec and topic when a batch can not be decompressed', async () => {
  const embedded = await embeddedBroker();
  limitLeaveGroup(2);
  const broker = { brokers: embedded.brokers.split(','), kind: 'embedded', stop: embedded.stop } as const;
  const topic = uniqueName('damaged');
  await createTopic(broker.brokers, topic);
  const producer = testClient(broker.brokers).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
    compress: async () => Buffer.from('no frame at all'),
  });
  await producer.connect();
  await producer.send({ topic, compression: kafkajs.CompressionTypes.LZ4, messages: [{ value: 'x' }] });
  await producer.disconnect();
  const one = await startMember({
    ...quickSource(broker),
    topics: [topic],
    groupId: uniqueName('group'),
    from: 'earliest',
  });
  await until('it has failed', () => one.failures.length > 0);
  expect(one.failures).toMatchObject([{ code: 'KAFKA_CODEC', message: expect.stringMatching(`lz4.*${topic}`) }]);
  expect(one.source.ready()).toBe(false);
  expect(one.owned.size).toBe(0);
  expect(one.records).toEqual([]);
  await one.source.stop();
  await broker.stop();
});

it('is not ready while the broker is away, and says so', async () => {
  const embedded = await embeddedBroker();
  limitLeaveGroup(2);
  const broker = { brokers: embedded.brokers.split(','), kind: 'embedded', stop: embedded.stop } as const;
  const topic = uniqueName('away');
  await createTopic(broker.brokers, topic);
  const one = await startMember({ ...quickSource(broker), topics: [topic], groupId: uniqueName('group') });
  expect(one.source.heartbeatAt()).toBeGreaterThan(performance.now() - 10_000);
  await broker.stop();
  await until('it has noticed', () => !one.source.ready());
  expect(one.warnings).toMatchObject([{ code: 'KAFKA_DISCONNECTED' }]);
  expect(one.owned.size).toBe(0);
  expect(one.source.heartbeatAt()).toBe(Number.NEGATIVE_INFINITY);
  expect(one.failures).toEqual([]);
  await one.source.stop();
});
