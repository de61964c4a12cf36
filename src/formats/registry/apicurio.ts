import { own } from '../../core/json.ts';
import { ask, away, type RegistryAccess } from './ask.ts';
import { maxId, type RegistryAnswer } from './registered-schema.ts';

const confluentApi = /\/apis\/ccompat\/v\d+$/;

/**
 * A schema by Apicurio's global id, which only Apicurio's own API knows (Apicurio Registry 2: core registry API,
 * /ids/globalIds). It answers with the schema itself, and doesn't say of which kind it is.
 */
export async function fetchGlobal(access: RegistryAccess, id: string, signal: AbortSignal): Promise<RegistryAnswer> {
  if (!confluentApi.test(access.url)) return elsewhere(access, signal);
  const core = { ...access, url: access.url.replace(confluentApi, '/apis/registry/v2') };
  const reply = await ask(core, `/ids/globalIds/${id}`, signal, 'text');
  if (reply.kind !== 'found') return reply;
  const references = await ask(core, `/ids/globalIds/${id}/references`, signal, 'text');
  if (references.kind !== 'found') return references;
  if (references.text.trim() !== '[]') return withReferences;
  return { kind: 'found', schema: { type: typeOf(reply.text), text: reply.text, references: [] } };
}

/**
 * A registry that is another one knows no such ids: its answer about a number shows that it is there. Else a record that
 * begins with zeros, and is none of its, would hold its partition for ever.
 */
async function elsewhere(access: RegistryAccess, signal: AbortSignal): Promise<RegistryAnswer> {
  const reply = await ask(access, `/schemas/ids/${maxId}`, signal);
  if (reply.kind === 'away') return reply.failure.code === 'REGISTRY_ANSWER_INVALID' ? notApicurio : reply;
  return reply.kind === 'found' || reply.code === schemaNotFound ? { kind: 'unknown' } : notApicurio;
}

/** Confluent: schema registry API, GET /schemas/ids. */
const schemaNotFound = 40_403;

const avroTypes: ReadonlySet<unknown> = new Set(['record', 'enum', 'fixed', 'error']);

/** A type by its name, and a union, are Avro that is no object. */
function typeOf(text: string): string {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return 'PROTOBUF';
  }
  const isAvro = typeof schema === 'string' || Array.isArray(schema) || avroTypes.has(own(schema, 'type'));
  return isAvro ? 'AVRO' : 'JSON';
}

const notApicurio = away(
  'REGISTRY_ANSWER_INVALID',
  'a record names its schema by an id of eight bytes, which only Apicurio has',
  'give Apicurio in SCHEMA_REGISTRY_URL, with /apis/ccompat/v7 at its end',
);

const withReferences: RegistryAnswer = {
  kind: 'invalid',
  failure: {
    code: 'SCHEMA_INVALID',
    message: 'the schema has references, which are not followed for ids of eight bytes',
    fix: 'let the writer use Legacy4ByteIdHandler, then replay',
  },
};
