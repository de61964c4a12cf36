import type { Cluster } from 'kafkajs';
import pRetry from 'p-retry';
import type { KafkaConnection } from './client.ts';
import { openCluster } from './cluster.ts';
import { connectorErrorOf } from './errors.ts';
import { anyBroker, askAboutTopics, type RawBroker, tellsTopicIds } from './topic-ids.ts';

/** What the user of a connection may do; of what isn't described there is nothing (brokers before 2.8, or not Apache's). */
export interface Permissions {
  /** By topic. */
  readonly topics: ReadonlyMap<string, ReadonlySet<Operation>>;
  readonly group: ReadonlySet<Operation> | undefined;
}

/** Bits of the lists that brokers give (KIP-430), which are the numbers of operations in ACLs. */
const bits = { read: 3, write: 4, describe: 8 } as const;
export type Operation = keyof typeof bits;

export interface PermissionQuestion {
  readonly topics: readonly string[];
  readonly groupId: string;
}

/** A cluster whose first group this is has to make itself a topic before it answers. */
const settleTimes = { retries: 4, minTimeout: 200, factor: 2 };

/** Asks what is permitted; nothing is tried, and nothing changes. */
export async function askPermissions(connection: KafkaConnection, question: PermissionQuestion): Promise<Permissions> {
  try {
    return await pRetry(() => askOnce(connection, question), settleTimes);
  } catch (error) {
    throw connectorErrorOf(error, { brokers: connection.brokers, ...question });
  }
}

async function askOnce(connection: KafkaConnection, { topics, groupId }: PermissionQuestion): Promise<Permissions> {
  const { cluster, close } = await openCluster(connection, () => undefined);
  try {
    await cluster.refreshMetadataIfNecessary();
    const broker = await anyBroker(cluster);
    const described = tellsTopicIds(broker) ? await askAboutTopics(broker, topics, true) : new Map();
    const permitted = [...described].flatMap(([topic, { operations }]) => {
      const known = operationsOf(operations);
      return known === undefined ? [] : [[topic, known] as const];
    });
    return { topics: new Map(permitted), group: await askAboutGroup(cluster, groupId) };
  } finally {
    await close();
  }
}

/** Undefined: not described. */
function operationsOf(operations: number): ReadonlySet<Operation> | undefined {
  if (operations < 0) return undefined;
  return new Set((Object.keys(bits) as Operation[]).filter((name) => (operations & (1 << bits[name])) !== 0));
}

const apiKey = 15;
/** The first version of DescribeGroups that tells what is permitted; kafkajs knows them up to 2. */
const apiVersion = 3;

async function askAboutGroup(cluster: Cluster, groupId: string): Promise<ReadonlySet<Operation> | undefined> {
  const broker = (await cluster.findGroupCoordinator({ groupId }).catch(() => undefined)) as RawBroker | undefined;
  // Who may not even describe the group finds nobody who has it; asking for its positions says that better.
  if (broker === undefined) return undefined;
  if ((broker.versions?.[apiKey]?.maxVersion ?? 0) < apiVersion) return undefined;
  const buffer = encodeRequest(groupId);
  const described = await broker.connectionPool.send({
    request: { apiKey, apiVersion, apiName: 'DescribeGroups', encode: async () => ({ buf: buffer, buffer }) },
    response: { decode: async (payload) => decodeResponse(payload), parse: async (operations) => operations },
  });
  return described === undefined ? undefined : operationsOf(described);
}

function encodeRequest(groupId: string): Buffer {
  const name = Buffer.from(groupId);
  const lengths = Buffer.alloc(6);
  lengths.writeInt32BE(1, 0);
  lengths.writeInt16BE(name.length, 4);
  return Buffer.concat([lengths, name, Buffer.from([1])]);
}

/** The operations behind everything that is said of the one group; undefined: it was refused. */
function decodeResponse(payload: Buffer): number | undefined {
  const throttleBytes = 4;
  const countBytes = 4;
  let at = throttleBytes + countBytes;
  const error = payload.readInt16BE(at);
  at += 2;
  const skipText = () => {
    at += 2 + Math.max(0, payload.readInt16BE(at));
  };
  const skipBytes = () => {
    at += 4 + Math.max(0, payload.readInt32BE(at));
  };
  // The group, its state, the type and the data of its protocol.
  for (let texts = 4; texts > 0; texts--) skipText();
  const members = payload.readInt32BE(at);
  at += countBytes;
  for (let member = 0; member < members; member++) {
    for (let texts = 3; texts > 0; texts--) skipText();
    for (let pieces = 2; pieces > 0; pieces--) skipBytes();
  }
  if (error === groupAuthorizationFailed) return 0;
  return error === 0 ? payload.readInt32BE(at) : undefined;
}

const groupAuthorizationFailed = 30;
