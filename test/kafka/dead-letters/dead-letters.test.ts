import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import type { SourceRecord } from '../../../src/core/record.ts';
import { type KafkaDeadLetterConfig, createKafkaDeadLetters } from '../../../src/kafka/dead-letters/dead-letters.ts';
import {
  brokerForTests,
  createTopic,
  readAll,
  type TestBroker,
  topicSettings,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { isOnApacheKafka, onApacheKafka } from '../../support/needs.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

function record(over: Partial<SourceRecord> = {}): SourceRecord {
  return {
    topic: 'shop.events',
    partition: 3,
    offset: 41,
    next: 42,
    timestamp: 1_700_000_000_123,
    key: Buffer.from([0x00, 0xff]),
    value: Buffer.from([0xc3, 0x28, 0x00]),
    headers: undefined,
    ...over,
  };
}

function letter(over: Partial<DeadLetter> = {}): DeadLetter {
  return {
    record: record(),
    failure: { code: 'INVALID_FIELD', message: 'value is missing' },
    at: 1_800_000_000_000,
    ...over,
  };
}

function queue(topic: string, over: Partial<KafkaDeadLetterConfig> = {}) {
  const warnings: string[] = [];
  const config = { brokers: broker.brokers, clientId: 'tests', topic, ...over };
  const letters = createKafkaDeadLetters(config, { warn: (code) => void warnings.push(code) });
  return { letters, warnings };
}

async function written(letters: readonly DeadLetter[], over: Partial<KafkaDeadLetterConfig> = {}) {
  const topic = uniqueName('letters');
  const made = queue(topic, over);
  await made.letters.open();
  await made.letters.write(letters);
  await made.letters.close();
  return readAll(broker.brokers, topic);
}

const text = (value: unknown) => String(value);

describe.concurrent('dead letters in a topic', () => {
  it('rule 32: keep key, value and headers byte for byte, and tell where, when and why', async () => {
    const headers = {
      trace: Buffer.from([0xff, 0x00]),
      empty: Buffer.alloc(0),
      twice: [Buffer.from('a'), Buffer.from([0xfe])],
    };
    const [read] = await written([
      letter({
        record: record({ headers }),
        destination: 'web-store',
        subscription: 'Orders',
        action: 'purchase',
        eventId: 'm-1',
        attempts: 3,
        failure: { code: 'META_100', message: 'refused', field: 'value', meta: { status: 400, fbtraceId: 'F1' } },
      }),
    ]);
    expect(read?.key).toEqual(Buffer.from([0x00, 0xff]));
    expect(read?.value).toEqual(Buffer.from([0xc3, 0x28, 0x00]));
    expect(read?.headers['trace']).toEqual(headers.trace);
    expect(read?.headers['empty']).toEqual(headers.empty);
    expect(read?.headers['twice']).toEqual(headers.twice);
    expect(Math.abs((read?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    const told = Object.fromEntries(
      Object.entries(read?.headers ?? {}).flatMap(([key, value]) => (key in headers ? [] : [[key, text(value)]])),
    );
    expect(told).toEqual({
      '__connect.errors.topic': 'shop.events',
      '__connect.errors.partition': '3',
      '__connect.errors.offset': '41',
      '__connect.errors.connector.name': 'meta-actions',
      '__connect.errors.task.id': '0',
      '__connect.errors.stage': 'TASK_PUT',
      '__connect.errors.class.name': 'purchase',
      '__connect.errors.exception.class.name': 'META_100',
      '__connect.errors.exception.message': 'refused',
      '__connect.errors.exception.stacktrace': 'META_100: refused',
      'meta-actions.code': 'META_100',
      'meta-actions.message': 'refused',
      'meta-actions.field': 'value',
      'meta-actions.destination': 'web-store',
      'meta-actions.subscription': 'Orders',
      'meta-actions.action': 'purchase',
      'meta-actions.topic': 'shop.events',
      'meta-actions.partition': '3',
      'meta-actions.offset': '41',
      'meta-actions.timestamp': '1700000000123',
      'meta-actions.attempts': '3',
      'meta-actions.event-id': 'm-1',
      'meta-actions.fbtrace-id': 'F1',
      'meta-actions.http-status': '400',
      'meta-actions.at': '1800000000000',
      'meta-actions.hops': '0',
    });
  });

  it('keep a tombstone and a missing key as they are', async () => {
    const [read] = await written([letter({ record: record({ key: null, value: null }) })]);
    expect(read?.key).toBeNull();
    expect(read?.value).toBeNull();
  });

  it('rule 32: leave out a value that is too large and tell its SHA-256', async () => {
    const value = Buffer.alloc(3_000_000, 7);
    const [read] = await written([letter({ record: record({ value }) })]);
    if (isOnApacheKafka) {
      expect(read?.value).toEqual(Buffer.alloc(0));
      expect(text(read?.headers['meta-actions.value-omitted'])).toBe('true');
      expect(text(read?.headers['meta-actions.value-bytes'])).toBe('3000000');
      expect(text(read?.headers['meta-actions.value-sha256'])).toBe(createHash('sha256').update(value).digest('hex'));
      expect(read?.key).toEqual(Buffer.from([0x00, 0xff]));
    } else {
      expect(read?.value?.equals(value)).toBe(true);
    }
  });

  it('write many, also more than one request takes, and all of them', async () => {
    const value = Buffer.alloc(40_000, 65);
    const letters = Array.from({ length: 100 }, (_, offset) =>
      letter({ record: record({ offset, value, key: null }) }),
    );
    const read = await written(letters);
    const offsets = read.map(({ headers }) => Number(text(headers['meta-actions.offset'])));
    // At least once: an answer that was lost on its way makes the client write a part again.
    expect([...new Set(offsets)].sort((a, b) => a - b)).toEqual(letters.map((_, i) => i));
  });

  it('reject when nothing was acknowledged', async () => {
    const { letters } = queue(uniqueName('letters'));
    await expect(letters.write([letter()])).rejects.toMatchObject({ code: 'DEAD_LETTERS_UNWRITABLE' });
  });

  it('do not open without a broker', async () => {
    const { letters } = queue('any', { brokers: ['127.0.0.1:1'] });
    await expect(letters.open()).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
  });

  it('do not go into a topic that is read', async () => {
    const topic = uniqueName('letters');
    await createTopic(broker.brokers, topic);
    const { letters } = queue(topic, { sourceTopics: [topic] });
    await expect(letters.open()).rejects.toMatchObject({ code: 'KAFKA_TOPICS' });
  });

  it('rule 32: create a topic that keeps everything and holds the largest source record', onApacheKafka, async () => {
    const source = uniqueName('source');
    await createTopic(broker.brokers, source, { settings: { 'max.message.bytes': '5000000' } });
    const topic = uniqueName('letters');
    const { letters, warnings } = queue(topic, { sourceTopics: [source], partitions: 2, replicationFactor: 1 });
    await letters.open();
    const value = Buffer.alloc(4_900_000, 7);
    await letters.write([letter({ record: record({ value }) }), letter()]);
    await letters.close();
    expect(await topicSettings(broker.brokers, topic)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'max.message.bytes': String(5_000_000 + 1024 * 1024),
    });
    const read = await readAll(broker.brokers, topic);
    expect(new Set(read.map((one) => one.value?.length))).toEqual(new Set([3, 4_900_000]));
    const again = queue(topic, { sourceTopics: [source] });
    await again.letters.open();
    await again.letters.close();
    expect([...warnings, ...again.warnings]).toEqual([]);
  });

  it('rule 32: refuse a compacted topic and warn of a finite retention', onApacheKafka, async () => {
    const compacted = uniqueName('letters');
    await createTopic(broker.brokers, compacted, { settings: { 'cleanup.policy': 'compact' } });
    await expect(queue(compacted).letters.open()).rejects.toMatchObject({
      code: 'DEAD_LETTER_TOPIC',
      message: expect.stringContaining('KAFKA_DEAD_LETTER_TOPIC'),
    });
    const finite = uniqueName('letters');
    await createTopic(broker.brokers, finite);
    const { letters, warnings } = queue(finite, { sourceTopics: [compacted] });
    await letters.open();
    await letters.close();
    expect(warnings).toEqual(['DEAD_LETTER_RETENTION', 'DEAD_LETTER_SIZE']);
  });

  it('say why the topic can not be created', onApacheKafka, async () => {
    const { letters } = queue(uniqueName('letters'), { replicationFactor: 9 });
    await expect(letters.open()).rejects.toMatchObject({
      code: 'DEAD_LETTER_TOPIC',
      message: expect.stringMatching(/KAFKA_DEAD_LETTER_TOPIC.*INVALID_REPLICATION_FACTOR/),
    });
  });
});
