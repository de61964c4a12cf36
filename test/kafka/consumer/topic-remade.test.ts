import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaSourceConfig } from '../../../src/kafka/consumer/source-config.ts';
import {
  asAdmin,
  brokerForTests,
  createTopic,
  produce,
  quickSource,
  type TestBroker,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { join, type Member, member, until } from '../../support/kafka-member.ts';
import { onApacheKafka } from '../../support/needs.ts';

type Config = KafkaSourceConfig & { readonly topic: string };

/** The embedded broker can't delete a topic. */
describe('a topic that is deleted and made again', onApacheKafka, () => {
  let broker: TestBroker;
  const members: Member[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterEach(async () => {
    await Promise.all(members.splice(0).map(({ source }) => source.stop()));
  });

  async function start(config: Config): Promise<Member> {
    const started = member(config);
    members.push(started);
    await join(started);
    return started;
  }

  async function topicWith(count: number): Promise<Config> {
    const topic = uniqueName('remade');
    await createTopic(broker.brokers, topic, { partitions: 1 });
    await produce(broker.brokers, topic, values('old', count));
    return { ...quickSource(broker), topic, topics: [topic], groupId: uniqueName('group'), from: 'earliest' };
  }

  const values = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ partition: 0, value: `${name} ${index}` }));
  const texts = (name: string, count: number) => values(name, count).map(({ value }) => value);

  async function remake(topic: string, count: number): Promise<void> {
    await asAdmin(broker.brokers, async (admin) => {
      if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
    });
    await until2(async () => !(await asAdmin(broker.brokers, (admin) => admin.listTopics())).includes(topic));
    await createTopic(broker.brokers, topic, { partitions: 1 });
    await produce(broker.brokers, topic, values('new', count));
  }

  const until2 = (condition: () => Promise<boolean>) => expect.poll(condition).toBe(true);
  const remadeWarnings = (one: Member) => one.warnings.filter(({ code }) => code === 'KAFKA_TOPIC_REMADE');

  it.each([2, 50])(
    'is read from its start, under another epoch, when %i records came before anybody looked',
    async (count) => {
      const config = await topicWith(5);
      const one = await start(config);
      await until('the old ones are read', () => one.records.length === 5);
      expect(await one.commitRead()).toBe('committed');
      const epoch = one.owned.get(0)?.epoch ?? 0;
      await remake(config.topic, count);
      await expect
        .poll(async () => {
          await one.commitRead();
          return one.owned.get(0)?.epoch ?? 0;
        })
        .toBeGreaterThan(epoch);
      const ofNewEpoch = () =>
        one.batches
          .filter((batch) => batch.epoch > epoch)
          .flatMap(({ records }) => records.map(({ value }) => String(value)));
      await until('all is read', () => ofNewEpoch().length === count);
      expect(ofNewEpoch()).toEqual(texts('new', count));
      expect(one.owned.get(0)).toMatchObject({ position: 0 });
      expect(remadeWarnings(one)).toHaveLength(1);
      expect(one.source.ready()).toBe(true);
      expect(one.failures).toEqual([]);
    },
  );

  it('is not read before what is in flight of the old log is settled', async () => {
    const config = await topicWith(5);
    const one = await start(config);
    await until('the old ones are read', () => one.records.length === 5);
    const epoch = one.owned.get(0)?.epoch ?? -1;
    await remake(config.topic, 50);
    await until('it has noticed', () => remadeWarnings(one).length === 1);
    expect(one.owned.get(0)?.epoch).toBe(epoch);
    expect(one.source.ready()).toBe(false);
    const commit = { topic: config.topic, partition: 0, epoch, offset: one.records.length };
    expect(await one.source.commit([commit])).toBe('committed');
    await until('it has begun anew', () => (one.owned.get(0)?.epoch ?? 0) > epoch);
    expect(one.owned.get(0)).toMatchObject({ position: 0 });
  });

  it('is read from its start by the next member, whether or not a commit of the old log is left', async () => {
    const config = await topicWith(5);
    const one = await start(config);
    await until('the old ones are read', () => one.records.length === 5);
    one.source.pause([{ topic: config.topic, partition: 0 }]);
    const epoch = one.owned.get(0)?.epoch ?? -1;
    await remake(config.topic, 50);
    // The broker deletes the group's commits with the topic, but not those that come after that.
    const commit = { topic: config.topic, partition: 0, epoch, offset: 5, metadata: 'said' };
    expect(await one.source.commit([commit])).toBe('committed');
    await one.source.stop();
    const next = await start(config);
    await until('all is read', () => next.records.length === 50);
    expect(next.values()).toEqual(texts('new', 50));
    expect(next.owned.get(0)?.metadata).toBeUndefined();
    // None where the first member has seen the topic go before it committed: then nothing of the old log is left.
    expect(remadeWarnings(next).length).toBeLessThanOrEqual(1);
    await next.source.stop();
    const last = await start(config);
    expect(remadeWarnings(last)).toEqual([]);
  });

  it('what a commit says is handed on as long as the log is the same', async () => {
    const config = await topicWith(5);
    const one = await start(config);
    const epoch = one.owned.get(0)?.epoch ?? -1;
    await one.source.commit([{ topic: config.topic, partition: 0, epoch, offset: 3, metadata: '{"v":1}' }]);
    await one.source.stop();
    const next = await start(config);
    expect(next.owned.get(0)).toMatchObject({ position: 3, metadata: '{"v":1}' });
    expect(next.warnings).toEqual([]);
  });
});
