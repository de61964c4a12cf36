import { createHash } from 'node:crypto';
import type { AnalyticsEvent } from '../../core/event.ts';
import type { SourceRecord } from '../../core/record.ts';

/**
 * The key by which Meta de-duplicates, together with the event's name: as mapped, else the messageId, else a hash of
 * where the record was read, so that reading it again gives the same id.
 */
export function eventId(mapped: string | undefined, event: AnalyticsEvent, record: SourceRecord): string {
  if (mapped !== undefined && mapped.trim() !== '') return mapped;
  const messageId = event['messageId'];
  if (typeof messageId === 'string' && messageId.trim() !== '') return messageId;
  return recordId(record);
}

function recordId(record: SourceRecord): string {
  const hash = createHash('sha256');
  // A file may be moved and touched: its name and its time are no part of what a line is.
  const place = record.topic.startsWith('file:')
    ? `${record.offset}\n`
    : `${record.topic}\n${record.partition}\n${record.offset}\n${record.timestamp}\n`;
  hash.update(record.event === undefined ? place : `${place}${record.event.index}\n`);
  if (record.value !== null) hash.update(record.value);
  return hash.digest('hex');
}
