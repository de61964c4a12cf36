import { ConnectorError } from '../../core/errors.ts';
import { joinedFrames } from '../../core/joined-frames.ts';
import { copyWithin } from '../../core/snappy.ts';

const FRAME_MAGIC = 0x184d2204;
const UNCOMPRESSED_BLOCK = 0x80000000;
/** A match repeats at least this much: the format stores what it is longer. */
const SHORTEST_MATCH = 4;

/** The largest block of a frame, by its code in the frame's header. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };

/**
 * Bytes of a batch in the LZ4 frame format: of one frame, or of several in a row. Checksums are not compared: Kafka's own
 * of the frame's header was wrong for years, and the connection checks its bytes. Throws `KAFKA_CODEC` when the bytes are
 * no such frame.
 */
export function decompressLz4(input: Buffer): Buffer {
  const frames: Buffer[] = [];
  let rest = input;
  do {
    const { output, length } = decompressFrame(rest);
    frames.push(output);
    rest = rest.subarray(length);
  } while (rest.length >= 4 && rest.readUInt32LE(0) === FRAME_MAGIC);
  return joinedFrames(frames);
}

/** What the frame at the start holds, and how long it is. */
function decompressFrame(input: Buffer): { readonly output: Buffer; readonly length: number } {
  if (input.length < 7 || input.readUInt32LE(0) !== FRAME_MAGIC) throw corrupt();
  const flags = input.readUInt8(4);
  const blockBytes = BLOCK_BYTES[(input.readUInt8(5) >> 4) & 7];
  if (flags >> 6 !== 1 || blockBytes === undefined) throw corrupt();
  const independent = (flags & 0x20) !== 0;
  const contentChecksum = (flags & 0x04) !== 0 ? 4 : 0;
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  let at = 6 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  let output: Buffer = Buffer.alloc(blockBytes);
  let written = 0;
  for (;;) {
    if (at + 4 > input.length) throw corrupt();
    const header = input.readUInt32LE(at);
    at += 4;
    if (header === 0) return { output: output.subarray(0, written), length: at + contentChecksum };
    const length = header >= UNCOMPRESSED_BLOCK ? header - UNCOMPRESSED_BLOCK : header;
    if (at + length > input.length) throw corrupt();
    output = withCapacity(output, written, blockBytes);
    const block = input.subarray(at, at + length);
    if (header >= UNCOMPRESSED_BLOCK) {
      if (length > blockBytes) throw corrupt();
      written += block.copy(output, written);
    } else {
      const limit = written + blockBytes;
      written = decompressBlock(block, output, written, independent ? written : 0, limit);
    }
    at += length + blockChecksum;
  }
}

/** Sequences of literals and a match; the last one has literals only. Returns where the output ends. */
function decompressBlock(block: Buffer, output: Buffer, start: number, oldest: number, limit: number): number {
  let at = 0;
  let written = start;
  const longLength = (short: number): number => {
    let length = short;
    if (short < 15) return length;
    for (let byte = 255; byte === 255; ) {
      byte = byteAt(block, at++);
      length += byte;
    }
    return length;
  };
  while (at < block.length) {
    const token = byteAt(block, at++);
    const literals = longLength(token >> 4);
    if (at + literals > block.length || written + literals > limit) throw corrupt();
    block.copy(output, written, at, at + literals);
    at += literals;
    written += literals;
    if (at === block.length) break;
    const offset = byteAt(block, at) + (byteAt(block, at + 1) << 8);
    at += 2;
    const length = longLength(token & 15) + SHORTEST_MATCH;
    if (offset === 0 || written - offset < oldest || written + length > limit) throw corrupt();
    copyWithin(output, written, offset, length);
    written += length;
  }
  return written;
}

function withCapacity(output: Buffer, written: number, more: number): Buffer {
  if (written + more <= output.length) return output;
  const larger = Buffer.alloc(Math.max(output.length * 2, written + more));
  output.copy(larger, 0, 0, written);
  return larger;
}

function byteAt(input: Buffer, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw corrupt();
  return byte;
}

function corrupt(): ConnectorError {
  return new ConnectorError('KAFKA_CODEC', 'a batch compressed with lz4 is damaged');
}
