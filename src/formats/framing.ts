import type { Failure } from '../core/outcome.ts';
import type { RecordHeaders } from '../core/record.ts';
import type { SchemaId } from './registry/registered-schema.ts';

/** How a value says by which schema it was written, and where it begins. */
export type Frame =
  | {
      readonly kind: 'framed';
      readonly id: SchemaId;
      readonly at: number;
      /** What follows the id of a Protobuf message: indexes of Confluent's, a name of Apicurio's, or neither. */
      readonly message: 'indexes' | 'name' | 'none' | readonly number[];
    }
  | { readonly kind: 'plain' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * The frame of a value or of a key: an id in a header, or in the bytes in front (Confluent: wire format; Apicurio: id handlers).
 * Numbers begin with 1, so four bytes of zeros can only be the upper half of eight.
 */
export function frameOf(value: Buffer, headers: RecordHeaders | undefined, part: 'value' | 'key' = 'value'): Frame {
  const byHeader = headers === undefined ? undefined : frameInHeaders(headers, part);
  if (byHeader !== undefined) return byHeader;
  if (isGlue(value))
    return failed('GLUE_FRAMING', 'the record is framed by AWS Glue Schema Registry, which is not read');
  if (value[0] !== 0) return { kind: 'plain' };
  if (value.length < 5) return truncated;
  const id = value.readUInt32BE(1);
  if (id !== 0) return { kind: 'framed', id: { kind: 'id', value: String(id) }, at: 5, message: 'indexes' };
  if (value.length < 9) return truncated;
  const global = value.readBigUInt64BE(1).toString();
  return { kind: 'framed', id: { kind: 'globalId', value: global }, at: 9, message: 'name' };
}

const truncated = failed('FRAME_TRUNCATED', 'the record ends within the id of its schema');

function failed(code: string, message: string): Frame {
  return { kind: 'failed', failure: { code, message } };
}

/** Glue puts a 3, whether it is compressed (0 or 5), and a GUID in front. */
function isGlue(value: Buffer): boolean {
  return value.length >= 18 && value[0] === 3 && (value[1] === 0 || value[1] === 5);
}

function frameInHeaders(headers: RecordHeaders, part: 'value' | 'key'): Frame | undefined {
  const confluent = headers[`__${part}_schema_id`];
  if (Buffer.isBuffer(confluent)) return confluentHeader(confluent);
  for (const kind of ['globalId', 'contentId'] as const) {
    const id = headers[`apicurio.${part}.${kind}`];
    if (!Buffer.isBuffer(id)) continue;
    if (id.length !== 8) return truncated;
    return { kind: 'framed', id: { kind, value: id.readBigUInt64BE(0).toString() }, at: 0, message: 'none' };
  }
  return undefined;
}

/** A 1 and a GUID, and of a Protobuf message the indexes, as bytes of the value would have them. */
function confluentHeader(header: Buffer): Frame {
  if (header[0] !== 1 || header.length < 17) return failed('WRONG_MAGIC_BYTE', 'the header with the schema id is none');
  const guid = header.toString('hex', 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const message = header.length === 17 ? ('none' as const) : [...header.subarray(17)];
  return { kind: 'framed', id: { kind: 'guid', value: guid }, at: 0, message };
}

export type Framed = Extract<Frame, { kind: 'framed' }>;
