import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka, type Message } from 'kafkajs';
import { createKafkaClient, withAdmin } from '../../src/kafka/client/client.ts';
import { limitLeaveGroup } from '../../src/kafka/client/timer-patch.ts';
import {
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
  startEmbeddedBroker,
} from '../../src/kafka/embedded/embedded-broker.ts';
import { missingBrokerVariable } from './install-broker.ts';
import { leaderSyncsLast } from './leader-syncs-last.ts';

export interface TestBroker {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly kind: 'external' | 'embedded';
  stop(): Promise<void>;
}

function namedBrokers(): readonly string[] | undefined {
  const named = env['KAFKA_BROKERS'];
  return named === undefined || named === '' ? undefined : named.split(',');
}

/** The broker of KAFKA_BROKERS, else an embedded one. */
export async function brokerForTests(): Promise<TestBroker> {
  const named = namedBrokers();
  if (named !== undefined) return { brokers: named, kind: 'external', stop: async () => undefined };
  const { brokers, stop } = await embeddedBroker();
  // For everything in this process, because these are properties of kafkajs as loaded.
  limitLeaveGroup(2);
  leaderSyncsLast();
  return { brokers: brokers.split(','), kind: 'embedded', stop };
}

/** An embedded one, whatever KAFKA_BROKERS says. */
export function embeddedBroker(options?: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  demandEmbeddedBroker();
  return startEmbeddedBroker(options);
}

/** Fails at once, in one line, where it could not be installed. */
export function demandEmbeddedBroker(): void {
  const missing = env[missingBrokerVariable];
  if (missing === undefined) return;
  const error = new Error(missing);
  // What it says is all there is to know.
  error.stack = missing;
  throw error;
}

/**
 * What a source needs to be quick on that broker. The embedded one settles a rebalance only when the session time-out is
 * nearly over.
 */
export function quickSource(broker: TestBroker) {
  return {
    brokers: broker.brokers,
    clientId: 'tests',
    sessionTimeoutMillis: broker.kind === 'embedded' ? 4_000 : 10_000,
    heartbeatIntervalMillis: 300,
    rebalanceTimeoutMillis: 6_000,
    maxWaitMillis: 50,
  };
}

let names = 0;

/** A name that no other test uses, also not an earlier run on the same broker. */
export function uniqueName(prefix: string): string {
  names++;
  return `${prefix}.${process.pid}.${Date.now()}.${names}`;
}

export function testClient(brokers: readonly string[]): Kafka {
  return createKafkaClient({ brokers, clientId: 'tests' }, () => undefined);
}

/** An administrative connection, as the product makes it. `work` may be run again. */
export function asAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  return withAdmin({ brokers, clientId: 'tests' }, () => undefined, { brokers }, work);
}

/**
 * Makes a topic; the embedded broker gives each 4 partitions, whatever is asked. Resolves with their number, once every
 * partition is led.
 */
export function createTopic(
  brokers: readonly string[],
  topic: string,
  options: { readonly partitions?: number; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  return asAdmin(brokers, async (admin) => {
    const { controller } = await admin.describeCluster();
    if (controller === null || controller === 0) await produce(brokers, topic, []);
    else {
      await admin.createTopics({
        // It would ask a broker that may not know of the topic yet, and give up.
        waitForLeaders: false,
        topics: [
          {
            topic,
            numPartitions: options.partitions ?? 4,
            configEntries: Object.entries(options.settings ?? {}).map(([name, value]) => ({ name, value })),
          },
        ],
      });
    }
    while (!(await admin.listTopics()).includes(topic)) await sleep(20);
    return (await admin.fetchTopicOffsets(topic)).length;
  });
}

const messagesPerRequest = 400;

/** Writes messages; with a `partition` each goes where it says, else by key. */
export async function produce(
  brokers: readonly string[],
  topic: string,
  messages: readonly Message[],
  compression: number = kafkajs.CompressionTypes.None,
): Promise<void> {
  const producer = testClient(brokers).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    // A broker takes a megabyte at once, unless it is told otherwise. An empty list still makes the topic.
    for (let start = 0; start === 0 || start < messages.length; start += messagesPerRequest) {
      const portion = messages.slice(start, start + messagesPerRequest);
      await producer.send({ topic, acks: -1, compression, messages: portion });
    }
  } finally {
    await producer.disconnect();
  }
}

export interface ReadMessage {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** Everything that the topic holds now, by partition and offset. */
export async function readAll(brokers: readonly string[], topic: string): Promise<readonly ReadMessage[]> {
  const ranges = await asAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  const missing = new Map(
    ranges.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]),
  );
  if (missing.size === 0) return [];
  // A member that the group has thrown out begins again.
  const read = new Map<string, ReadMessage>();
  const consumer = testClient(brokers).consumer({
    groupId: uniqueName('read-all'),
    // The embedded broker lets a member in after 3 s, or a second before this is over if that is later.
    sessionTimeout: namedBrokers() === undefined ? 4_000 : 6_000,
    heartbeatInterval: 300,
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const complete = Promise.withResolvers<void>();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { offset, timestamp, key, value, headers = {} } of batch.messages) {
        read.set(`${batch.partition}:${offset}`, {
          partition: batch.partition,
          offset: Number(offset),
          timestamp: Number(timestamp),
          key,
          value,
          headers,
        });
      }
      if (Number(batch.lastOffset()) + 1 >= (missing.get(batch.partition) ?? 0)) missing.delete(batch.partition);
      if (missing.size === 0) complete.resolve();
    },
  });
  await complete.promise;
  await consumer.disconnect();
  return [...read.values()].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Behind the last record of each partition. */
export async function endOffsets(brokers: readonly string[], topic: string): Promise<ReadonlyMap<number, number>> {
  const ranges = await asAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  return new Map(ranges.map(({ partition, high }) => [partition, Number(high)]));
}

/** The group's position by partition; partitions without one are left out. */
export async function committedOffsets(
  brokers: readonly string[],
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  const found = await asAdmin(brokers, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  const partitions = found.flatMap((one) => one.partitions).filter(({ offset }) => Number(offset) >= 0);
  return new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}

/** The topic's settings. Not on the embedded broker. */
export async function topicSettings(
  brokers: readonly string[],
  topic: string,
): Promise<Readonly<Record<string, string>>> {
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }];
  const described = await asAdmin(brokers, (admin) => admin.describeConfigs({ includeSynonyms: false, resources }));
  const entries = described.resources[0]?.configEntries ?? [];
  return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
}
