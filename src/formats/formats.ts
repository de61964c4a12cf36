import { ConnectorError } from '../core/errors.ts';
import type { Failure } from '../core/outcome.ts';
import type { TopicSettings, TopicsSettings } from '../core/topic-settings.ts';
import type { Prefetch, ReadRecordValue, ReadValue } from '../core/value-reading.ts';
import { decompress } from './compressed.ts';
import { type Framed, frameOf } from './framing.ts';
import type { SchemaId } from './registry/registered-schema.ts';
import type { Schemas } from './schemas.ts';

export interface FormatsOptions {
  readonly topics: TopicsSettings;
  /** Absent: no topic needs the registry. */
  readonly schemas?: Schemas;
  readonly maxRecordBytes: number;
}

/** Reads the values of topics that don't hold plain JSON. */
export interface Formats extends Prefetch {
  /** Undefined: the topic holds plain JSON. */
  readerOf(topic: string): ReadRecordValue | undefined;
}

/** So many schemas of a batch are asked for at once. */
const concurrency = 8;

export function createFormats({ topics, schemas, maxRecordBytes }: FormatsOptions): Formats {
  const readers = new Map<string, ReadRecordValue | undefined>();

  function readerOf(topic: string): ReadRecordValue | undefined {
    if (!readers.has(topic)) readers.set(topic, makeReader(topics.of(topic)));
    return readers.get(topic);
  }

  function makeReader(settings: TopicSettings | undefined): ReadRecordValue | undefined {
    if (settings === undefined) return undefined;
    const { format, compression } = settings;
    if (format === 'json' && compression === undefined) return undefined;
    return (value, record) => {
      if (value.length > maxRecordBytes) return { kind: 'json', bytes: value };
      const bytes = compression === undefined ? value : decompress(value, compression, maxRecordBytes);
      if (!Buffer.isBuffer(bytes)) return bytes;
      if (format === 'json') return { kind: 'json', bytes };
      const frame = frameOf(bytes, record.headers);
      if (frame.kind === 'failed') return frame;
      if (frame.kind === 'plain') return unframed(bytes, format);
      if (format === 'json-schema') return { kind: 'json', bytes: bytes.subarray(frame.at) };
      return readFramed(bytes, frame, format, record.topic);
    };
  }

  function readFramed(bytes: Buffer, frame: Framed, format: TopicSettings['format'], topic: string): ReadValue {
    const schema = schemas?.known(frame.id);
    if (schema === undefined)
      throw new ConnectorError('SCHEMA_NOT_FETCHED', 'a record is read before its schema is there');
    if (schema.kind === 'unknown') {
      const failure = { code: 'SCHEMA_UNKNOWN', message: 'the registry does not know the schema of the record' };
      return failedBy(failure, frame.id, topic);
    }
    if (schema.kind === 'invalid') return failedBy(schema.failure, frame.id, topic);
    const { reader } = schema;
    if (format !== 'auto' && reader.format !== format) {
      const message = `the schema is ${reader.format}, and sources.json says ${format}`;
      return failedBy({ code: 'SCHEMA_MISMATCH', message }, frame.id, topic);
    }
    try {
      return reader.read(bytes, frame);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return failedBy({ code: error.code, message: error.message }, frame.id, topic);
    }
  }

  /** The ids that records name and that nothing is known of. */
  function missing(records: Parameters<Prefetch['prepare']>[0]): readonly SchemaId[] {
    if (schemas === undefined) return [];
    const ids = new Map<string, SchemaId>();
    for (const { topic, value, headers } of records) {
      if (value === null || value.length > maxRecordBytes) continue;
      const settings = topics.of(topic);
      if (settings === undefined || settings.format === 'json' || settings.format === 'json-schema') continue;
      const { compression } = settings;
      const bytes = compression === undefined ? value : decompress(value, compression, maxRecordBytes);
      if (!Buffer.isBuffer(bytes)) continue;
      const frame = frameOf(bytes, headers);
      if (frame.kind === 'framed' && schemas.isMissing(frame.id)) {
        ids.set(`${frame.id.kind} ${frame.id.value}`, frame.id);
      }
    }
    return [...ids.values()];
  }

  async function fetchAll(ids: readonly SchemaId[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < ids.length && !signal.aborted; from += concurrency) {
      await Promise.all(ids.slice(from, from + concurrency).map((id) => schemas?.fetch(id, signal)));
    }
  }

  return {
    readerOf,
    prepare(records, signal) {
      const ids = missing(records);
      return ids.length === 0 ? undefined : fetchAll(ids, signal);
    },
  };
}

function unframed(bytes: Buffer, format: 'json-schema' | 'avro' | 'protobuf' | 'auto'): ReadValue {
  if (format === 'auto' || format === 'json-schema') return { kind: 'json', bytes };
  const message = `the record does not begin with the id of a schema, and sources.json says ${format}`;
  return { kind: 'failed', failure: { code: 'WRONG_MAGIC_BYTE', message } };
}

/** The registry names a subject by the topic unless it was told otherwise; nobody asks it for more. */
function failedBy(failure: Failure, { kind, value }: SchemaId, topic: string): ReadValue {
  const message = `${failure.message} (schema ${kind} ${value}, subject ${topic}-value)`;
  return { kind: 'failed', failure: { ...failure, message } };
}
