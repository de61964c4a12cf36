import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { brokerForTests, createTopic, produce, type TestBroker, uniqueName } from '../support/kafka-broker.ts';
import { isOnApacheKafka } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';
import { ended, residentLimit } from '../support/resident-memory.ts';

/** A backlog to drain; the embedded broker keeps too little for a long one. */

const count = isOnApacheKafka ? 200_000 : 8000;

describe(`a backlog of ${count} events`, () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    broker = await brokerForTests();
    sandbox = createSandbox({ keepRequests: 10, keepEvents: 10 });
    graph = await sandbox.listen();
  });

  afterAll(async () => {
    await sandbox.close();
    await broker?.stop();
  });

  test('is drained with flat memory', async () => {
    const topic = uniqueName('backlog');
    await createTopic(broker.brokers, topic, { partitions: 6 });
    let valid = 0;
    for (let start = 0; start < count; start += 2000) {
      const portion = Array.from({ length: 2000 }, (_, index) => orderRecord(topic, start + index));
      valid += portion.filter(({ eventId }) => eventId !== undefined).length;
      await produce(broker.brokers, topic, portion);
    }
    const connector = startConnector({
      arguments: ['run', '--mappings', purchaseMappings(), '--once'],
      environment: {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '10000',
        META_GRAPH_URL: graph,
      },
    });
    const { code, peak } = await ended(connector);
    expect([code, code === 0 ? '' : connector.log()]).toEqual([0, '']);
    expect(sandbox.state.summary().events.unique).toBe(valid);
    console.log(`drained ${count} events: peak resident memory ${Math.round(peak / 1024 / 1024)} MB`);
    expect(peak).toBeLessThan(residentLimit);
  }, 300_000);
});
