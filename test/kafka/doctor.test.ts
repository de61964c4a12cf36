import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaFindings } from '../../src/cli/doctor/kafka-findings.ts';
import { readSettings } from '../../src/config/environment.ts';
import { brokerForTests, createTopic, type TestBroker, uniqueName } from '../support/kafka-broker.ts';
import { onApacheKafka } from '../support/needs.ts';

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
