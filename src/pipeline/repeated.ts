import type { Failure } from '../core/outcome.ts';
import type { Destination } from '../core/subscription.ts';
import type { ReadyDelivery } from './prepare.ts';

/** What one record has sent so far. */
export type SentByRecord = Set<string>;

/**
 * Whether the record already sends this event name and event id to the same pixel: Meta would drop the second without
 * a word. Remembers it otherwise.
 */
export function isRepeated(sent: SentByRecord, destination: Destination, ready: ReadyDelivery): boolean {
  const key = JSON.stringify([destination.settings.pixelId, ready.eventName, ready.eventId]);
  if (sent.has(key)) return true;
  sent.add(key);
  return false;
}

export const repeated: Failure = {
  code: 'DUPLICATE_EVENT_ID',
  message: 'another subscription sent the same event_name and event_id to the same pixel for this record',
  fix: 'map another event_id or event_name, or narrow one of the triggers',
  field: 'event_id',
};
