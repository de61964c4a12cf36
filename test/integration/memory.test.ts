import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { type ConnectorProcess, purchaseMappings, startConnector } from '../support/connector-process.ts';
import { brokerForTests, createTopic, produce, type TestBroker, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';

/** A backlog to drain; the embedded broker keeps too little for a long one. */
const external = process.env['KAFKA_BROKERS'] !== undefined;
const count = external ? 200_000 : 8000;
const people = 150_000;
const residentLimit = 300 * 1024 * 1024;

/** The exit code, and the most resident memory that was seen before. */
async function ended(connector: ConnectorProcess): Promise<{ readonly code: number | null; readonly peak: number }> {
  let peak = 0;
  let running = true;
  const sampling = (async () => {
    while (running) {
      const bytes = await connector.residentBytes();
      if (bytes !== undefined && !Number.isNaN(bytes)) peak = Math.max(peak, bytes);
      await sleep(100);
    }
  })();
  const code = await connector.exited;
  running = false;
  await sampling;
  return { code, peak };
}

describe(`a backlog of ${count} events`, () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    broker = await brokerForTests();
    sandbox = createSandbox({ keepRequests: 10, keepEvents: 10 });
    graph = await sandbox.listen();
  }, 120_000);

  afterAll(async () => {
    await sandbox.close();
    await broker.stop();
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

describe(`a file of ${people} people for an audience`, () => {
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    sandbox = createSandbox({ keepRequests: 10, audiences: [{ id: '1', accountId: '77', name: 'members' }] });
    graph = await sandbox.listen();
  });

  afterAll(() => sandbox.close());

  const personEvent = (index: number) => ({
    type: 'identify',
    messageId: `m-${index}`,
    userId: `customer-${index}`,
    traits: {
      email: `person.${index}@shop.example`,
      phone: `+1${6_500_000_000 + index}`,
      firstName: `Ada${index % 977}`,
      lastName: `Example${index % 1013}`,
      address: { city: 'San Francisco', state: 'CA', postalCode: '94103', country: 'US' },
    },
  });

  function* lines(): Generator<string> {
    for (let index = 0; index < people; index++) yield `${JSON.stringify(personEvent(index))}\n`;
  }

  test('is sent with flat memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'people-'));
    const file = join(folder, 'people.ndjson');
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const mappings = audienceMappings({ batch: {} }, { audience_id: '1', membership: 'add' });
    const letters = `file:${join(folder, 'letters.ndjson')}`;
    const connector = startConnector({
      arguments: ['run', '--mappings', mappings, '--source', `file:${file}`, '--dead-letters', letters, '--once'],
      environment: { META_GRAPH_URL: graph },
    });
    const { code, peak } = await ended(connector);
    expect([code, code === 0 ? '' : connector.log()]).toEqual([0, '']);
    expect(sandbox.state.members('1').size).toBe(people);
    console.log(`sent ${people} people: peak resident memory ${Math.round(peak / 1024 / 1024)} MB`);
    expect(peak).toBeLessThan(residentLimit);
  }, 300_000);
});
