import { decodeSettings, type ProcessSettings } from '../config/environment.ts';
import { proxiesOf } from '../config/proxies.ts';
import { registryConfig } from '../config/registry.ts';
import { validSources } from '../config/sources.ts';
import type { Clock } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import type { Prefetch } from '../core/value-reading.ts';
import { connectPayload } from '../formats/connect-json.ts';
import { createFormats } from '../formats/formats.ts';
import { prefetching } from '../formats/prefetching.ts';
import { createRegistryClient } from '../formats/registry/client.ts';
import { createSchemas, type Schemas } from '../formats/schemas.ts';
import { createFetch } from '../http/proxies.ts';
import type { DecodeOptions, TopicDecoding } from '../pipeline/route/decode.ts';

/** How records are read, by the settings and the file of sources. */
export interface RecordDecoding extends Prefetch {
  readonly options: DecodeOptions;
  /** What the topic holds is no text: a file of it has a value in base64 a line. */
  holdsBytes(topic: string): boolean;
  /** The source, whose records arrive when the schemas are there that they name. */
  around(source: Source): Source;
}

type Warn = (code: string, message: string) => void;

/** @throws ConnectorError that says what is wrong with the settings or the file. */
export function createRecordDecoding(settings: ProcessSettings, clock: Clock, warn: Warn): RecordDecoding {
  const topics = validSources(settings);
  const schemas = topics.needsRegistry ? schemasOf(settings, clock, warn) : undefined;
  const base = { ...decodeSettings(settings), connectPayload };
  const { maxRecordBytes } = base;
  const formats = createFormats({ topics, maxRecordBytes, ...(schemas !== undefined && { schemas }) });
  const known = new Map<string, TopicDecoding | undefined>();

  function decodingOf(topic: string): TopicDecoding | undefined {
    const own = topics.of(topic);
    if (own === undefined) return undefined;
    const read = formats.readerOf(topic);
    const readKey = formats.keyReaderOf(topic);
    const { envelope, records, unpack } = own;
    return {
      envelope,
      records,
      ...(unpack !== undefined && { unpack }),
      ...(read !== undefined && { read }),
      ...(readKey !== undefined && { readKey }),
    };
  }

  function cached(topic: string): TopicDecoding | undefined {
    if (!known.has(topic)) known.set(topic, decodingOf(topic));
    return known.get(topic);
  }

  return {
    options: settings.SOURCES === undefined ? base : { ...base, topics: cached },
    holdsBytes: (topic) => formats.readerOf(topic) !== undefined,
    prepare: formats.prepare,
    around: (source) => (schemas === undefined ? source : prefetching(source, formats, () => reasons(schemas))),
  };
}

function schemasOf(settings: ProcessSettings, clock: Clock, warn: Warn): Schemas | undefined {
  const access = registryConfig(settings);
  if (access === undefined) return undefined;
  const { tls, ...rest } = access;
  return createSchemas(
    createRegistryClient({ ...rest, fetch: createFetch(proxiesOf(settings), connectTimeoutMillis, tls) }),
    clock,
    warn,
  );
}

const connectTimeoutMillis = 10_000;

function reasons(schemas: Schemas): readonly string[] {
  const failure = schemas.away();
  if (failure === undefined) return [];
  const { message, fix } = failure;
  return [`${message}, so partitions wait for the schemas of their records.${fix === undefined ? '' : ` Fix: ${fix}`}`];
}
