import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaFindings } from '../../src/cli/doctor/kafka-findings.ts';
import { readSettings } from '../../src/config/environment.ts';
import { brokerForTests, createTopic, type TestBroker, uniqueName } from '../support/kafka-broker.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { onApacheKafka } from '../support/needs.ts';
import { runProgram } from '../support/program.ts';
import { registryServer } from '../support/registry-server.ts';

const shop = {
  name: 'shop',
  settings: { pixel_id: '1234567890', ad_account_id: '55', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [
    { name: 'Orders', action: 'purchase' },
    {
      name: 'Buyers',
      action: 'sync-audience',
      trigger: 'type = "track"',
      mapping: { audience_id: '120200000000000001' },
    },
  ],
};
let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

async function looked(topic: string, more: Readonly<Record<string, string>> = {}) {
  const KAFKA_BROKERS = broker.brokers.join(',');
  return kafkaFindings(readSettings({ KAFKA_BROKERS, KAFKA_TOPICS: topic, KAFKA_GROUP_ID: topic, ...more }));
}

const statuses = (found: Awaited<ReturnType<typeof looked>>) =>
  Object.fromEntries(found.map(({ check, status, code }) => [check, code ?? status]));

describe.concurrent('doctor, of the broker', () => {
  it('finds nothing wrong where nothing is, and creates nothing', async () => {
    const topic = uniqueName('doctor');
    await createTopic(broker.brokers, topic, { partitions: 2 });
    const found = await looked(topic);
    expect(statuses(found)).toEqual({
      broker: 'ok',
      topics: 'ok',
      'consumer group': 'ok',
      'dead-letter topic': 'ok',
    });
    expect((await looked(topic)).map(({ message }) => message)).toEqual(found.map(({ message }) => message));
    expect(found.at(-1)?.message).toContain("isn't there yet");
  });

  it('finds all well with a broker, a registry and Meta, and run --check says the same', async () => {
    const topic = uniqueName('doctor-well');
    await createTopic(broker.brokers, topic, { partitions: 1 });
    const folder = mkdtempSync(join(tmpdir(), 'doctor-well-'));
    const sandbox = createSandbox({ audiences: [{ id: '120200000000000001', accountId: '55' }] });
    const registry = await registryServer({});
    try {
      writeFileSync(join(folder, 'shop.json'), JSON.stringify(shop));
      writeFileSync(join(folder, 'sources'), JSON.stringify({ topics: { [topic]: { format: 'avro' } } }));
      const environment = {
        ...{ KAFKA_BROKERS: broker.brokers.join(','), KAFKA_TOPICS: topic, KAFKA_GROUP_ID: topic },
        ...{ SOURCES: join(folder, 'sources'), SCHEMA_REGISTRY_URL: registry.url, NO_PROXY: '*' },
        ...{ META_GRAPH_URL: await sandbox.listen(), META_ACCESS_TOKEN: 'a-token-that-works' },
      };
      for (const command of [['doctor'], ['run', '--check']]) {
        const { code, stdout } = await runProgram([...command, '--mappings', folder], { environment });
        expect(stdout).toContain('0 failures, 0 warnings');
        expect(stdout.match(/^ok/gm)).toHaveLength(15);
        expect(code).toBe(0);
      }
      const own = ['--destination', 'shop', '--dead-letters', `topic:${topic}.letters`];
      const run = await runProgram(['run', '--check', ...own, '--mappings', folder], { environment });
      expect(run.stdout).toMatch(new RegExp(`^ok +consumer group: ${topic}-shop: `, 'm'));
      expect(run.stdout).toMatch(new RegExp(`^ok +dead-letter topic: ${topic}\\.letters `, 'm'));
      const elsewhere = async (place: string) =>
        statuses(await kafkaFindings(readSettings(environment), place))['dead-letter topic'];
      expect([await elsewhere('file:letters'), await elsewhere('letters')]).toEqual(['skipped', 'USAGE']);
      const told = statuses(await looked(topic));
      expect(told['dead-letter topic']).toBe('ok');
      expect(sandbox.state.summary().events.accepted).toBe(0);
    } finally {
      await Promise.all([sandbox.close(), registry.close()]);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names a topic that is missing', async () => {
    const found = await looked(uniqueName('doctor-missing'));
    expect(statuses(found)).toMatchObject({ topics: 'KAFKA_TOPIC_MISSING', 'consumer group': 'skipped' });
  });

  it('names a broker that is away, and looks at nothing behind it', async () => {
    const found = await looked('any', { KAFKA_BROKERS: '127.0.0.1:9' });
    expect(statuses(found)).toEqual({
      broker: 'KAFKA_UNREACHABLE',
      topics: 'skipped',
      'consumer group': 'skipped',
      'dead-letter topic': 'skipped',
    });
  });

  it('names a setting that is missing', async () => {
    const found = await kafkaFindings(readSettings({}));
    expect(found).toMatchObject([{ check: 'broker', status: 'failure', code: 'SETTING_MISSING' }]);
  });

  it('names a dead-letter topic that would lose letters, and one that forgets', onApacheKafka, async () => {
    const topic = uniqueName('doctor-letters');
    await createTopic(broker.brokers, topic, { partitions: 1 });
    await createTopic(broker.brokers, `${topic}-compacted`, {
      partitions: 1,
      settings: { 'cleanup.policy': 'compact' },
    });
    await createTopic(broker.brokers, `${topic}-short`, { partitions: 1, settings: { 'retention.ms': '86400000' } });
    const of = async (name: string) => statuses(await looked(topic, { KAFKA_DEAD_LETTER_TOPIC: `${topic}-${name}` }));
    expect(await of('compacted')).toMatchObject({ 'dead-letter topic': 'DEAD_LETTER_TOPIC' });
    expect(await of('short')).toMatchObject({ 'dead-letter topic': 'DEAD_LETTER_RETENTION' });
  });
});
