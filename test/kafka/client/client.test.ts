import type { Admin } from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { withAdmin } from '../../../src/kafka/client/client.ts';
import { createTopic, embeddedBroker, produce, uniqueName } from '../../support/kafka-broker.ts';
import { settlingBroker } from './settling-broker.ts';

const leaderNotAvailable = 5;
const notLeader = 6;
const loadInProgress = 14;
const coordinatorNotAvailable = 15;
const notCoordinator = 16;
const topicRefused = 29;
const notYet = 78;

// On the embedded broker always: no cluster gets into this state when it is asked to.
describe.concurrent('a request to a cluster that is still settling who leads', () => {
  const stops: (() => Promise<void>)[] = [];

  afterAll(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function setUp() {
    const embedded = await embeddedBroker();
    const broker = await settlingBroker(embedded.brokers);
    stops.push(broker.stop, embedded.stop);
    const topic = uniqueName('settling');
    const { brokers } = broker;
    await createTopic(brokers, topic);
    await produce(brokers, topic, [{ partition: 1, value: 'x' }]);
    const ask = <T>(work: (admin: Admin) => Promise<T>) =>
      withAdmin({ brokers, clientId: 'tests' }, () => undefined, { brokers, topics: [topic] }, work);
    return { broker, topic, ask };
  }

  it('is sent again until every partition is led', async () => {
    const { broker, topic, ask } = await setUp();
    broker.refuse('listOffsets', [notLeader, leaderNotAvailable, notYet]);
    const ranges = await ask((admin) => admin.fetchTopicOffsets(topic));
    expect(ranges.map(({ partition, high }) => [partition, high]).sort()).toEqual([
      [0, '0'],
      [1, '1'],
      [2, '0'],
      [3, '0'],
    ]);
  });

  it('is sent again until the group has a coordinator that knows it', async () => {
    const { broker, topic, ask } = await setUp();
    broker.refuse('offsetFetch', [notCoordinator, loadInProgress, coordinatorNotAvailable]);
    const [found] = await ask((admin) => admin.fetchOffsets({ groupId: uniqueName('group'), topics: [topic] }));
    expect(found?.partitions).toHaveLength(4);
  });

  it('is not sent again when the answer is another error', async () => {
    const { broker, topic, ask } = await setUp();
    const before = broker.answers('listOffsets');
    broker.refuse('listOffsets', [topicRefused]);
    await expect(ask((admin) => admin.fetchTopicOffsets(topic))).rejects.toMatchObject({ code: 'KAFKA_TOPIC_REFUSED' });
    expect(broker.answers('listOffsets')).toBe(before + 1);
  });

  it('fails after 10 s with what the cluster said', async () => {
    const { broker, topic, ask } = await setUp();
    broker.refuse(
      'listOffsets',
      Array.from({ length: 1_000 }, () => notLeader),
    );
    const startedAt = performance.now();
    await expect(ask((admin) => admin.fetchTopicOffsets(topic))).rejects.toMatchObject({
      name: 'ConnectorError',
      message: expect.stringContaining('not the leader'),
    });
    expect(performance.now() - startedAt).toBeGreaterThan(8_000);
  });
});
