import { crc32, inflateRawSync } from 'node:zlib';
import { maxParts } from '../../core/bounded-json.ts';
import { ConnectorError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { decompressSnappyBlock } from '../../core/snappy.ts';
import { decompressZstd } from '../../core/zstd.ts';
import { countItems, cursorOf, enter, mismatch } from '../values/cursor.ts';
import { schemaInvalid } from '../values/schema-error.ts';
import { compileAvro } from './compile.ts';
import { readInt, type Reader } from './primitives.ts';

/** What the beginning of an Avro container file says of it (Avro 1.12 specification: object container files). */
export interface Container {
  /** Where the first block begins. */
  readonly headerEnd: number;
  readonly sync: Buffer;
  readonly read: Reader;
  readonly codec: string;
}

/** Where a block lies, as its first bytes say. */
export interface BlockHead {
  readonly count: number;
  /** How many bytes of the block stand before its content. */
  readonly before: number;
  /** Of the content, as it is compressed. */
  readonly size: number;
}

export const syncBytes = 16;
/** Two numbers of up to ten bytes each. */
export const headBytes = 20;

const magic = Buffer.from('Obj\x01', 'latin1');
const metadata = compileAvro({ type: 'map', values: 'bytes' }, []);

/** @param bytes The beginning of the file, with all of the header. Undefined: it is no container. */
export function readContainer(bytes: Buffer): Container | undefined {
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const cursor = cursorOf(bytes, magic.length);
  const members = metadata(cursor);
  const headerEnd = cursor.at + syncBytes;
  if (!isObject(members) || headerEnd > bytes.length) return undefined;
  const text = (name: string) => Buffer.from(String(members[name] ?? ''), 'base64').toString('utf8');
  const codec = text('avro.codec') || 'null';
  if (!Object.hasOwn(codecs, codec)) {
    const known = Object.keys(codecs).join(', ');
    throw new ConnectorError('SCHEMA_INVALID', `it is compressed as "${shown(codec)}", and ${known} are read`);
  }
  return {
    headerEnd,
    sync: bytes.subarray(cursor.at, headerEnd),
    read: compileAvro(parsed(text('avro.schema')), []),
    codec,
  };
}

/** Undefined: there is more of it to come. */
export function readBlockHead(bytes: Buffer): BlockHead | undefined {
  const cursor = cursorOf(bytes, 0);
  try {
    const [count, size] = [readInt(cursor), readInt(cursor)];
    return { count, size, before: cursor.at };
  } catch (error) {
    if (bytes.length < headBytes) return undefined;
    throw error;
  }
}

/** The values of a block, one after another. */
export function readBlock({ read, codec }: Container, content: Buffer, count: number, maxBytes: number): unknown[] {
  const bytes = codecs[codec]?.(content, maxBytes) ?? content;
  const cursor = cursorOf(bytes, 0);
  enter(cursor);
  countItems(cursor, count);
  const values = Array.from({ length: count }, () => {
    cursor.parts = maxParts;
    return read(cursor);
  });
  if (cursor.at !== bytes.length) throw mismatch('bytes are left behind the values');
  return values;
}

const codecs: Readonly<Record<string, (bytes: Buffer, maxOutputLength: number) => Buffer>> = {
  null: (bytes) => bytes,
  deflate: (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength }),
  snappy(bytes, maxBytes) {
    const end = Math.max(0, bytes.length - 4);
    const content = decompressSnappyBlock(bytes.subarray(0, end), maxBytes);
    if (content === undefined || bytes.length < 4 || crc32(content) !== bytes.readUInt32BE(end))
      throw mismatch('a block compressed with snappy is damaged');
    return content;
  },
  zstandard: (bytes, maxBytes) => decompressZstd(bytes, { maxBytes, maxFrames: 1_000 }),
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw schemaInvalid('is not JSON');
  }
}

function shown(codec: string): string {
  return codec.slice(0, 40).replace(/[^\w-]/g, '?');
}
