import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asAdmin,
  brokerForTests,
  createTopic,
  quickSource,
  type TestBroker,
  testClient,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { join, member, startMember } from '../../support/kafka-member.ts';
import { onApacheKafka } from '../../support/needs.ts';

let broker: TestBroker;
let topic: string;

beforeAll(async () => {
  broker = await brokerForTests();
  topic = uniqueName('start');
  await createTopic(broker.brokers, topic);
});
afterAll(() => broker?.stop());

const config = () => ({ ...quickSource(broker), topics: [topic], groupId: uniqueName('group') });

describe.concurrent('starting', () => {
  it('DELIVERY 24: a partition is fresh until somebody commits; then it has what they said', async () => {
    const place = config();
    for (let time = 0; time < 2; time++) {
      const early = await startMember(place);
      expect([...early.owned.values()].map(({ fresh }) => fresh)).toEqual([...early.owned].map(() => true));
      await early.source.stop();
    }
    const one = await startMember(place);
    const [first, second] = [...one.owned.values()].sort((a, b) => a.partition - b.partition);
    const commit = ({ topic: of, partition, position, epoch }: NonNullable<typeof first>) => ({
      topic: of,
      partition,
      epoch,
      offset: position,
    });
    if (first === undefined || second === undefined) expect.fail('too few partitions');
    await one.source.commit([{ ...commit(first), metadata: 'said' }, commit(second)]);
    await one.source.stop();
    const next = await startMember(place);
    const { fresh, metadata } = next.owned.get(first.partition) ?? {};
    expect([fresh, metadata]).toEqual([undefined, 'said']);
    const unsaid = next.owned.get(second.partition);
    expect([unsaid?.fresh, unsaid?.metadata || undefined]).toEqual([undefined, undefined]);
    const others = [...next.owned.values()].sort((a, b) => a.partition - b.partition).slice(2);
    expect(others.map((other) => other.fresh)).toEqual(others.map(() => true));
    await next.source.stop();
  });

  it('names KAFKA_BROKERS when nothing answers there', async () => {
    const one = member({ ...config(), brokers: ['127.0.0.1:1'] });
    await expect(join(one)).rejects.toMatchObject({
      name: 'ConnectorError',
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining('KAFKA_BROKERS'),
    });
    expect(one.source.ready()).toBe(false);
    await one.source.stop();
  });

  it('names KAFKA_TOPICS when a topic is missing, and does not create it', async () => {
    const missing = uniqueName('missing');
    await expect(join(member({ ...config(), topics: [topic, missing] }))).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_MISSING',
      message: expect.stringMatching(`KAFKA_TOPICS.*${missing}`),
    });
    expect(await asAdmin(broker.brokers, (admin) => admin.listTopics())).not.toContain(missing);
  });

  it('names the pattern when nothing matches it, or when it is none', async () => {
    await expect(join(member({ ...config(), topics: ['/nothing-like-this/'] }))).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_MISSING',
      message: expect.stringContaining('/nothing-like-this/'),
    });
    await expect(join(member({ ...config(), topics: ['/(/'] }))).rejects.toMatchObject({ code: 'KAFKA_TOPICS' });
  });

  it('refuses to read the dead-letter topic', async () => {
    await expect(join(member({ ...config(), excludedTopics: [topic] }))).rejects.toMatchObject({
      code: 'KAFKA_TOPICS',
    });
  });

  it('names the credentials when the broker takes none of that kind', async () => {
    const sasl = { mechanism: 'plain', username: 'u', password: { read: () => 'wrong' } } as const;
    await expect(join(member({ ...config(), sasl }))).rejects.toMatchObject({
      message: expect.stringMatching(/KAFKA_SASL_/),
    });
  });

  it('names KAFKA_SSL when the broker speaks no TLS', async () => {
    await expect(join(member({ ...config(), ssl: true }))).rejects.toMatchObject({
      message: expect.stringContaining('KAFKA_SSL'),
    });
  });

  it('resolves when it is stopped before it has joined', async () => {
    const one = member(config());
    const starting = join(one);
    await one.source.stop();
    await starting;
    expect(one.owned.size).toBe(0);
  });

  // The embedded broker lets any program into any group.
  it('names KAFKA_GROUP_ID when another program is in the group', onApacheKafka, async () => {
    const mine = config();
    const other = testClient(broker.brokers).consumer({ groupId: mine.groupId, maxWaitTimeInMs: 50 });
    await other.connect();
    await other.subscribe({ topics: [topic] });
    const joined = new Promise((resolve) => other.on(other.events.GROUP_JOIN, resolve));
    await other.run({ eachMessage: async () => undefined });
    await joined;
    await expect(join(member(mine))).rejects.toMatchObject({
      code: 'KAFKA_GROUP_IN_USE',
      message: expect.stringContaining('KAFKA_GROUP_ID'),
    });
    await other.disconnect();
  });
});
