import { ConnectorError } from '../../core/errors.ts';
import { decompressSnappyBlock } from '../../core/snappy.ts';

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

function decompressRaw(input: Buffer): Buffer {
  const output = decompressSnappyBlock(input, MAX_BYTES);
  if (output === undefined) throw corrupt();
  return output;
}

function corrupt(): ConnectorError {
  return new ConnectorError('KAFKA_CODEC', 'a batch compressed with snappy is damaged');
}
