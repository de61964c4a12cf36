import { isObject, type JsonObject } from '../../core/json.ts';
import { maxId, type RegistryAnswer, type SchemaRegistry } from './registered-schema.ts';
import { fetchGlobal } from './apicurio.ts';
import { ask, away, type RegistryAccess, type Reply } from './ask.ts';

/** More than any schema has, fewer than a loop of references makes. */
const maxReferences = 500;

type NotFound = Exclude<RegistryAnswer, { kind: 'found' }>;

/** A schema registry with Confluent's API, which Apicurio, Karapace and Redpanda speak too. */
export function createRegistryClient(access: RegistryAccess): SchemaRegistry {
  return {
    async fetch(id, signal) {
      if (id.kind === 'globalId') return fetchGlobal(access, id.value, signal);
      if (id.kind === 'id' && Number(id.value) > maxId) return { kind: 'unknown' };
      // Apicurio's Confluent API counts by content.
      const path = id.kind === 'guid' ? `/schemas/guids/${id.value}` : `/schemas/ids/${id.value}`;
      const reply = await ask(access, path, signal);
      if (reply.kind !== 'found') return reply;
      const { schema: text, schemaType } = reply.body;
      if (typeof text !== 'string') return notARegistry;
      const type = typeof schemaType === 'string' ? schemaType : 'AVRO';
      const references = new Map<string, string>();
      const problem = await collect(access, reply.body, { references, path: [], asked: { count: 0 } }, signal);
      if (problem !== undefined) return problem;
      const list = [...references].map(([name, schema]) => ({ name, text: schema }));
      return { kind: 'found', schema: { type, text, references: list } };
    },
  };
}

const notARegistry = away(
  'REGISTRY_ANSWER_INVALID',
  'the answer of the schema registry holds no schema',
  'check SCHEMA_REGISTRY_URL: it is the address of the API, such as https://registry.example.com',
);

interface Collected {
  /** By name, each behind those that it needs. */
  readonly references: Map<string, string>;
  /** The subjects and versions that the one at hand is referred to from. */
  readonly path: readonly string[];
  readonly asked: { count: number };
}

/** The schemas that a schema names, and those that they name. Returns what stands in the way. */
async function collect(
  access: RegistryAccess,
  schema: JsonObject,
  { references, path, asked }: Collected,
  signal: AbortSignal,
): Promise<NotFound | undefined> {
  const list = Array.isArray(schema['references']) ? schema['references'].filter(isObject) : [];
  for (const { name, subject, version } of list) {
    if (typeof name !== 'string' || references.has(name)) continue;
    // Records are read by schemas that were deleted since, as long as they are there.
    const at = `/subjects/${encodeURIComponent(String(subject))}/versions/${encodeURIComponent(String(version))}?deleted=true`;
    asked.count += 1;
    if (path.includes(at) || asked.count > maxReferences) return cyclic;
    const reply: Reply = await ask(access, at, signal);
    if (reply.kind === 'unknown') return missing;
    if (reply.kind !== 'found') return reply;
    const text = reply.body['schema'];
    if (typeof text !== 'string') return notARegistry;
    const problem = await collect(access, reply.body, { references, path: [...path, at], asked }, signal);
    if (problem !== undefined) return problem;
    references.set(name, text);
  }
  return undefined;
}

const cyclic: NotFound = {
  kind: 'invalid',
  failure: { code: 'SCHEMA_CYCLIC', message: 'the references of the schema lead back to itself' },
};

const missing: NotFound = {
  kind: 'invalid',
  failure: { code: 'SCHEMA_INVALID', message: 'the schema refers to one that the registry does not have' },
};
