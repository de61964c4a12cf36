import { afterEach, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, purchaseMappings, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  endOffsets,
  produce,
  readAll,
  uniqueName,
} from '../support/kafka-broker.ts';
import { lettersOnce } from '../support/letters-once.ts';
import { onApacheKafka } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';

let running: ConnectorProcess | undefined;
let sandbox: Sandbox | undefined;

afterEach(async () => {
  running?.kill('SIGKILL');
  await running?.exited;
  await sandbox?.close();
});

/** The embedded broker keeps everything, and says nothing of it. */
test(
  'DELIVERY 6: what a blocked lane holds becomes dead letters before the broker deletes it, and the offset moves on',
  onApacheKafka,
  async () => {
    const { brokers } = await brokerForTests();
    sandbox = createSandbox();
    const graph = await sandbox.listen();
    await fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'token_expired', match: { path: '1234567890' } }),
    });
    const topic = uniqueName('retention');
    const retentionMillis = 30_000;
    await createTopic(brokers, topic, { partitions: 2, settings: { 'retention.ms': String(retentionMillis) } });
    const records = Array.from({ length: 40 }, (_, index) => orderRecord(topic, index));
    const writtenAt = Date.now();
    await produce(brokers, topic, records);
    const mappings = purchaseMappings();
    const connector = startConnector({
      arguments: ['run', '--mappings', mappings],
      environment: {
        KAFKA_BROKERS: brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: '6000',
        META_GRAPH_URL: graph,
        RETENTION_MARGIN_MS: '3000',
      },
    });
    running = connector;
    const said = async (path: string) => (await fetch(`${connector.opsUrl()}${path}`)).text();
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    await expect.poll(() => said('/readyz')).toMatch(/the broker will delete the oldest held record in about 1 min/);
    const left = Number(/^meta_actions_retention_left_seconds (\d+)/m.exec(await said('/metrics'))?.[1]);
    expect(Math.abs(writtenAt + retentionMillis - Date.now() - left * 1000)).toBeLessThan(8_000);
    const letters = async () => lettersOnce(await readAll(brokers, `${topic}.dead-letters`));
    expect(await letters()).toEqual([]);

    await expect.poll(async () => (await letters()).length, { interval: 500 }).toBe(records.length);
    const codes = new Set((await letters()).map(({ headers }) => String(headers['meta-actions.code'])));
    expect(codes).toEqual(new Set(['RETENTION']));
    const earliest = Math.min(...(await letters()).map(({ timestamp }) => timestamp));
    expect(earliest - writtenAt).toBeLessThan(retentionMillis + 8_000);
    expect(earliest - writtenAt).toBeGreaterThan(retentionMillis - 5000);
    await expect.poll(() => committedOffsets(brokers, topic, topic)).toEqual(await endOffsets(brokers, topic));
  },
);
