import type { FileHandle } from 'node:fs/promises';

const newline = 10;
const stepBytes = 64 * 1024;

/** That many bytes from there on, or as many as there are. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** The place behind the last newline before `end`; 0: there is none. */
export async function behindLastNewline(handle: FileHandle, end: number): Promise<number> {
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - stepBytes);
    const at = (await readAt(handle, from, to - from)).lastIndexOf(newline);
    if (at !== -1) return from + at + 1;
    to = from;
  }
  return 0;
}
