import { ConnectorError } from '../../core/errors.ts';

/** Start of Java's framing around raw Snappy: magic, then two version numbers of four bytes each. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

/** What a block may grow to: far above what a broker takes as one batch, and a bound against a forged length. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Bytes of a Snappy-compressed batch: raw Snappy as C clients write it, or a row of raw blocks in the framing of
 * Java's. Throws `KAFKA_CODEC` when the bytes are no such thing.
 */
export function decompressSnappy(input: Buffer): Buffer {
  if (!input.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return decompressRaw(input);
  const blocks: Buffer[] = [];
  let at = XERIAL_HEADER_BYTES;
  while (at < input.length) {
    if (at + 4 > input.length) throw corrupt();
    const length = input.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > input.length) throw corrupt();
    blocks.push(decompressRaw(input.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(blocks);
}

/** One raw block: its length as a varint, then literals and copies of what was already written. */
function decompressRaw(input: Buffer): Buffer {
  const { value: size, at: start } = varint(input);
  if (size > MAX_BYTES) throw corrupt();
  const output = Buffer.alloc(size);
  let at = start;
  let written = 0;
  while (at < input.length) {
    const tag = byteAt(input, at++);
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const extra = short < 60 ? 0 : short - 59;
      const length = 1 + (extra === 0 ? short : littleEndian(input, at, extra));
      at += extra;
      if (at + length > input.length || written + length > size) throw corrupt();
      input.copy(output, written, at, at + length);
      at += length;
      written += length;
    } else {
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const extra = kind === 3 ? 4 : kind;
      const offset = littleEndian(input, at, extra) + (kind === 1 ? (tag >> 5) << 8 : 0);
      at += extra;
      if (offset === 0 || offset > written || written + length > size) throw corrupt();
      copyWithin(output, written, offset, length);
      written += length;
    }
  }
  if (written !== size) throw corrupt();
  return output;
}

/** Copies `length` bytes from `offset` back; they may overlap what is being written, which then repeats. */
export function copyWithin(output: Buffer, written: number, offset: number, length: number): void {
  if (offset >= length) {
    output.copy(output, written, written - offset, written - offset + length);
    return;
  }
  for (let i = 0; i < length; i++) output[written + i] = output[written - offset + i] ?? 0;
}

function varint(input: Buffer): { value: number; at: number } {
  let value = 0;
  for (let at = 0; at < 5; at++) {
    const byte = byteAt(input, at);
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { value, at: at + 1 };
  }
  throw corrupt();
}

function littleEndian(input: Buffer, at: number, bytes: number): number {
  if (at + bytes > input.length) throw corrupt();
  return input.readUIntLE(at, bytes);
}

function byteAt(input: Buffer, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw corrupt();
  return byte;
}

function corrupt(): ConnectorError {
  return new ConnectorError('KAFKA_CODEC', 'a batch compressed with snappy is damaged');
}
