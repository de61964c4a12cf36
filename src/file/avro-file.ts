import { type FileHandle, open } from 'node:fs/promises';
import { ConnectorError, messageOf } from '../core/errors.ts';
import {
  type BlockHead,
  type Container,
  headBytes,
  readBlock,
  readBlockHead,
  readContainer,
  syncBytes,
} from '../formats/avro/container.ts';
import { fileError } from './file-errors.ts';
import type { Line, LineSplitter } from './lines.ts';

/** As large as a schema of a registry may be, and what stands around it. */
const maxHeaderBytes = 5 * 1024 * 1024;

/** Of a block: writers end one after some thousand bytes. All of them are held at once. */
const maxValues = 1_000_000;

/** True for an Avro container file, by its name. */
export function isAvroFile(path: string): boolean {
  return /\.avro$/i.test(path);
}

interface AvroOptions {
  readonly start: number;
  /** A block may have so many bytes, before and after it is decompressed. */
  readonly maxLineBytes: number;
}

/**
 * The values of an Avro container file as lines of JSON. A value's offset is that of its block and its place in it, so
 * that reading goes on anywhere: a block has at least as many bytes as offsets, for where it holds more values, several of
 * them are a line together, as a list.
 *
 * @throws ConnectorError FILE_UNREADABLE, FILE_NOT_AVRO
 */
export async function avroRecords(
  path: string,
  options: AvroOptions,
): Promise<{ readonly start: number; readonly splitter: LineSplitter }> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError('FILE_UNREADABLE', 'The source file', path, error);
  });
  try {
    const container = containerIn(path, await bytesAt(handle, 0, maxHeaderBytes));
    const start = await blockWith(handle, container, options.start);
    return { start, splitter: blockSplitter(path, container, { ...options, from: options.start, start }) };
  } finally {
    await handle.close();
  }
}

const fixOfFormat = 'Name an object container file; one of another format must not end in .avro.';

function containerIn(path: string, bytes: Buffer): Container {
  let why = 'it has no header of one';
  try {
    const container = readContainer(bytes);
    if (container !== undefined) return container;
  } catch (error) {
    why = messageOf(error);
  }
  throw new ConnectorError(
    'FILE_NOT_AVRO',
    `The file ${path} is no Avro file that can be read: ${why}. ${fixOfFormat}`,
    { path },
  );
}

/** Where the block begins that holds a place. */
async function blockWith(handle: FileHandle, { headerEnd }: Container, place: number): Promise<number> {
  let start = headerEnd;
  while (start < place) {
    const head = readBlockHead(await bytesAt(handle, start, headBytes));
    // What is broken there is told when it is read.
    if (head === undefined || head.size < 0 || start + lengthOf(head) > place) return start;
    start += lengthOf(head);
  }
  return start;
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - position)));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, position);
  return bytes.subarray(0, bytesRead);
}

function lengthOf({ before, size }: BlockHead): number {
  return before + size + syncBytes;
}

/** @param options.from What lies before it was read already. */
function blockSplitter(
  path: string,
  container: Container,
  { start, from, maxLineBytes }: AvroOptions & { readonly from: number },
): LineSplitter {
  let at = start;
  let number = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** So much must be there before there is something to do. */
  let wanted = 1;
  /** Told once what stands before it was handed over. */
  let failure: unknown;

  function broken(why: string): ConnectorError {
    const message = `The Avro file ${path} can't be read on from byte ${at}: ${why}. What stands before is read: run again when the file is whole.`;
    return new ConnectorError('AVRO_FILE_BROKEN', message, { path, offset: at });
  }

  function isPossible({ count, size }: BlockHead): boolean {
    return count >= 0 && count <= maxValues && size >= 0 && size <= maxLineBytes;
  }

  function headOf(bytes: Buffer): BlockHead | undefined {
    try {
      const head = readBlockHead(bytes);
      if (head === undefined || isPossible(head)) return head;
    } catch {
      // Told below.
    }
    throw broken(
      `a block says that it has more than ${maxLineBytes} bytes or ${maxValues} values, or none that can be`,
    );
  }

  function linesOf(head: BlockHead, block: Buffer): Line[] {
    const end = head.before + head.size;
    if (!block.subarray(end).equals(container.sync)) throw broken('a block does not end where it says');
    const values = valuesOf(head, block.subarray(head.before, end));
    const perLine = Math.ceil(values.length / block.length);
    const lines: Line[] = [];
    for (let first = 0; first < values.length; first += perLine) {
      const offset = at + lines.length;
      const isLast = first + perLine >= values.length;
      const value = perLine === 1 ? values[first] : values.slice(first, first + perLine);
      number += 1;
      lines.push({
        offset,
        number,
        next: isLast ? at + block.length : offset + 1,
        value: Buffer.from(JSON.stringify(value)),
      });
    }
    return lines.filter(({ offset }) => offset >= from);
  }

  function valuesOf({ count }: BlockHead, content: Buffer): readonly unknown[] {
    try {
      return readBlock(container, content, count, maxLineBytes);
    } catch (error) {
      throw broken(messageOf(error));
    }
  }

  /** The lines of the blocks that are there as a whole, up to one that is broken. */
  function linesIn(all: Buffer): readonly Line[] {
    let bytes = all;
    const lines: Line[] = [];
    try {
      for (;;) {
        const head = headOf(bytes);
        const length = head === undefined ? bytes.length + 1 : lengthOf(head);
        wanted = length;
        if (head === undefined || length > bytes.length) break;
        lines.push(...linesOf(head, bytes.subarray(0, length)));
        bytes = bytes.subarray(length);
        at += length;
      }
    } catch (error) {
      failure = error;
    }
    held = [bytes];
    heldBytes = bytes.length;
    return lines;
  }

  return {
    push(chunk) {
      if (failure !== undefined) throw failure;
      held.push(chunk);
      heldBytes += chunk.length;
      return heldBytes < wanted ? [] : linesIn(Buffer.concat(held));
    },
    finish() {
      if (failure !== undefined) throw failure;
      if (heldBytes > 0) throw broken('it ends within a block');
      return [];
    },
  };
}
