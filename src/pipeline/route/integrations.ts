import type { AnalyticsEvent } from '../../core/event.ts';
import { isObject, own } from '../../core/json.ts';
import type { Destination } from '../../core/subscription.ts';

/**
 * Whether the event's `integrations` object lets it go to the destination: a name of the destination set to false
 * stops it; true or an object for one of them wins over `All: false`; everything else lets it go.
 */
export function integrationsAllow(destination: Destination, event: AnalyticsEvent): boolean {
  const integrations = own(event, 'integrations');
  if (!isObject(integrations)) return true;
  let asked = false;
  for (const name of [destination.name, ...destination.settings.integrationNames]) {
    const wish = own(integrations, name);
    if (wish === false) return false;
    if (wish === true || isObject(wish)) asked = true;
  }
  return asked || own(integrations, 'All') !== false;
}
