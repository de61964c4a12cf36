import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import type { ReadyDelivery } from './prepare.ts';

/** What one record has sent so far. A chain: most records send one event, and comparing is cheaper than a key. */
export interface SentByRecord {
  last: Sent | undefined;
}

interface Sent {
  readonly pixelId: string | undefined;
  readonly eventName: string;
  readonly eventId: string;
  readonly before: Sent | undefined;
}

export function nothingSent(): SentByRecord {
  return { last: undefined };
}

/**
 * Whether the record already sends this event name and event id to the same pixel: Meta would drop the second without
 * a word. Remembers it otherwise.
 */
export function isDuplicate(sent: SentByRecord, destination: Destination, ready: ReadyDelivery): boolean {
  const { pixelId } = destination.settings;
  const { eventName, eventId } = ready;
  for (let event = sent.last; event !== undefined; event = event.before) {
    if (event.eventId === eventId && event.eventName === eventName && event.pixelId === pixelId) return true;
  }
  sent.last = { pixelId, eventName, eventId, before: sent.last };
  return false;
}

export const duplicateEvent: Failure = {
  code: 'DUPLICATE_EVENT_ID',
  message:
    'the record sends the same event_name and event_id to the same pixel already, by another subscription or event',
  fix: 'map another event_id or event_name, or narrow one of the triggers',
  field: 'event_id',
};
