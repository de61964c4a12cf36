import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from '../../../src/api/dead-letters/browse.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import type { DeadLetterBrowser, DeadLetterCursor } from '../../../src/core/dead-letter-browser.ts';
import { deadLetterKey } from '../../../src/core/dead-letter-key.ts';
import { createKafkaDeadLetterArchive } from '../../../src/kafka/dead-letters/dead-letter-archive.ts';
import { createKafkaDeadLetterBrowser } from '../../../src/kafka/dead-letters/dead-letter-browser.ts';
import { messageOfDeadLetter } from '../../../src/kafka/dead-letters/dead-letter-message.ts';
import { brokerForTests, createTopic, produce, type TestBroker, uniqueName } from '../../support/kafka-broker.ts';

const count = 700;
const { signal } = new AbortController();
let broker: TestBroker;
let topic: string;
let browser: DeadLetterBrowser;

function deadLetterOf(at: number): DeadLetter {
  const value = Buffer.from(JSON.stringify({ type: 'track', messageId: `m-${at}`, properties: { n: at } }));
  return {
    record: {
      ...{ topic: 'events', partition: 0, offset: at, next: at + 1, timestamp: 1_000 },
      ...{ key: null, value, headers: undefined },
    },
    failure: { code: at % 100 === 0 ? 'RARE' : 'USUAL', message: 'no' },
    destination: 'shop',
    subscription: 'Orders',
    at: 1_000_000 + at,
  };
}

beforeAll(async () => {
  broker = await brokerForTests();
  topic = uniqueName('letters');
  await createTopic(broker.brokers, topic, { partitions: 3 });
  const writer = { connectorName: 'c', taskId: '0' };
  const messages = Array.from({ length: count }, (_, at) => {
    const message = messageOfDeadLetter(deadLetterOf(at), writer, 'all');
    return { ...message, partition: at % 3 };
  });
  await produce(broker.brokers, topic, [...messages.slice(0, 300), { value: 'of somebody else', partition: 1 }]);
  await produce(broker.brokers, topic, messages.slice(300));
  browser = createKafkaDeadLetterBrowser({ brokers: broker.brokers, clientId: 'test', topic });
});
afterAll(async () => {
  await browser?.close();
  await broker?.stop();
});

const page = (most: number, cursor?: DeadLetterCursor, code?: string) =>
  browse({
    ...{ browser, most, cursor, mostLooked: 10_000, signal },
    choose: ({ record, failure }) => (code === undefined || failure.code === code ? record.offset : undefined),
  });

describe('the dead letters of a topic', () => {
  it('come the newest first over all partitions, each of them once, with nothing of others', async () => {
    const seen: number[] = [];
    let cursor: DeadLetterCursor | undefined;
    do {
      const { letters, next } = await page(150, cursor);
      seen.push(...letters.map(({ chosen }) => chosen));
      cursor = next;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: count }, (_, at) => count - 1 - at));
  });

  it('are filtered without missing one', async () => {
    const { letters, looked, next } = await page(50, undefined, 'RARE');
    expect(letters.map(({ chosen }) => chosen)).toEqual([600, 500, 400, 300, 200, 100, 0]);
    expect([looked, next]).toEqual([count, undefined]);
  });

  it('are found by their place', async () => {
    const { letters } = await page(1);
    const [newest] = letters;
    expect(newest).toBeDefined();
    if (newest === undefined) return;
    const found = await browser.find(newest.place, signal);
    expect(found?.record.value?.toString()).toBe(deadLetterOf(count - 1).record.value?.toString());
    expect(await browser.find({ partition: 0, offset: 1_000_000 }, signal)).toBeUndefined();
    expect(await browser.find({ partition: 77, offset: 0 }, signal)).toBeUndefined();
  });

  it('are known as replayed once a replay has marked them, until an erasure takes that back', async () => {
    const [first, second, third] = [deadLetterOf(0), deadLetterOf(1), deadLetterOf(2)];
    const states = async () => {
      const replayed = await browser.replayedKeys();
      return [first, second, third].map((each) => replayed.of(each)?.outcome);
    };
    expect(await states()).toEqual([undefined, undefined, undefined]);
    const archive = createKafkaDeadLetterArchive({ brokers: broker.brokers, clientId: 'test', groupId: 'test', topic });
    await archive.markReplayed([
      { key: deadLetterKey(first), outcome: 'done' },
      { key: deadLetterKey(second), outcome: 'done' },
    ]);
    await archive.markReplayed([{ key: deadLetterKey(second), outcome: 'refused' }]);
    await expect.poll(states).toEqual(['done', 'refused', undefined]);
    await produce(broker.brokers, `${topic}.replayed`, [
      { key: deadLetterKey(first), value: null },
      { key: deadLetterKey(third), value: 'of somebody else' },
    ]);
    await expect.poll(states).toEqual([undefined, 'refused', undefined]);
    await archive.close();
  });

  it('are read side by side, and no connection is left behind', async () => {
    const connections = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    const before = connections();
    const another = createKafkaDeadLetterBrowser({ brokers: broker.brokers, clientId: 'test', topic });
    const ranges = await another.ranges(signal);
    const reads = [...ranges].map(([partition, { low, high }]) =>
      another.readBack(partition, { low, end: high }, 500, ({ record }) => record.offset, signal),
    );
    const found = (await Promise.all(reads)).flatMap(({ letters }) => letters.map(({ chosen }) => chosen));
    expect(new Set(found).size).toBe(count);
    await another.close();
    await expect.poll(connections).toBe(before);
  });

  it('that come later are seen by the next who looks', async () => {
    const later = messageOfDeadLetter(deadLetterOf(count), { connectorName: 'c', taskId: '0' }, 'all');
    await produce(broker.brokers, topic, [{ ...later, partition: 2 }]);
    expect((await page(1)).letters.map(({ chosen }) => chosen)).toEqual([count]);
  });
});
