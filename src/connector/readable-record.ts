import type { SourceRecord } from '../core/record.ts';
import type { TopicDecoding } from '../pipeline/route/decode.ts';
import type { RecordDecoding } from './record-decoding.ts';

/** A record's value as JSON, as far as it can be read, and how its event is found in it. */
export interface ReadableRecord extends Pick<TopicDecoding, 'envelope' | 'records'> {
  readonly value: Buffer | null;
}

const patienceMillis = 5_000;

/** For people: what its topic's format hides is read, with the schemas that it names. */
export async function readableRecord(decoding: RecordDecoding, record: SourceRecord): Promise<ReadableRecord> {
  const own = decoding.options.topics?.(record.topic);
  const { envelope, records, read } = own ?? decoding.options;
  const as = { envelope, ...(records !== undefined && { records }) };
  const { value, event } = record;
  if (value === null || read === undefined || event !== undefined) return { value, ...as };
  await decoding.prepare([record], AbortSignal.timeout(patienceMillis));
  const found = read(value, record);
  if (found.kind === 'json') return { value: found.bytes, ...as };
  return found.kind === 'value' ? { value: Buffer.from(JSON.stringify(found.value)), ...as } : { value, ...as };
}
