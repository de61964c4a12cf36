import type { SourceRecord } from '../core/record.ts';
import type { TopicDecoding } from '../pipeline/route/decode.ts';
import type { RecordDecoding } from './record-decoding.ts';

/** A record's value as JSON, as far as it can be read, and how its event is found in it. */
export interface ReadableRecord extends Pick<TopicDecoding, 'envelope' | 'records' | 'unpack'> {
  readonly value: Buffer | null;
  /** What the key says, where it isn't plain text. */
  readonly key?: { readonly value: unknown };
}

const patienceMillis = 5_000;

/** For people: what its topic's format hides is read, with the schemas that it names. */
export async function readableRecord(decoding: RecordDecoding, record: SourceRecord): Promise<ReadableRecord> {
  const own = decoding.options.topics?.(record.topic);
  const { envelope, records, read, readKey, unpack } = own ?? decoding.options;
  const { value, key, event } = record;
  if (read !== undefined || readKey !== undefined) {
    await decoding.prepare([record], AbortSignal.timeout(patienceMillis));
  }
  const foundKey = key === null ? undefined : readKey?.(key, record);
  const as = {
    envelope,
    ...(records !== undefined && { records }),
    // One of several events was taken out of the list.
    ...(unpack !== undefined && event === undefined && { unpack }),
    ...(foundKey?.kind === 'value' && { key: { value: foundKey.value } }),
  };
  if (value === null || read === undefined || event !== undefined) return { value, ...as };
  const found = read(value, record);
  if (found.kind === 'json') return { value: found.bytes, ...as };
  return found.kind === 'value' ? { value: Buffer.from(JSON.stringify(found.value)), ...as } : { value, ...as };
}
