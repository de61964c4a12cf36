import { decodeSettings, type ProcessSettings } from '../config/environment.ts';
import { proxiesOf } from '../config/proxies.ts';
import { registryConfig } from '../config/registry.ts';
import { validSources } from '../config/sources.ts';
import { valueOfLine } from '../core/base64-lines.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import type { Prefetch } from '../core/value-reading.ts';
import { connectPayload } from '../formats/connect-json.ts';
import { createFormats } from '../formats/formats.ts';
import { prefetching } from '../formats/prefetching.ts';
import { createRegistryClient } from '../formats/registry/client.ts';
import { createSchemas, type Schemas } from '../formats/schemas.ts';
import type { ClientTls } from '../http/proxies.ts';
import type { DecodeOptions, TopicDecoding } from '../pipeline/route/decode.ts';

/** How records are read, by the settings and the file of sources. */
export interface RecordDecoding extends Prefetch {
  readonly options: DecodeOptions;
  /** What a line stands for in a file of the topic's values: bytes in base64. Undefined: lines are text themselves. */
  valueOfLine(topic: string): ((line: Buffer) => Buffer) | undefined;
  /** The source, whose records arrive when the schemas are there that they name. */
  around(source: Source, waiting: (partitions: number) => void): Source;
  /** As `prepare`, for who can't wait forever: rejects with a `ConnectorError` that says why the registry doesn't answer. */
  prepareWithin(records: Parameters<Prefetch['prepare']>[0], millis: number): Promise<void>;
}

/** Nothing is fetched any more: what isn't there is missing. */
const ended = AbortSignal.abort();

type Warn = (code: string, message: string) => void;

/** @throws ConnectorError that says what is wrong with the settings or the file. */
export function createRecordDecoding(settings: ProcessSettings, clock: Clock, warn: Warn): RecordDecoding {
  const topics = validSources(settings);
  let warned = { code: 'REGISTRY_UNREACHABLE', message: 'The schema registry does not answer.' };
  const warnOnce = (code: string, message: string) => {
    warned = { code, message };
    warn(code, message);
  };
  const schemas = topics.needsRegistry ? schemasOf(settings, clock, warnOnce) : undefined;
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
    valueOfLine: (topic) => (formats.readerOf(topic) === undefined ? undefined : valueOfLine),
    prepare: formats.prepare,
    around: (source, waiting) =>
      schemas === undefined ? source : prefetching(source, formats, { reasons: () => reasons(schemas), waiting }),
    async prepareWithin(records, millis) {
      if (formats.prepare(records, ended) === undefined) return;
      await formats.prepare(records, AbortSignal.timeout(millis));
      if (formats.prepare(records, ended) === undefined) return;
      throw new ConnectorError(warned.code, `the schemas of the records can't be fetched. ${warned.message}`);
    },
  };
}

function schemasOf(settings: ProcessSettings, clock: Clock, warn: Warn): Schemas | undefined {
  const access = registryConfig(settings);
  if (access === undefined) return undefined;
  const { tls, ...rest } = access;
  return createSchemas(createRegistryClient({ ...rest, fetch: fetchOf(settings, tls) }), clock, warn);
}

const connectTimeoutMillis = 10_000;

/** Loads what it takes to talk to a registry with the first request: most topics have none. */
function fetchOf(settings: ProcessSettings, tls: ClientTls | undefined): typeof fetch {
  let opened: Promise<typeof fetch> | undefined;
  return async (...request) => {
    opened ??= import('../http/proxies.ts').then(({ createFetch }) =>
      createFetch(proxiesOf(settings), connectTimeoutMillis, tls),
    );
    return (await opened)(...request);
  };
}

function reasons(schemas: Schemas): readonly string[] {
  const failure = schemas.away();
  if (failure === undefined) return [];
  const { message, fix } = failure;
  return [`${message}, so partitions wait for the schemas of their records.${fix === undefined ? '' : ` Fix: ${fix}`}`];
}
