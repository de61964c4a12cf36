/** One raw block of Snappy; undefined: it is damaged, or would have more bytes than that. */
export function decompressSnappyBlock(input: Buffer, maxBytes: number): Buffer | undefined {
  try {
    return decompress(input, maxBytes);
  } catch (error) {
    if (error === damaged) return undefined;
    throw error;
  }
}

const damaged = new Error('damaged');

/** Its length as a varint, then literals and copies of what was already written. */
function decompress(input: Buffer, maxBytes: number): Buffer {
  const { value: size, at: start } = varint(input);
  if (size > maxBytes) throw damaged;
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
      if (at + length > input.length || written + length > size) throw damaged;
      input.copy(output, written, at, at + length);
      at += length;
      written += length;
    } else {
      const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
      const extra = kind === 3 ? 4 : kind;
      const offset = littleEndian(input, at, extra) + (kind === 1 ? (tag >> 5) << 8 : 0);
      at += extra;
      if (offset === 0 || offset > written || written + length > size) throw damaged;
      copyWithin(output, written, offset, length);
      written += length;
    }
  }
  if (written !== size) throw damaged;
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
  throw damaged;
}

function littleEndian(input: Buffer, at: number, bytes: number): number {
  if (at + bytes > input.length) throw damaged;
  return input.readUIntLE(at, bytes);
}

function byteAt(input: Buffer, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw damaged;
  return byte;
}
