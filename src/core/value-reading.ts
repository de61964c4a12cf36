import type { Failure } from './outcome.ts';
import type { SourceRecord } from './record.ts';

/** What the bytes of a record's value hold, before anybody asks for an event in it. */
export type ReadValue =
  /** Text that is JSON, or should be: read as every other JSON, with the same limits. */
  | { readonly kind: 'json'; readonly bytes: Buffer }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A record of which only this much is needed to read its value, and its key if that is to be read too. */
export type ReadableRecord = Pick<SourceRecord, 'topic' | 'value' | 'headers'> & Partial<Pick<SourceRecord, 'key'>>;

/**
 * Turns a value that isn't plain JSON into what mappings expect. It waits for nothing: the schemas that it needs were
 * fetched before.
 */
export type ReadRecordValue = (value: Buffer, record: ReadableRecord) => ReadValue;

/** The same of a record's key; nobody reads that as an event. */
export type ReadRecordKey = (key: Buffer, record: ReadableRecord) => Exclude<ReadValue, { kind: 'json' }>;

/** Fetches what records need before they can be read. */
export interface Prefetch {
  /** Undefined: everything is there. Resolves when it is; while the registry doesn't answer, it goes on trying. */
  prepare(records: readonly ReadableRecord[], signal: AbortSignal): Promise<void> | undefined;
}
