import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purchaseMappings } from '../support/connector-process.ts';
import { brokerForTests, createTopic, type TestBroker, testClient, uniqueName } from '../support/kafka-broker.ts';
import { onApacheKafka } from '../support/needs.ts';
import { runProgram } from '../support/program.ts';
import { promptMillis } from '../support/prompt.ts';

/** Wrong credentials and missing permissions are in kafka-security.test.ts, whose broker asks for them. */
describe('a start that can not succeed ends with 1 within 15 s, names the setting and shows no stack', () => {
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => broker?.stop());

  async function refuses(given: Readonly<Record<string, string>>, code: string, text: RegExp): Promise<void> {
    const startedAt = Date.now();
    const finished = await runProgram(['run', '--mappings', purchaseMappings()], {
      environment: {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_GROUP_ID: uniqueName('bad-start'),
        META_ACCESS_TOKEN: 'bad-start-token',
        META_GRAPH_URL: 'http://127.0.0.1:9',
        ...given,
      },
    });
    expect(finished.stderr).toContain(`[${code}]`);
    expect(finished.stderr).toMatch(text);
    expect(finished.stderr).not.toMatch(/^ {4}at /m);
    expect(finished.code).toBe(1);
    const took = Date.now() - startedAt;
    expect(took).toBeLessThan(await promptMillis());
  }

  test('nobody listens where the broker should be', async () => {
    await refuses({ KAFKA_BROKERS: '127.0.0.1:9', KAFKA_TOPICS: 'any' }, 'KAFKA_UNREACHABLE', /KAFKA_BROKERS/);
  });

  test('what listens there never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await refuses({ KAFKA_BROKERS: `127.0.0.1:${port}`, KAFKA_TOPICS: 'any' }, 'KAFKA_UNREACHABLE', /KAFKA_BROKERS/);
    silent.close();
  });

  test('its name is known to nobody', async () => {
    await refuses({ KAFKA_BROKERS: 'broker.invalid:9092', KAFKA_TOPICS: 'any' }, 'KAFKA_UNREACHABLE', /KAFKA_BROKERS/);
  });

  test('the topic is missing', async () => {
    await refuses(
      { KAFKA_TOPICS: uniqueName('missing') },
      'KAFKA_TOPIC_MISSING',
      /KAFKA_TOPICS: the topic missing\.\S+ doesn't exist/,
    );
  });

  // The embedded broker lets any program into any group.
  test('another program is in the group', onApacheKafka, async () => {
    const topic = uniqueName('shared');
    await createTopic(broker.brokers, topic, { partitions: 1 });
    const groupId = uniqueName('theirs');
    const other = testClient(broker.brokers).consumer({ groupId, maxWaitTimeInMs: 50 });
    await other.connect();
    await other.subscribe({ topics: [topic] });
    const joined = new Promise((resolve) => other.on(other.events.GROUP_JOIN, resolve));
    await other.run({ eachMessage: async () => undefined });
    await joined;
    await refuses({ KAFKA_TOPICS: topic, KAFKA_GROUP_ID: groupId }, 'KAFKA_GROUP_IN_USE', /KAFKA_GROUP_ID/);
    await other.disconnect();
  });
});
