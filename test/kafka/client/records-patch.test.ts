import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patchRecords, recordDecoder } from '../../../src/kafka/client/records-patch.ts';

type Decoder = Parameters<ReturnType<typeof recordDecoder>>[0];
type Batch = Parameters<ReturnType<typeof recordDecoder>>[1];

const require = createRequire(import.meta.url);
const patchedBefore = patchRecords();
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
const Encoder = require('kafkajs/src/protocol/encoder') as new () => {
  readonly buffer: Buffer;
  writeInt8(value: number): void;
  writeVarInt(value: number): void;
  writeVarLong(value: string): void;
  writeVarIntBytes(value: Buffer | null): void;
  writeVarIntString(value: string): void;
};

/** kafkajs's own, as its file has it. */
const theirs = freshlyLoaded('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const ours = recordDecoder(theirs);

function freshlyLoaded(name: string): typeof ours {
  const path = require.resolve(name);
  const used = require.cache[path];
  Reflect.deleteProperty(require.cache, path);
  const loaded = require(name) as typeof ours;
  if (used !== undefined) require.cache[path] = used;
  return loaded;
}

interface Sent {
  readonly timestampDelta: bigint;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [string, Buffer | null])[];
}

function bytesOf({ timestampDelta, offsetDelta, key, value, headers }: Sent): Buffer {
  const encoder = new Encoder();
  encoder.writeInt8(0);
  encoder.writeVarLong(String(timestampDelta));
  encoder.writeVarInt(offsetDelta);
  encoder.writeVarIntBytes(key);
  encoder.writeVarIntBytes(value);
  encoder.writeVarInt(headers.length);
  for (const [name, text] of headers) {
    encoder.writeVarIntString(name);
    encoder.writeVarIntBytes(text);
  }
  return encoder.buffer;
}

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given)));
const sent = fc.record({
  timestampDelta: fc.oneof(
    fc.bigInt(-(2n ** 60n), 2n ** 60n),
    fc.bigInt(-(2n ** 50n), 2n ** 50n),
    fc.bigInt(-200n, 200n),
  ),
  offsetDelta: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  key: bytes,
  value: bytes,
  headers: fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), bytes), { maxLength: 4, selector: ([name]) => name }),
});
const long = fc.oneof(
  fc.bigInt(0n, 2n ** 63n - 1n),
  fc.bigInt(2n ** 53n - 200n, 2n ** 53n + 200n),
  fc.bigInt(0n, 10n ** 13n),
);
const batch: fc.Arbitrary<Batch> = fc.record({
  firstOffset: long.map(String),
  firstTimestamp: fc.oneof(long, fc.constant(-1n)).map(String),
  maxTimestamp: long.map(String),
  timestampType: fc.constantFrom(0, 1),
  magicByte: fc.constant(2),
  isControlBatch: fc.boolean(),
});

it('a record is read as kafkajs reads it, also where its numbers are not exact', () => {
  fc.assert(
    fc.property(sent, batch, (record, context) => {
      fc.pre(record.headers.every(([name]) => !(name in Object.prototype)));
      const encoded = bytesOf(record);
      const decoder = new Decoder(encoded);
      expect(ours(decoder, context)).toEqual(theirs(new Decoder(encoded), context));
      expect(decoder.offset).toBe(encoded.length);
    }),
  );
});

it('a patched kafkajs loads it in place of its own, and another version is left alone', () => {
  expect([patchedBefore, patchRecords(), patchRecords('2.3.0')]).toEqual([true, true, false]);
  const inUse = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as object;
  expect(inUse).not.toBe(theirs);
  expect(inUse).toHaveProperty('isPatched', true);
});
