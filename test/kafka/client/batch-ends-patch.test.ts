import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { patchBatchEnds } from '../../../src/kafka/client/batch-ends-patch.ts';
import { patchRecords } from '../../../src/kafka/client/records-patch.ts';

const require = createRequire(import.meta.url);
const patched = [patchRecords(), patchBatchEnds(), patchBatchEnds('2.3.0')];
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<readonly object[]>;
const Batch = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => {
  readonly messages: readonly { readonly offset: string }[];
  isEmptyDueToFiltering(): boolean;
  lastOffset(): string;
};

/** A batch that began at `first` with records up to `last`, of which the cleaner has left those at `offsets`. */
function batchBytes(first: number, last: number, offsets: readonly number[]): Buffer {
  const records = offsets.map((offset) => Buffer.from([12, 0, 0, 2 * (offset - first), 1, 1, 0]));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(first), 0);
  head.writeInt32BE(49 + records.length * 7, 8);
  head.writeInt8(2, 16);
  head.writeInt32BE(last - first, 23);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, ...records]);
}

async function fetched(from: number, ...bytes: readonly Buffer[]) {
  const size = Buffer.alloc(4);
  const all = Buffer.concat(bytes);
  size.writeInt32BE(all.length);
  const messages = await decodeMessages(new Decoder(Buffer.concat([size, all])));
  const batch = new Batch('t', String(from), { partition: 0, highWatermark: '100', abortedTransactions: [], messages });
  return {
    offsets: batch.messages.map(({ offset }) => Number(offset)),
    skipped: batch.isEmptyDueToFiltering(),
    last: Number(batch.lastOffset()),
  };
}

/** What the rest of an answer had no room for. */
const cutOff = batchBytes(8, 9, [8, 9]).subarray(0, 64);

it('the patch applies to the kafkajs that is installed, and another version is left alone', () => {
  expect(patched).toEqual([true, true, false]);
});

it('a batch of which nothing is left is passed over, though what follows has no room in the answer', async () => {
  expect(await fetched(5, batchBytes(5, 7, []), cutOff)).toEqual({ offsets: [], skipped: true, last: 7 });
});

it('a batch ends where it ended before its last records were compacted away', async () => {
  expect(await fetched(5, batchBytes(5, 7, [5]), cutOff)).toEqual({ offsets: [5], skipped: false, last: 7 });
  expect(await fetched(6, batchBytes(5, 7, [5]), cutOff)).toEqual({ offsets: [], skipped: true, last: 7 });
});

it('a batch whose last record is there is read as it is', async () => {
  expect(await fetched(5, batchBytes(5, 7, [6, 7]), batchBytes(8, 9, [9]))).toEqual({
    offsets: [6, 7, 9],
    skipped: false,
    last: 9,
  });
});
