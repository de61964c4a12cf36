import type { Broker, Cluster } from 'kafkajs';

/** The id of each topic's log, by topic. A topic that isn't there, or whose id the broker doesn't tell, has none. */
export type TopicIds = ReadonlyMap<string, string>;

/** What kafkajs 2.2 leaves out of the types of a broker. */
export interface RawBroker extends Broker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>> | null;
  readonly connectionPool: {
    send<T>(request: {
      readonly request: {
        readonly apiKey: number;
        readonly apiVersion: number;
        readonly apiName: string;
        encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
      };
      readonly response: { decode(payload: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
    }): Promise<T>;
  };
}

const apiKey = 3;
/** The first version of Metadata whose answer has ids (KIP-516); kafkajs knows them up to 6. */
const apiVersion = 10;

/**
 * Asks the cluster which log each topic is at the moment: a topic that is deleted and made again gets another id. Empty
 * where the brokers don't know of ids (before Apache Kafka 2.8). Rejects when nobody answers.
 */
export async function topicIds(cluster: Cluster, topics: readonly string[]): Promise<TopicIds> {
  return topicIdsFrom(await anyBroker(cluster), topics);
}

/** Whether the broker is of Apache Kafka 2.8 or later. */
export function tellsTopicIds(broker: RawBroker): boolean {
  return (broker.versions?.[apiKey]?.maxVersion ?? 0) >= apiVersion;
}

export async function topicIdsFrom(broker: RawBroker, topics: readonly string[]): Promise<TopicIds> {
  if (!tellsTopicIds(broker) || topics.length === 0) return new Map();
  const descriptions = await askAboutTopics(broker, topics);
  return new Map([...descriptions].flatMap(([topic, { id }]) => (id === undefined ? [] : [[topic, id]])));
}

/** What a broker says of a topic. */
export interface TopicDescription {
  readonly id: string | undefined;
  /** What the asking user may do with it: a bit for each operation of an ACL. Negative: not told. */
  readonly operations: number;
}

/** Needs a broker that `tellsTopicIds`. */
export function askAboutTopics(
  broker: RawBroker,
  topics: readonly string[],
  withOperations = false,
): Promise<ReadonlyMap<string, TopicDescription>> {
  const buffer = encodeRequest(topics, withOperations);
  return broker.connectionPool.send({
    request: { apiKey, apiVersion, apiName: 'Metadata', encode: async () => ({ buf: buffer, buffer }) },
    response: { decode: async (payload) => decodeResponse(payload), parse: async (descriptions) => descriptions },
  });
}

/** Every broker can tell. The embedded one names a controller that isn't there. */
export async function anyBroker(cluster: Cluster): Promise<RawBroker> {
  let refused: unknown = new Error('no broker is known');
  for (const nodeId of cluster.getNodeIds()) {
    try {
      return (await cluster.findBroker({ nodeId: String(nodeId) })) as RawBroker;
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

const noTags = Buffer.from([0]);
const idBytes = 16;

/** Lengths are one more than they are; 0 is null. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** With the end of the header, which kafkajs writes as of before there were tagged fields. */
function encodeRequest(topics: readonly string[], withOperations: boolean): Buffer {
  const names = topics.flatMap((topic) => {
    const name = Buffer.from(topic);
    return [Buffer.alloc(idBytes), varint(name.length + 1), name, noTags];
  });
  // Don't create topics; the operations that are permitted on the cluster aren't asked for.
  const flags = Buffer.from([0, 0, withOperations ? 1 : 0]);
  return Buffer.concat([noTags, varint(topics.length + 1), ...names, flags, noTags]);
}

function decodeResponse(payload: Buffer): ReadonlyMap<string, TopicDescription> {
  let at = 0;
  const skip = (bytes: number) => {
    at += bytes;
  };
  const length = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = payload.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const bytes = Math.max(0, length() - 1);
    skip(bytes);
    return payload.toString('utf8', at - bytes, at);
  };
  const tags = () => {
    for (let count = length(); count > 0; count--) {
      length();
      const size = length();
      skip(size);
    }
  };
  const each = (read: () => void) => {
    for (let count = length() - 1; count > 0; count--) read();
  };
  const numbers = () => each(() => skip(4));

  tags();
  skip(4);
  each(() => {
    skip(4);
    text();
    skip(4);
    text();
    tags();
  });
  text();
  skip(4);
  const descriptions = new Map<string, TopicDescription>();
  each(() => {
    const error = payload.readInt16BE(at);
    skip(2);
    const topic = text();
    const id = payload.subarray(at, at + idBytes);
    skip(idBytes + 1);
    each(() => {
      skip(2 + 4 + 4 + 4);
      numbers();
      numbers();
      numbers();
      tags();
    });
    const operations = payload.readInt32BE(at);
    skip(4);
    tags();
    const isThere = (error === 0 || error === leaderNotAvailable) && id.some((byte) => byte !== 0);
    descriptions.set(topic, { id: isThere ? id.toString('base64url') : undefined, operations });
  });
  return descriptions;
}

/** The topic is there, but for a moment not to be read. */
const leaderNotAvailable = 5;
