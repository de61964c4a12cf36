import { createRequire } from 'node:module';
import { readHeaders } from './headers-patch.ts';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);
const decoderPath = require.resolve('kafkajs/src/protocol/recordBatch/record/v0/decoder');

/** What is used of kafkajs's reader of bytes. */
interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readInt8(): number;
  readVarInt(): number;
  readVarIntBytes(): Buffer | null;
}

/** What kafkajs knows of the batch that a record is in. Whole numbers of 64 bits are texts. */
interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp?: string;
  readonly timestampType?: number;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
}

/** A record as kafkajs's consumer takes it. */
type DecodeRecord = (decoder: Decoder, batch: BatchContext) => object;

/**
 * kafkajs 2.2 adds up the time and the offset of each record in `BigInt`s, each in an object of its own: two dozen objects
 * a record, and its slowest step. Numbers do the same as far as they are exact; what is beyond is left to kafkajs, and so is
 * everything around a record: its batch, compression, transactions. Must come before the first fetch, when kafkajs loads
 * what reads batches. Any other version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchRecords(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  const original = require(decoderPath) as DecodeRecord & { readonly isPatched?: true };
  const loaded = require.cache[decoderPath];
  if (loaded !== undefined && original.isPatched !== true) {
    loaded.exports = Object.assign(recordDecoder(original), { isPatched: true });
  }
  return true;
}

/** Gives the same objects as `original`. */
export function recordDecoder(original: DecodeRecord): DecodeRecord {
  const readHeader = require('kafkajs/src/protocol/recordBatch/header/v0/decoder') as Parameters<typeof readHeaders>[1];
  const types = require('kafkajs/src/protocol/timestampTypes') as { readonly LOG_APPEND_TIME: number };
  return (decoder, batch) => {
    const { firstOffset, firstTimestamp, maxTimestamp, timestampType, magicByte, isControlBatch = false } = batch;
    const start = decoder.offset;
    const attributes = decoder.readInt8();
    const sentAt = exactSum(Number(firstTimestamp), readVarLong(decoder));
    const position = exactSum(Number(firstOffset), decoder.readVarInt());
    if (sentAt === undefined || position === undefined) {
      decoder.offset = start;
      return original(decoder, batch);
    }
    const appended = timestampType === types.LOG_APPEND_TIME ? maxTimestamp : undefined;
    return {
      magicByte,
      attributes,
      timestamp: appended || String(sentAt),
      offset: String(position),
      key: decoder.readVarIntBytes(),
      value: decoder.readVarIntBytes(),
      headers: readHeaders(decoder, readHeader),
      isControlRecord: isControlBatch,
      batchContext: batch,
    };
  };
}

/** Undefined where a number doesn't hold it exactly. */
function exactSum(first: number, delta: number): number | undefined {
  const sum = first + delta;
  return Number.isSafeInteger(first) && Number.isSafeInteger(sum) ? sum : undefined;
}

/** A whole number in groups of seven bits, the lowest first, its sign in the lowest; NaN when it has more than 49 bits. */
function readVarLong(decoder: Decoder): number {
  let zigzag = 0;
  let scale = 1;
  for (let groups = 0; groups < 7; groups += 1) {
    const byte = decoder.readInt8();
    zigzag += (byte & 0x7f) * scale;
    if (byte >= 0) return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    scale *= 128;
  }
  return Number.NaN;
}
