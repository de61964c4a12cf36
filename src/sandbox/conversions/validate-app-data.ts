import { isObject, type JsonObject } from '../../core/json.ts';
import type { EventCheck } from './event-check.ts';
import { validationError } from '../graph/graph-errors.ts';

const extinfoSlots = 16;
const platformSlot = 0;
const osVersionSlot = 4;
const trackingValues: ReadonlySet<unknown> = new Set([0, 1, true, false, '0', '1', 'true', 'false']);

/** App events: advertiser_tracking_enabled, and extinfo with every slot (Meta: app data parameters). */
export const checkAppData: EventCheck = (event) => {
  if (event['action_source'] !== 'app') return undefined;
  const appData: JsonObject = isObject(event['app_data']) ? event['app_data'] : {};
  if (!trackingValues.has(appData['advertiser_tracking_enabled'])) {
    return validationError(2804043, ['app_data', 'advertiser_tracking_enabled']);
  }
  return isExtinfo(appData['extinfo']) ? undefined : validationError(2804043, ['app_data', 'extinfo']);
};

/** A list, or an object with the slots as keys, which is how Meta's own Node SDK writes it. */
function isExtinfo(value: unknown): boolean {
  const slots = isObject(value) ? Object.values(value) : value;
  if (!Array.isArray(slots) || slots.length !== extinfoSlots) return false;
  const platform: unknown = slots[platformSlot];
  const osVersion: unknown = slots[osVersionSlot];
  if (platform !== 'a2' && platform !== 'i2') return false;
  if (osVersion === '') return false;
  return slots.every((slot) => typeof slot === 'string' || typeof slot === 'number');
}
