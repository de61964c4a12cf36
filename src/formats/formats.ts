import { holdsBytes, type TopicSettings, type TopicsSettings } from '../core/topic-settings.ts';
import type { Prefetch, ReadRecordKey, ReadRecordValue, ReadValue } from '../core/value-reading.ts';
import { createDecompressor } from './compressed.ts';
import { type Frame, frameOf } from './framing.ts';
import { keyReader } from './keys.ts';
import type { SchemaId } from './registry/registered-schema.ts';
import { createRegistryValues } from './registry-values.ts';
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
  /** Undefined: its keys are text. */
  keyReaderOf(topic: string): ReadRecordKey | undefined;
}

/** So many schemas of a batch are asked for at once. */
const concurrency = 8;

export function createFormats({ topics, schemas, maxRecordBytes }: FormatsOptions): Formats {
  const readers = new Map<string, ReadRecordValue | undefined>();
  const values = createRegistryValues(schemas);
  const decompressor = createDecompressor(maxRecordBytes);

  function readerOf(topic: string): ReadRecordValue | undefined {
    if (!readers.has(topic)) readers.set(topic, makeReader(topics.of(topic)));
    return readers.get(topic);
  }

  function makeReader(settings: TopicSettings | undefined): ReadRecordValue | undefined {
    if (settings === undefined || !holdsBytes(settings)) return undefined;
    const { format, compression } = settings;
    return (value, record) => {
      if (value.length > maxRecordBytes) return { kind: 'json', bytes: value };
      const bytes = compression === undefined ? value : decompressor.read(value, compression);
      if (!Buffer.isBuffer(bytes)) return bytes;
      if (format === 'json') return { kind: 'json', bytes };
      const frame = frameOf(bytes, record.headers);
      if (frame.kind === 'failed') return frame;
      if (frame.kind === 'plain') return unframed(bytes, format);
      if (format === 'json-schema') return { kind: 'json', bytes: bytes.subarray(frame.at) };
      return values.read(bytes, frame, format, `${record.topic}-value`);
    };
  }

  /** The ids that records name and that nothing is known of. */
  function missing(records: Parameters<Prefetch['prepare']>[0]): readonly SchemaId[] {
    if (schemas === undefined) return [];
    decompressor.begin();
    const ids = new Map<string, SchemaId>();
    const note = (frame: Frame) => {
      if (frame.kind !== 'framed' || !schemas.isMissing(frame.id)) return;
      ids.set(`${frame.id.kind} ${frame.id.value}`, frame.id);
    };
    for (const { topic, key = null, value, headers } of records) {
      const settings = topics.of(topic);
      if (settings === undefined) continue;
      if (settings.key === 'avro' && key !== null) note(frameOf(key, headers, 'key'));
      if (value === null || value.length > maxRecordBytes) continue;
      if (settings.format === 'json' || settings.format === 'json-schema') continue;
      const { compression } = settings;
      const bytes = compression === undefined ? value : decompressor.peek(value, compression);
      if (Buffer.isBuffer(bytes)) note(frameOf(bytes, headers));
    }
    return [...ids.values()];
  }

  async function fetchAll(ids: readonly SchemaId[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < ids.length && !signal.aborted; from += concurrency) {
      await Promise.all(ids.slice(from, from + concurrency).map((id) => schemas?.fetch(id, signal)));
    }
    // Else the first were to be asked for again where all of them took long, and the records would wait for ever.
    if (!signal.aborted) schemas?.renewUnknown(ids);
  }

  return {
    readerOf,
    keyReaderOf(topic) {
      const settings = topics.of(topic);
      return settings && keyReader(settings, values);
    },
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
