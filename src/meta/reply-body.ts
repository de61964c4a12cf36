import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { AnsweredReply } from './graph-reply.ts';

type Body = Pick<AnsweredReply, 'json' | 'unreadable'>;
type Decompress = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gzip: Decompress = promisify(gunzip);
const zlib: Decompress = promisify(inflate);
const raw: Decompress = promisify(inflateRaw);
const brotli: Decompress = promisify(brotliDecompress);

/** The first byte of a zlib stream says 8 in its lower half; some servers send the bare stream instead. */
const deflate: Decompress = (bytes, options) =>
  (bytes[0] ?? 0) % 16 === 8 ? zlib(bytes, options) : raw(bytes, options);

/** What the connector asks Meta for is no compression at all, but a proxy may not care. */
const codings: Readonly<Record<string, Decompress>> = { gzip, 'x-gzip': gzip, deflate, br: brotli };
const mostCodings = 2;

/** The JSON of a body, if it has some. `encoding`: the header Content-Encoding. Nothing longer than `maxBytes` is made. */
export async function bodyOf(bytes: Buffer, encoding: string, maxBytes: number): Promise<Body> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const plain = json(bytes);
  // Nothing to take off; or a proxy has done so, and left the header.
  if (names.length === 0 || plain.json !== undefined) return plain;
  if (names.length > mostCodings) return { unreadable: 'encoding' };
  let unpacked = bytes;
  // The last one named was put on last.
  for (const name of names.toReversed()) {
    const decompress = Object.hasOwn(codings, name) ? codings[name] : undefined;
    if (decompress === undefined) return { unreadable: 'encoding' };
    try {
      unpacked = await decompress(unpacked, { maxOutputLength: maxBytes });
    } catch (error) {
      const tooLong = error instanceof Error && Reflect.get(error, 'code') === 'ERR_BUFFER_TOO_LARGE';
      // Cut off on its way, for one: the next answer may be whole.
      return tooLong ? { unreadable: 'length' } : {};
    }
  }
  return json(unpacked);
}

function json(bytes: Buffer): Body {
  try {
    return { json: JSON.parse(bytes.toString()) as unknown };
  } catch {
    return {};
  }
}
