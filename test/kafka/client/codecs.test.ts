import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { registerCodecs } from '../../../src/kafka/client/codecs.ts';
import { decompressLz4 } from '../../../src/kafka/client/lz4.ts';
import { decompressSnappy } from '../../../src/kafka/client/snappy.ts';

const bytes = (base64: string) => Buffer.from(base64, 'base64');

/** The records of one batch, as Apache Kafka 4.3 and librdkafka compressed them. */
const PLAIN = bytes(
  '7AEAAAAB3gFvcmRlciBvcmRlciBvcmRlciBvcmRlciBvcmRlciBvcmRlciB6enp6enp6enp6enp6enp6enp6enp6enp6enp6enogIzAtMzctNzQtMTExLTE0OC0xODUtMjIyLTI1OS0yOTYtMzMzLTM3MC00MDcA',
);
const SNAPPY_RAW = 'eDTsAQAAAAHeAW9yZGVyIHYGAAB6cgEAtCAjMC0zNy03NC0xMTEtMTQ4LTE4NS0yMjItMjU5LTI5Ni0zMzMtMzcwLTQwNwA=';
const SNAPPY_JAVA =
  'glNOQVBQWQAAAAABAAAAAQAAAEd4NOwBAAAAAd4Bb3JkZXIgdgYAAHpyAQC0ICMwLTM3LTc0LTExMS0xNDgtMTg1LTIyMi0yNTktMjk2LTMzMy0zNzAtNDA3AA==';
const LZ4 =
  'BCJNGGBAgkcAAADv7AEAAAAB3gFvcmRlciAGAAsfegEACvAfICMwLTM3LTc0LTExMS0xNDgtMTg1LTIyMi0yNTktMjk2LTMzMy0zNzAtNDA3AAAAAAA=';

describe('codecs', () => {
  it('read snappy as C clients write it and in the framing of Java', () => {
    expect(decompressSnappy(bytes(SNAPPY_RAW))).toEqual(PLAIN);
    expect(decompressSnappy(bytes(SNAPPY_JAVA))).toEqual(PLAIN);
  });

  it('read several blocks of the framing, and none', () => {
    const java = bytes(SNAPPY_JAVA);
    expect(decompressSnappy(Buffer.concat([java, java.subarray(16)]))).toEqual(Buffer.concat([PLAIN, PLAIN]));
    expect(decompressSnappy(java.subarray(0, 16))).toEqual(Buffer.alloc(0));
  });

  it('read lz4 frames, also with blocks that are stored as they are', () => {
    expect(decompressLz4(bytes(LZ4))).toEqual(PLAIN);
    const stored = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 3, 0, 0, 0x80, 1, 2, 3, 0, 0, 0, 0]);
    expect(decompressLz4(stored)).toEqual(Buffer.from([1, 2, 3]));
  });

  it('read zstd, through kafkajs', async () => {
    registerCodecs();
    const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD]() as {
      decompress(buffer: Buffer): Promise<Buffer>;
    };
    expect(await codec.decompress(await promisify(zstdCompress)(PLAIN))).toEqual(PLAIN);
  });

  it.each(['GZIP', 'ZSTD'] as const)('read all frames of a batch of %s, also large ones', async (name) => {
    registerCodecs();
    const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes[name]]() as {
      compress(encoder: object): Promise<Buffer>;
      decompress(buffer: Buffer): Promise<Buffer>;
    };
    // Beyond one chunk of zlib's, compressed and not.
    const parts = [PLAIN, randomBytes(200_000), Buffer.alloc(500_000, 'x'), PLAIN];
    const frames = await Promise.all(parts.map((part) => codec.compress({ buffer: part })));
    expect(Buffer.concat(parts).equals(await codec.decompress(Buffer.concat(frames)))).toBe(true);
  });

  it('read all frames of lz4, and no further', () => {
    const frame = bytes(LZ4);
    expect(decompressLz4(Buffer.concat([frame, frame, frame]))).toEqual(Buffer.concat([PLAIN, PLAIN, PLAIN]));
    const withChecksum = Buffer.from([4, 0x22, 0x4d, 0x18, 0x64, 0x40, 0x82, 1, 0, 0, 0x80, 7, 0, 0, 0, 0, 9, 9, 9, 9]);
    expect(decompressLz4(Buffer.concat([withChecksum, frame]))).toEqual(Buffer.concat([Buffer.from([7]), PLAIN]));
    expect(decompressLz4(Buffer.concat([frame, Buffer.from('no frame')]))).toEqual(PLAIN);
  });

  it('refuse what follows a frame of zstd and is none', async () => {
    registerCodecs();
    const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD]() as {
      decompress(buffer: Buffer): Promise<Buffer>;
    };
    const frame = await promisify(zstdCompress)(PLAIN);
    for (const more of [frame.subarray(0, -3), Buffer.from('no frame')]) {
      await expect(codec.decompress(Buffer.concat([frame, more]))).rejects.toMatchObject({ code: 'KAFKA_CODEC' });
    }
  });

  it.each(['Snappy', 'LZ4', 'ZSTD'] as const)('end the consumer on damaged %s: never retried', async (name) => {
    registerCodecs();
    const codec = kafkajs.CompressionCodecs[kafkajs.CompressionTypes[name]]() as {
      decompress(buffer: Buffer): Promise<Buffer>;
    };
    await expect(codec.decompress(Buffer.from('no such batch'))).rejects.toMatchObject({
      code: 'KAFKA_CODEC',
      retriable: false,
      message: expect.stringContaining(name.toLowerCase()),
    });
  });

  it('refuse every cut and every changed byte with a clear error, or read something: they never hang or crash', () => {
    const samples = [bytes(SNAPPY_RAW), bytes(SNAPPY_JAVA), bytes(LZ4)];
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.boolean(), (sample, at, byte, cut) => {
        const damaged = Buffer.from(cut ? sample.subarray(0, at % sample.length) : sample);
        if (damaged.length > 0) damaged[at % damaged.length] = byte;
        for (const decompress of [decompressSnappy, decompressLz4]) {
          try {
            decompress(damaged);
          } catch (error) {
            expect(error).toMatchObject({ code: 'KAFKA_CODEC' });
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
