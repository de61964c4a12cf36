import { createRequire } from 'node:module';
import { installedVersion, isPatchable } from './installed-version.ts';

const require = createRequire(import.meta.url);

/** What is used of kafkajs's reader of bytes. */
interface Decoder {
  readVarInt(): number;
}

interface Header {
  readonly key: string;
  readonly value: Buffer | null;
}

type ReadHeader = (decoder: Decoder) => Header;

type Headers = Record<string, Header['value'] | readonly Header['value'][]>;

/**
 * kafkajs 2.2 gathers the headers of a record by copying all that it has for each one: a dead letter, which has two dozen,
 * takes longer in that loop than in everything else. Its array of headers, which nothing else reads, knows here how to be
 * gathered once. Any other version is left alone.
 *
 * @returns whether the patch applies to the kafkajs that is installed
 */
export function patchHeaders(version: string = installedVersion()): boolean {
  if (!isPatchable(version)) return false;
  const { prototype } = require('kafkajs/src/protocol/decoder') as {
    prototype: { readVarIntArray(reader: ReadHeader): { reduce(): Headers } };
  };
  prototype.readVarIntArray = function (this: Decoder, reader) {
    const headers = readHeaders(this, reader);
    return { reduce: () => headers };
  } as (reader: ReadHeader) => { reduce(): Headers };
  return true;
}

/** Of a name that comes twice all values, in their order. */
export function readHeaders(decoder: Decoder, reader: ReadHeader): Headers {
  const headers: Headers = {};
  for (let left = decoder.readVarInt(); left > 0; left -= 1) {
    const { key, value } = reader(decoder);
    const known = Object.hasOwn(headers, key) ? headers[key] : undefined;
    const all = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
    // Assigned, it would be something else.
    if (key === '__proto__')
      Object.defineProperty(headers, key, { value: all, enumerable: true, configurable: true, writable: true });
    else headers[key] = all;
  }
  return headers;
}
