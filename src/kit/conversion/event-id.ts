import { createHash } from 'node:crypto';
import type { ActionContext } from '../../core/action.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import type { SourceRecord } from '../../core/record.ts';

/**
 * The key by which Meta de-duplicates, together with the event's name: as mapped, else the messageId, else a hash of
 * where the record was read, so that reading it again gives the same id.
 */
export function eventId(
  mapped: string | undefined,
  event: AnalyticsEvent,
  record: SourceRecord,
  warn: ActionContext['warn'] = () => undefined,
): string {
  for (const id of [mapped, event['messageId']]) {
    if (typeof id !== 'string' || id.trim() === '') continue;
    if (!id.includes(objectAsText)) return id;
    warn(holdsAnObject);
  }
  return recordId(record);
}

/** What templates, and JavaScript, write for an object: all events would have this id, of which Meta would count one. */
const objectAsText = '[object Object]';

const holdsAnObject = {
  code: 'FIELD_UNUSABLE',
  field: 'event_id',
  message:
    'The id of the event (event_id) holds an object written as text ([object Object]), which is the same for all: the messageId, or a hash of the place in the source, is taken.',
};

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
