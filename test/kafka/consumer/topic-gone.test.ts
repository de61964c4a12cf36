import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asAdmin,
  brokerForTests,
  createTopic,
  produce,
  quickSource,
  type TestBroker,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { type Member, startMember, until } from '../../support/kafka-member.ts';
import { onApacheKafka } from '../../support/needs.ts';

/** The embedded broker can't delete a topic. */
describe('one of two topics that is deleted', onApacheKafka, () => {
  let broker: TestBroker;
  let one: Member;

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => one?.source.stop());

  it('holds up only itself, is named, lets what was read of it be finished, and is read when it is made again', async () => {
    const [stays, goes] = [uniqueName('stays'), uniqueName('goes')];
    const send = (topic: string, value: string) => produce(broker.brokers, topic, [{ partition: 0, value }]);
    for (const topic of [stays, goes]) {
      await createTopic(broker.brokers, topic, { partitions: 1 });
      await send(topic, `first of ${topic}`);
    }
    one = await startMember({ ...quickSource(broker), topics: [stays, goes], groupId: stays, from: 'earliest' });
    await until('both are read', () => one.records.length === 2);
    const epoch = one.batches.find(({ topic }) => topic === goes)?.epoch ?? -1;
    await asAdmin(broker.brokers, (admin) => admin.deleteTopics({ topics: [goes] }));
    const reasons = () => one.source.held?.().map(({ reason }) => reason) ?? [];
    await until('it has noticed', () => reasons().length > 0);
    expect(reasons()).toEqual([expect.stringContaining(`the topic ${goes} doesn't exist any more`)]);
    await until('it is not ready', () => !one.source.ready());

    await send(stays, 'more');
    await until('the other one is read', () => one.values().includes('more'));
    const commit = (topic: string, offset: number) => ({ topic, partition: 0, epoch, offset });
    const lost = () => one.story.filter((line) => line.startsWith('lost'));
    expect(lost()).toEqual([]);
    expect(await one.source.commit([commit(stays, 2), commit(goes, 1)])).toBe('committed');
    expect(await one.source.retention?.([{ topic: stays, partition: 0 }])).toHaveLength(1);
    // What was read of it is settled now.
    await until('it is given back', () => lost().length === 1);

    await createTopic(broker.brokers, goes, { partitions: 1 });
    await send(goes, 'anew');
    await until('the new one is read', () => one.values().includes('anew'));
    expect(one.values().sort()).toEqual(['anew', `first of ${goes}`, `first of ${stays}`, 'more']);
    expect([one.source.ready(), reasons(), one.failures]).toEqual([true, [], []]);
    const codes = one.warnings.map(({ code }) => code);
    expect(codes.filter((code) => code !== 'KAFKA_TOPIC_REMADE')).toEqual(['KAFKA_TOPIC_GONE']);
  });
});
