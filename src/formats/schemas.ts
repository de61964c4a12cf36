import { backoffMillis } from '../core/backoff.ts';
import { ConnectorError, messageOf } from '../core/errors.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import { loadSchema, type SchemaReader } from './load-schema.ts';
import type { SchemaId, SchemaRegistry } from './registry/registered-schema.ts';

/** A schema as far as it is known. */
export type KnownSchema =
  | { readonly kind: 'ready'; readonly reader: SchemaReader }
  | { readonly kind: 'unknown'; readonly at: number }
  | { readonly kind: 'invalid'; readonly failure: Failure };

/** The schemas that records named, each fetched and compiled once. */
export interface Schemas {
  /** Undefined: it was never fetched. */
  known(id: SchemaId): KnownSchema | undefined;
  /** It is to be fetched before a record of it is read. */
  isMissing(id: SchemaId): boolean;
  /** Resolves when the schema is known, or the signal aborts. */
  fetch(id: SchemaId, signal: AbortSignal): Promise<void>;
  /** Those of them that the registry doesn't know need not be asked for again for a while, however long ago that of each was. */
  renewUnknown(ids: readonly SchemaId[]): void;
  /** Why the registry doesn't say what a schema is; undefined: it does, or wasn't asked. */
  away(): Failure | undefined;
}

/** An id that the registry doesn't know may be one that a copy of it doesn't have yet. */
const unknownMillis = 60_000;
/** More than a batch of records can name; bytes that are no ids can make many. */
const maxUnknown = 200_000;
const wait = { firstMillis: 250, longestMillis: 15_000 };

export function createSchemas(
  registry: SchemaRegistry,
  clock: Clock,
  warn: (code: string, message: string) => void,
): Schemas {
  const found = new Map<string, KnownSchema>();
  const unknown = new Map<string, Extract<KnownSchema, { kind: 'unknown' }>>();
  const underWay = new Map<string, Promise<void>>();
  let failure: Failure | undefined;

  function known(id: SchemaId): KnownSchema | undefined {
    const key = keyOf(id);
    return found.get(key) ?? unknown.get(key);
  }

  function isAway(why: Failure): void {
    if (failure?.code !== why.code) warn(why.code, `${why.message}: reading waits. Fix: ${why.fix ?? ''}`);
    failure = why;
  }

  async function fetchUntilKnown(id: SchemaId, signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      const answer = await registry.fetch(id, signal);
      if (signal.aborted) return;
      if (answer.kind === 'away') {
        isAway(answer.failure);
        await clock.sleep(backoffMillis(wait, failures), signal);
        continue;
      }
      failure = undefined;
      if (answer.kind === 'unknown') addUnknown(keyOf(id));
      else if (answer.kind === 'invalid') found.set(keyOf(id), answer);
      else found.set(keyOf(id), await compiled(() => loadSchema(answer.schema)));
      return;
    }
  }

  function addUnknown(key: string): void {
    unknown.delete(key);
    unknown.set(key, { kind: 'unknown', at: clock.monotonic() });
    if (unknown.size <= maxUnknown) return;
    const [oldest] = unknown.keys();
    if (oldest !== undefined) unknown.delete(oldest);
  }

  return {
    known,
    isMissing(id) {
      const schema = known(id);
      return schema === undefined || (schema.kind === 'unknown' && clock.monotonic() >= schema.at + unknownMillis);
    },
    fetch(id, signal) {
      const key = keyOf(id);
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const started = fetchUntilKnown(id, signal).finally(() => underWay.delete(key));
      underWay.set(key, started);
      return started;
    },
    renewUnknown(ids) {
      for (const key of ids.map(keyOf)) if (unknown.has(key)) addUnknown(key);
    },
    away: () => (underWay.size === 0 ? undefined : failure),
  };
}

function keyOf({ kind, value }: SchemaId): string {
  return `${kind} ${value}`;
}

async function compiled(load: () => Promise<SchemaReader>): Promise<KnownSchema> {
  try {
    return { kind: 'ready', reader: await load() };
  } catch (error) {
    const code = error instanceof ConnectorError ? error.code : 'SCHEMA_INVALID';
    return { kind: 'invalid', failure: { code, message: messageOf(error).slice(0, 300) } };
  }
}
