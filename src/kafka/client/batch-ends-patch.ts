import { createRequire } from 'node:module';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);
const decoderPath = require.resolve('kafkajs/src/protocol/recordBatch/v0/decoder');

/** A batch of records as kafkajs decodes it. Whole numbers of 64 bits are texts. */
interface DecodedBatch {
  readonly firstOffset: string;
  readonly lastOffsetDelta: number;
  readonly maxTimestamp: string;
  readonly records: readonly { readonly offset: string }[];
}

type DecodeBatch = (decoder: unknown) => Promise<DecodedBatch>;

/**
 * kafkajs 2.2 forgets where a batch ends, and goes by its last record. Of a topic that was compacted, or whose brokers keep
 * a batch without records because of its producer, the end lies behind that: it asks for the same batch again, and if what
 * follows is too large for the rest of the answer, it never gets on. With the patch such a batch ends in a marker, as those
 * of transactions do. Must come after `patchRecords`, and before the first fetch. Any other version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchBatchEnds(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  const original = require(decoderPath) as DecodeBatch & { readonly isPatched?: true };
  const loaded = require.cache[decoderPath];
  if (loaded !== undefined && original.isPatched !== true) {
    loaded.exports = Object.assign(batchDecoder(original), { isPatched: true });
  }
  return true;
}

/** Gives what `original` gives, with a marker where the batch ends if no record stands there. */
function batchDecoder(original: DecodeBatch): DecodeBatch {
  return async (decoder) => {
    const { records, ...batchContext } = await original(decoder);
    const end = String(BigInt(batchContext.firstOffset) + BigInt(batchContext.lastOffsetDelta));
    if (records.at(-1)?.offset === end) return { ...batchContext, records };
    const { maxTimestamp: timestamp } = batchContext;
    const marker = { offset: end, timestamp, key: null, value: null, headers: {}, isControlRecord: true, batchContext };
    return { ...batchContext, records: [...records, marker] };
  };
}
