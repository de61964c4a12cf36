import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import avro from 'avsc';

/** Avro container files, block by block, sound or not (Avro specification: object container files). */

/** Avro's way to write a whole number. */
export const number = (value: number) => avro.Type.forSchema('long').toBuffer(value);
const bytes = (value: Buffer) => Buffer.concat([number(value.length), value]);
const sync = Buffer.alloc(16, 7);

const compressions: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  null: (content) => content,
  deflate: deflateRawSync,
  // Of several frames, as the format allows.
  zstandard: (content) =>
    Buffer.concat([content.subarray(0, 3), content.subarray(3)].map((part) => zstdCompressSync(part))),
  snappy(content) {
    // Literals only, as the format allows.
    const pieces = [bytes(content).subarray(0, 0), varint(content.length)];
    for (let from = 0; from < content.length; from += 60) {
      const piece = content.subarray(from, from + 60);
      pieces.push(Buffer.from([(piece.length - 1) << 2]), piece);
    }
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(content));
    return Buffer.concat([...pieces, sum]);
  },
};

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), varint(value >> 7)]);
}

export function header(codec: string, schema: unknown): Buffer {
  const members = { 'avro.schema': JSON.stringify(schema), 'avro.codec': codec };
  const entries = Object.entries(members).map(([name, text]) =>
    Buffer.concat([bytes(Buffer.from(name)), bytes(Buffer.from(text))]),
  );
  return Buffer.concat([Buffer.from('Obj\x01', 'latin1'), number(2), ...entries, Buffer.from([0]), sync]);
}

export function block(codec: string, values: readonly Buffer[], count = values.length): Buffer {
  const content = compressions[codec]?.(Buffer.concat(values)) ?? Buffer.alloc(0);
  return Buffer.concat([number(count), bytes(content), sync]);
}
