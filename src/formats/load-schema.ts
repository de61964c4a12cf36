import { isObject } from '../core/json.ts';
import type { ReadValue } from '../core/value-reading.ts';
import { compileAvro } from './avro/compile.ts';
import { type Cursor, cursorOf, mismatch } from './values/cursor.ts';
import type { Framed } from './framing.ts';
import { messageIn } from './message-name.ts';
import type { RegisteredSchema } from './registry/registered-schema.ts';
import { schemaInvalid } from './values/schema-error.ts';

/** Reads values that were written by one schema. */
export interface SchemaReader {
  readonly format: 'avro' | 'protobuf' | 'json-schema';
  /** Throws a `ConnectorError` when the value doesn't fit the schema. */
  read(value: Buffer, frame: Framed): ReadValue;
}

/** What of it isn't needed isn't loaded: Protobuf's parser is a package. */
export async function loadSchema({ type, text, references }: RegisteredSchema): Promise<SchemaReader> {
  switch (type) {
    case 'AVRO':
      return avroReader(
        text,
        references.map((reference) => reference.text),
      );
    case 'PROTOBUF':
      return protobufReader([...references, { name: '', text }]);
    case 'JSON':
      return { format: 'json-schema', read: (value, { at }) => ({ kind: 'json', bytes: value.subarray(at) }) };
    default:
      throw schemaInvalid('is of a kind that is not read: AVRO, PROTOBUF and JSON are');
  }
}

function avroReader(text: string, references: readonly string[]): SchemaReader {
  const read = compileAvro(parsed(text), references.map(parsed));
  return {
    format: 'avro',
    read(value, { at }) {
      const cursor = cursorOf(value, at);
      return whole(cursor, read(cursor));
    },
  };
}

/** A schema that is one name is written without quotes by some. */
function parsed(text: string): unknown {
  try {
    const schema: unknown = JSON.parse(text);
    if (isObject(schema) || Array.isArray(schema) || typeof schema === 'string') return schema;
  } catch {
    if (/^[a-z]+$/.test(text)) return text;
  }
  throw schemaInvalid('is not JSON');
}

async function protobufReader(
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<SchemaReader> {
  const { compileProto } = await import('./protobuf/compile.ts');
  const proto = compileProto(files);
  return {
    format: 'protobuf',
    read(value, frame) {
      const cursor = cursorOf(value, frame.at);
      const message = messageIn(cursor, frame);
      return whole(cursor, proto.reader(message)(cursor, value.length));
    },
  };
}

function whole({ at, bytes }: Cursor, value: unknown): ReadValue {
  if (at !== bytes.length) throw mismatch('bytes are left behind the value');
  return { kind: 'value', value };
}
