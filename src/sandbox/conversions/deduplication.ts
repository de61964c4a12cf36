import { createHash, randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../../core/json.ts';
import { present } from './event-path.ts';

const hourMillis = 3_600_000;

/** Same dataset, event_name and event_id (Meta: deduplicate pixel and server events). */
export const eventIdWindowMillis = 48 * hourMillis;
const storeWindowMillis = 7 * 24 * hourMillis;

/** Which rule finds a duplicate of an event. */
export type DuplicateRule = 'event_id' | 'store' | 'none';

/** Business messaging is never compared; store events by their order, not by event_id (Meta: offline events). */
export function duplicateRule(event: JsonObject): DuplicateRule {
  const source = event['action_source'];
  if (source === 'business_messaging') return 'none';
  if (source === 'physical_store') return 'store';
  return present(event['event_id']) ? 'event_id' : 'none';
}

/** Finds repeated store events. Remembers the newest `capacity` of them. */
export interface StoreDuplicates {
  isFirst(dataset: string, event: JsonObject, atMillis: number): boolean;
}

export function createStoreDuplicates(capacity: number): StoreDuplicates {
  const keptAt = new Map<string, number>();
  return {
    isFirst(dataset, event, atMillis) {
      const key = storeKey(dataset, event);
      const before = keptAt.get(key);
      if (before !== undefined && atMillis - before < storeWindowMillis) return false;
      keptAt.delete(key);
      keptAt.set(key, atMillis);
      const oldest = keptAt.size > capacity ? keptAt.keys().next().value : undefined;
      if (oldest !== undefined) keptAt.delete(oldest);
      return true;
    },
  };
}

/** dataset, event_time, event_name, item_number, and the order or else the customer. */
function storeKey(dataset: string, event: JsonObject): string {
  const customData = isObject(event['custom_data']) ? event['custom_data'] : {};
  const order = present(customData['order_id']) ? customData['order_id'] : event['user_data'];
  const parts = [dataset, Number(event['event_time']), event['event_name'], customData['item_number'] ?? null, order];
  return createHash('sha256').update(textOf(parts)).digest('base64');
}

/** A value nested too deeply to be written has nothing in common with any other. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return randomUUID();
  }
}
