import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaSourceConfig } from '../../../src/kafka/consumer/source-config.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  quickSource,
  type TestBroker,
  testClient,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { join, type Member, member, type startMember, until } from '../../support/kafka-member.ts';
import { onApacheKafka } from '../../support/needs.ts';

// Side by side: on the embedded broker each join takes three seconds.
let broker: TestBroker;
const members: Member[] = [];

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(async () => {
  await Promise.all(members.map(({ source }) => source.stop()));
  await broker.stop();
});

async function start(...args: Parameters<typeof startMember>): Promise<Member> {
  const started = member(...args);
  members.push(started);
  await join(started);
  return started;
}

/** A topic with `count` records in partition 0 and the config of a group that reads it from the beginning. */
async function topicWith(
  count: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<KafkaSourceConfig & { readonly topic: string }> {
  const topic = uniqueName('source');
  await createTopic(broker.brokers, topic, { settings });
  await add(topic, 0, count);
  return { ...quickSource(broker), topic, topics: [topic], groupId: uniqueName('group'), from: 'earliest' };
}

async function add(topic: string, first: number, count: number, partition = 0): Promise<void> {
  const messages = Array.from({ length: count }, (_, i) => ({ partition, value: `${first + i}` }));
  await produce(broker.brokers, topic, messages);
}

const numbers = (first: number, count: number) => Array.from({ length: count }, (_, i) => `${first + i}`);

describe.concurrent('reading', () => {
  it('hands over every partition with its position, and then its records with key, value, headers and time', async () => {
    const config = await topicWith(0);
    const timestamp = String(Date.now() - 5_000);
    const headers = { plain: Buffer.from([0xff, 0x00]), twice: ['a', 'b'], constructor: 'c', ['__proto__']: 'd' };
    await produce(broker.brokers, config.topic, [
      { partition: 0, key: Buffer.from([0, 1, 0xfe]), value: Buffer.from([0xff]), headers, timestamp },
      { partition: 0, key: null, value: null },
    ]);
    const one = await start(config);
    expect([...one.owned.values()].map(({ partition, position }) => [partition, position]).sort()).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(one.source.ready()).toBe(true);
    await until('both records are read', () => one.records.length === 2);
    const [first, second] = one.records;
    expect(first).toMatchObject({
      topic: config.topic,
      partition: 0,
      offset: 0,
      next: 1,
      timestamp: Number(timestamp),
    });
    expect(first?.key).toEqual(Buffer.from([0, 1, 0xfe]));
    expect(first?.value).toEqual(Buffer.from([0xff]));
    expect(Object.getOwnPropertyNames(first?.headers).sort()).toEqual(['__proto__', 'constructor', 'plain', 'twice']);
    expect(first?.headers?.['plain']).toEqual(Buffer.from([0xff, 0x00]));
    expect(String(first?.headers?.['twice'])).toBe('a,b');
    expect(String(first?.headers?.['constructor'])).toBe('c');
    expect(second).toMatchObject({ offset: 1, next: 2, key: null, value: null });
    expect(one.batches[0]?.end).toBe(2);
    expect(one.batches[0]?.epoch).toBe(one.owned.get(0)?.epoch);
  });

  it('keeps order and misses nothing while records come in', async () => {
    const config = await topicWith(300);
    const one = await start(config);
    for (let i = 300; i < 600; i += 100) await add(config.topic, i, 100);
    await until('all are read', () => one.records.length >= 600);
    expect(one.values()).toEqual(numbers(0, 600));
  });

  it('reads several topics and those that match a pattern, and never an excluded one', async () => {
    const prefix = uniqueName('pattern');
    const names = [`${prefix}.a`, `${prefix}.b`, `${prefix}.b.dead-letters`, uniqueName('other')];
    for (const name of names) {
      await createTopic(broker.brokers, name);
      await produce(broker.brokers, name, [{ value: name }]);
    }
    const one = await start({
      ...quickSource(broker),
      topics: [`/${prefix.replaceAll('.', '\\.')}\\..+/`, names[3] ?? ''],
      excludedTopics: [`${prefix}.b.dead-letters`],
      groupId: uniqueName('group'),
      from: 'earliest',
    });
    await until('three are read', () => one.records.length >= 3);
    expect(one.values().sort()).toEqual([names[0], names[1], names[3]].sort());
  });
});

describe.concurrent('pausing', () => {
  it('yields nothing of a paused partition and goes on where it stopped', async () => {
    const config = await topicWith(5);
    const one = await start(config);
    await until('the first are read', () => one.records.length === 5);
    one.source.pause([{ topic: config.topic, partition: 0 }]);
    await add(config.topic, 5, 5);
    await add(config.topic, 100, 1, 1);
    await until('another partition is read', () => one.values().includes('100'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(one.values()).toEqual([...numbers(0, 5), '100']);
    one.source.resume([{ topic: config.topic, partition: 0 }]);
    await until('the rest is read', () => one.records.length === 11);
    expect(one.values()).toEqual([...numbers(0, 5), '100', ...numbers(5, 5)]);
  });

  it('yields nothing more of a batch that was fetched before the pause', async () => {
    const config = await topicWith(0);
    const one = await start(config, () => one.source.pause([{ topic: config.topic, partition: 0 }]));
    for (let i = 0; i < 5; i++) await add(config.topic, i, 1);
    await until('one is read', () => one.batches.length > 0);
    const seen = one.records.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(one.records.length).toBe(seen);
  });

  it('stops reading when quiesced but can still commit', async () => {
    const config = await topicWith(3);
    const one = await start(config);
    await until('the first are read', () => one.records.length === 3);
    await one.source.quiesce();
    await add(config.topic, 3, 3);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(one.records.length).toBe(3);
    expect(await one.commitRead()).toBe('committed');
    expect((await committedOffsets(broker.brokers, config.groupId, config.topic)).get(0)).toBe(3);
  });
});

describe.concurrent('committing', () => {
  it('goes on from the commit after a restart, with nothing lost and nothing twice', async () => {
    const config = await topicWith(10);
    const first = await start(config);
    await until('all are read', () => first.records.length === 10);
    const epoch = first.owned.get(0)?.epoch ?? -1;
    const request = { topic: config.topic, partition: 0, offset: 7, epoch, metadata: 'clean' };
    expect(await first.source.commit([request])).toBe('committed');
    await first.source.stop();
    const second = await start(config);
    await until('the rest is read', () => second.records.length === 3);
    expect(second.values()).toEqual(['7', '8', '9']);
    expect(second.owned.get(0)).toMatchObject({ position: 7, metadata: 'clean' });
  });

  it('commits nothing by itself beyond the first positions', async () => {
    const config = await topicWith(10);
    const one = await start(config);
    await until('all are read', () => one.records.length === 10);
    await one.source.stop();
    expect([...(await committedOffsets(broker.brokers, config.groupId, config.topic)).values()]).toEqual([0, 0, 0, 0]);
  });

  it('refuses what belongs to another epoch and commits the rest', async () => {
    const config = await topicWith(10);
    const one = await start(config);
    await until('all are read', () => one.records.length === 10);
    const epoch = one.owned.get(0)?.epoch ?? -1;
    const at = (partition: number, offset: number, of: number) => ({
      topic: config.topic,
      partition,
      offset,
      epoch: of,
    });
    expect(await one.source.commit([at(0, 4, epoch), at(1, 0, epoch + 1), at(9, 5, epoch)])).toBe('fenced');
    expect((await committedOffsets(broker.brokers, config.groupId, config.topic)).get(0)).toBe(4);
    expect(await one.source.commit([])).toBe('committed');
  });

  it('says so when it was stopped, though kafkajs would do nothing in silence', async () => {
    const config = await topicWith(1);
    const one = await start(config);
    await until('it is read', () => one.records.length === 1);
    const epoch = one.owned.get(0)?.epoch ?? -1;
    await one.source.stop();
    expect(await one.source.commit([{ topic: config.topic, partition: 0, offset: 1, epoch }])).toBe('fenced');
    expect(one.source.ready()).toBe(false);
  });
});

describe.concurrent('rebalancing', () => {
  it('shares the partitions, keeps what stays under its epoch, and fences commits for what went', async () => {
    const config = await topicWith(20);
    for (const partition of [1, 2, 3]) await add(config.topic, partition * 100, 20, partition);
    const first = await start(config);
    await until('all are read', () => first.records.length === 80);
    const before = new Map(first.owned);
    first.source.pause([0, 1, 2, 3].map((partition) => ({ topic: config.topic, partition })));
    const second = await start(config);
    await until('two partitions moved', () => second.owned.size === 2 && first.owned.size === 2);
    expect([...first.owned.keys(), ...second.owned.keys()].sort()).toEqual([0, 1, 2, 3]);
    for (const [partition, { epoch }] of first.owned) expect(epoch).toBe(before.get(partition)?.epoch);
    const gone = [...before.values()].filter(({ partition }) => !first.owned.has(partition));
    const requests = gone.map(({ partition, epoch }) => ({ topic: config.topic, partition, epoch, offset: 20 }));
    expect(await first.source.commit(requests)).toBe('fenced');
    // Uncommitted, so the new owner reads them all; the kept ones are not read again, and stay paused.
    await until('the new owner has read them', () => second.records.length === 40);
    for (const partition of first.owned.keys()) await add(config.topic, 900 + partition, 1, partition);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(first.records.length).toBe(80);
    first.source.resume([...first.owned.values()]);
    await until('the kept ones go on', () => first.records.length === 82);
    expect(first.values().slice(80).sort()).toEqual(
      [...first.owned.keys()].map((partition) => `${900 + partition}`).sort(),
    );
    expect(await first.commitRead()).toBe('committed');
    // One leaves: the other gets everything, and goes on where each was committed.
    await second.commitRead();
    const kept = new Map(second.owned);
    await first.source.stop();
    await until('it has everything', () => second.owned.size === 4);
    for (const [partition, { epoch }] of kept) expect(second.owned.get(partition)?.epoch).toBe(epoch);
    expect(second.records.length).toBe(40);
    expect(second.failures).toEqual([]);
    expect(first.failures).toEqual([]);
  });
});

describe.concurrent('starting where a group has no position', () => {
  it('starts at the latest and fixes that for every partition at once', async () => {
    const config = await topicWith(5);
    const one = await start({ ...config, from: 'latest' });
    expect((await committedOffsets(broker.brokers, config.groupId, config.topic)).get(0)).toBe(5);
    await one.source.stop();
    await add(config.topic, 5, 2);
    const again = await start({ ...config, from: 'latest' });
    await until('the later ones are read', () => again.records.length === 2);
    expect(again.values()).toEqual(['5', '6']);
  });

  it('rule 4: gives all members of a new group the same start, also when they come together', async () => {
    const config = await topicWith(5);
    for (const partition of [1, 2, 3]) await add(config.topic, partition * 100, 5, partition);
    const both = await Promise.all([start({ ...config, from: 'latest' }), start({ ...config, from: 'latest' })]);
    await until('they have shared', () => both.every(({ owned }) => owned.size === 2));
    for (const partition of [0, 1, 2, 3]) await add(config.topic, 900 + partition, 1, partition);
    const values = () => both.flatMap((one) => one.values());
    await until('the new ones are read', () => values().length >= 4);
    expect(values().sort()).toEqual(['900', '901', '902', '903']);
  });

  // The embedded broker answers every time with the end of the partition.
  it('takes records whose times mean nothing for young, and says how many it passes over', onApacheKafka, async () => {
    // Or the broker, which looks every few minutes, would delete what says that it is of 1970.
    const config = await topicWith(0, { 'retention.ms': '-1' });
    const seconds = Math.floor(Date.now() / 1_000);
    await produce(broker.brokers, config.topic, [
      { partition: 0, value: 'seconds', timestamp: String(seconds) },
      { partition: 1, value: 'old', timestamp: String(Date.now() - 3_600_000) },
      { partition: 1, value: 'young' },
    ]);
    const one = await start({ ...config, from: { agoMillis: 120_000 } });
    await until('both are read', () => one.records.length === 2);
    expect(one.values().sort()).toEqual(['seconds', 'young']);
    expect(one.warnings).toMatchObject([
      { code: 'KAFKA_RECORDS_PASSED_OVER', message: expect.stringMatching(/up to 1 of its 3 records: .*hours ago/) },
    ]);
  });

  it('starts at a time, or at an age', onApacheKafka, async () => {
    const config = await topicWith(0);
    const now = Date.now();
    const messages = [3_600_000, 1_800_000, 60_000].map((age) => ({
      partition: 0,
      value: `${age}`,
      timestamp: `${now - age}`,
    }));
    for (const message of messages) await produce(broker.brokers, config.topic, [message]);
    const atTime = await start({ ...config, from: { timestamp: now - 2_000_000 } });
    const byAge = await start({ ...config, groupId: uniqueName('group'), from: { agoMillis: 120_000 } });
    await until('both have read', () => atTime.records.length > 0 && byAge.records.length > 0);
    expect(atTime.values()).toEqual(['1800000', '60000']);
    expect(byAge.values()).toEqual(['60000']);
  });

  it('rule 4: starts a partition without a commit at its earliest when others of the topic have one', async () => {
    const config = await topicWith(5);
    await add(config.topic, 100, 3, 1);
    const consumer = testClient(broker.brokers).consumer({
      groupId: config.groupId,
      sessionTimeout: 4_000,
      heartbeatInterval: 300,
      maxWaitTimeInMs: 50,
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [config.topic], fromBeginning: true });
    const read = Promise.withResolvers<void>();
    await consumer.run({ autoCommit: false, eachMessage: async () => read.resolve() });
    await read.promise;
    await consumer.commitOffsets([{ topic: config.topic, partition: 0, offset: '4' }]);
    await consumer.disconnect();
    const one = await start({ ...config, from: 'latest' });
    await until('both partitions are read', () => one.records.length === 4);
    expect(one.values().sort()).toEqual(['100', '101', '102', '4']);
  });
});
