import type { AnalyticsEvent } from '../../core/event.ts';
import { isObject, own } from '../../core/json.ts';
import type { Destination } from '../../core/subscription.ts';

/**
 * Whether the event's `integrations` object allows it to go to the destination: a name of the destination set
 * to false stops it; true or an object for one of them wins over `All: false`; everything else allows it.
 */
export function integrationsAllow(destination: Destination, event: AnalyticsEvent): boolean {
  const integrations = own(event, 'integrations');
  if (!isObject(integrations)) return true;
  let isRequested = false;
  for (const name of [destination.name, ...destination.settings.integrationNames]) {
    const given = own(integrations, name);
    if (given === false) return false;
    if (given === true || isObject(given)) isRequested = true;
  }
  return isRequested || own(integrations, 'All') !== false;
}
