import type { Failure } from '../../core/outcome.ts';

/** How a record names its schema: a number of Confluent's API, one of Apicurio's two, or a GUID. */
export interface SchemaId {
  readonly kind: 'id' | 'globalId' | 'contentId' | 'guid';
  readonly value: string;
}

/** Ids are numbers of 32 bits with a sign. About what is none, some registries answer that they were asked wrongly. */
export const maxId = 0x7fff_ffff;

/** A schema as the registry holds it. */
export interface RegisteredSchema {
  /** As the registry spells it; others than these exist. */
  readonly type: 'AVRO' | 'PROTOBUF' | 'JSON' | (string & {});
  readonly text: string;
  /** The schemas that it names, each behind those that it names itself. */
  readonly references: readonly { readonly name: string; readonly text: string }[];
}

export type RegistryAnswer =
  | { readonly kind: 'found'; readonly schema: RegisteredSchema }
  /** The registry has no such schema. */
  | { readonly kind: 'unknown' }
  /** The schema is there, and can't be used. */
  | { readonly kind: 'invalid'; readonly failure: Failure }
  /** No answer that says anything of the schema: ask again. */
  | { readonly kind: 'away'; readonly failure: Failure };

/** Fetches schemas. */
export interface SchemaRegistry {
  fetch(id: SchemaId, signal: AbortSignal): Promise<RegistryAnswer>;
}
