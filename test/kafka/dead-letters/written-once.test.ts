import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPartitionProducer } from '../../../src/kafka/client/partition-producer.ts';
import { createKafkaDeadLetters } from '../../../src/kafka/dead-letters/dead-letters.ts';
import { brokerForTests, createTopic, readAll, type TestBroker, uniqueName } from '../../support/kafka-broker.ts';
import { settlingBroker } from '../client/settling-broker.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

/** Errors of the protocol guide: one that the client tries again by itself, and one that ends the write. */
const notLeader = 6;
const notAuthorized = 29;
/** A message is larger than its topic takes, and a batch than its segments. */
const messageTooLarge = 10;
const recordListTooLarge = 18;

const letters = Array.from({ length: 40 }, (_, offset) => ({
  record: {
    ...{ topic: 'shop.events', partition: 0, offset, next: offset + 1, timestamp: 1_700_000_000_000 },
    ...{ key: Buffer.from(`user-${offset}`), value: Buffer.from('{}'), headers: undefined },
  },
  failure: { code: 'INVALID_FIELD', message: 'value is missing' },
  at: 1_800_000_000_000,
}));

describe('dead letters, one partition of which is refused once', () => {
  it.each([
    ['for a moment', notLeader, 0],
    ['for good', notAuthorized, 1],
  ])('are written twice in no other partition (%s)', async (_, error, failures) => {
    const [address = ''] = broker.brokers;
    const between = await settlingBroker(address);
    const topic = uniqueName('letters');
    const partitions = await createTopic(broker.brokers, topic, { partitions: 4 });
    const queue = createKafkaDeadLetters(
      { brokers: between.brokers, clientId: 'tests', topic },
      { warn: () => undefined },
    );
    let failed = 0;
    try {
      await queue.open();
      between.refuse('produce', [error]);
      const write = () => queue.write(letters).catch(() => void failed++);
      await write();
      if (failed > 0) await write();
    } finally {
      await queue.close();
      await between.stop();
    }
    expect(failed).toBe(failures);
    const read = await readAll(broker.brokers, topic);
    const written = read.map(({ partition, key }) => ({ partition, key: String(key) }));
    expect(new Set(written.map(({ key }) => key)).size).toBe(letters.length);
    const twice = written.filter(({ key }, at) => written.findIndex((other) => other.key === key) !== at);
    // The refused one had taken them: only its answer was changed.
    expect([partitions, new Set(twice.map(({ partition }) => partition)).size]).toEqual([4, 1]);
  });
});

describe('a dead letter whose size is refused', () => {
  async function writtenAfter(errors: readonly number[]) {
    const [address = ''] = broker.brokers;
    const between = await settlingBroker(address);
    const topic = uniqueName('letters');
    await createTopic(broker.brokers, topic);
    const queue = createKafkaDeadLetters(
      { brokers: between.brokers, clientId: 'tests', topic },
      { warn: () => undefined },
    );
    try {
      await queue.open();
      between.refuse('produce', errors);
      await queue.write(letters.slice(0, 1));
    } finally {
      await queue.close();
      await between.stop();
    }
    // What was refused is there: only its answer was changed.
    return (await readAll(broker.brokers, topic)).at(-1);
  }

  it.each([messageTooLarge, recordListTooLarge])('is written with less of its record each time (%i)', async (error) => {
    const read = await writtenAfter([error, error, error]);
    expect([read?.key, String(read?.value), String(read?.headers['meta-actions.offset'])]).toEqual([null, '', '0']);
  });

  it('says what to raise where not even its position is taken', async () => {
    const errors = Array.from({ length: 4 }, () => recordListTooLarge);
    await expect(writtenAfter(errors)).rejects.toMatchObject({
      code: 'DEAD_LETTERS_UNWRITABLE',
      message: expect.stringMatching(/position and a reason, \d+ bytes.*raise max\.message\.bytes/),
    });
  });
});

it('records for a partition that the topic no longer has are not taken for written', async () => {
  const topic = uniqueName('fewer');
  const partitions = await createTopic(broker.brokers, topic);
  const producer = createPartitionProducer({ brokers: broker.brokers, clientId: 'tests' }, () => undefined);
  await producer.connect();
  try {
    expect(await producer.send(topic, partitions - 1, [{ value: 'a' }, { value: 'b' }])).toBe(2);
    await expect(producer.send(topic, partitions, [{ value: 'c' }])).rejects.toThrow('no partition');
  } finally {
    await producer.disconnect();
  }
});
