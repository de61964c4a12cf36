import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Envelope, onTheWire, varint } from './kafka-envelopes.ts';

const crc32c = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

/** The codecs that Node can write; the number is Kafka's. */
const codecs = {
  none: { number: 0, pack: (bytes: Buffer) => bytes },
  gzip: { number: 1, pack: (bytes: Buffer) => gzipSync(bytes) },
  zstd: { number: 4, pack: (bytes: Buffer) => zstdCompressSync(bytes) },
} as const;

export type WireCodec = keyof typeof codecs;

const int16 = (value: number) => sized(2, (bytes) => bytes.writeInt16BE(value));
const int32 = (value: number) => sized(4, (bytes) => bytes.writeInt32BE(value));
const int64 = (value: bigint) => sized(8, (bytes) => bytes.writeBigInt64BE(value));
const text = (value: string) => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);

function sized(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}

/** A record batch of version 2 (Kafka: protocol, record batches). */
function batchOf(envelopes: readonly Envelope[], codec: WireCodec): Buffer {
  const times = envelopes.map(({ timestamp }) => timestamp);
  const latest = times.toSorted((one, other) => Number(one - other)).at(-1) ?? 0n;
  const records = envelopes.map((envelope, index) => {
    const record = onTheWire({ ...envelope, timestamp: envelope.timestamp - (times[0] ?? 0n) }, BigInt(index));
    return Buffer.concat([varint(BigInt(record.length)), record]);
  });
  const { number, pack } = codecs[codec];
  const checked = Buffer.concat([
    ...[int16(number), int32(envelopes.length - 1), int64(times[0] ?? 0n), int64(latest)],
    ...[int64(-1n), int16(-1), int32(-1), int32(envelopes.length)],
    pack(Buffer.concat(records)),
  ]);
  const crc = sized(4, (bytes) => bytes.writeUInt32BE(crc32c(checked) >>> 0));
  const rest = Buffer.concat([int32(-1), Buffer.from([2]), crc, checked]);
  return Buffer.concat([int64(0n), int32(rest.length), rest]);
}

/** Writes a batch to partition 0 as other clients may: kafkajs can't send all that is legal. Resolves with the error code. */
export async function produceRaw(
  address: string,
  topic: string,
  envelopes: readonly Envelope[],
  codec: WireCodec,
): Promise<number> {
  const [host = '', port = ''] = address.split(':');
  const batch = batchOf(envelopes, codec);
  const body = Buffer.concat([
    // Produce, version 7, without a transaction.
    ...[int16(0), int16(7), int32(1), text('raw'), int16(-1), int16(-1), int32(10_000)],
    ...[int32(1), text(topic), int32(1), int32(0), int32(batch.length), batch],
  ]);
  const socket = connect(Number(port), host);
  try {
    socket.write(Buffer.concat([int32(body.length), body]));
    let answer = Buffer.alloc(0);
    while (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) {
      const [more] = (await once(socket, 'data')) as [Buffer];
      answer = Buffer.concat([answer, more]);
    }
    // Length, correlation, one topic with its name, one partition with its number.
    return answer.readInt16BE(4 + 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4);
  } finally {
    socket.destroy();
  }
}
