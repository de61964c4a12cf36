import { createRequire } from 'node:module';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);

/** What is used of a record that kafkajs has decoded. Whole numbers of 64 bits are texts. */
interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  isControlRecord?: boolean;
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

interface FetchedPartition {
  readonly messages: readonly FetchedRecord[];
  abortedTransactions?: readonly AbortedTransaction[] | null;
}

interface Fetched {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
}

interface Broker {
  fetch(request: object): Promise<Fetched>;
}

let isPatched = false;

/**
 * kafkajs 2.2 takes note of one aborted transaction a record at most, and only while they are listed in the order in which
 * they began. Brokers list them in the order of their ends: of transactions that overlap it hands on what was aborted. With
 * the patch that is decided before kafkajs looks, and nothing is left for it to decide. Any other version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchAborted(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  if (isPatched) return true;
  isPatched = true;
  const { prototype } = require('kafkajs/src/broker') as { prototype: Broker };
  const original = prototype.fetch;
  prototype.fetch = async function (request): Promise<Fetched> {
    const fetched = await original.call(this, request);
    for (const { partitions } of fetched.responses) for (const partition of partitions) hideAborted(partition);
    return fetched;
  };
  return true;
}

/** Makes markers of the records that were aborted: whoever reads passes over those, and they count as read. */
export function hideAborted(partition: FetchedPartition): void {
  const begun = (partition.abortedTransactions ?? [])
    .map(({ producerId, firstOffset }) => ({ producerId, first: Number(firstOffset) }))
    .sort((a, b) => b.first - a.first);
  if (begun.length === 0) return;
  const aborted = new Set<string>();
  for (const message of partition.messages) {
    while ((begun.at(-1)?.first ?? Number.POSITIVE_INFINITY) <= Number(message.offset)) {
      aborted.add(begun.pop()?.producerId ?? '');
    }
    const { producerId = '', inTransaction = false } = message.batchContext ?? {};
    if (message.isControlRecord !== true) message.isControlRecord = inTransaction && aborted.has(producerId);
    else if (isAbortMarker(message)) aborted.delete(producerId);
  }
  partition.abortedTransactions = [];
}

/** A version, then the type, which is 0; of two bytes each. */
function isAbortMarker({ key }: FetchedRecord): boolean {
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
}
