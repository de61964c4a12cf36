import type { Delivery } from '../core/delivery.ts';
import type { Telemetry } from '../core/ports.ts';
import { subscriptionKey } from '../core/subscription-key.ts';

/** To be called for each request: tells of what was in none before, so that a request that is repeated counts once. */
export function tellSent(deliveries: readonly Delivery[], telemetry: Telemetry): void {
  const counts = new Map<string, { readonly destination: string; readonly subscription: string; count: number }>();
  for (const delivery of deliveries) {
    const sending = delivery.change ?? delivery;
    if (sending.sent === true) continue;
    sending.sent = true;
    const { destination, subscription } = delivery;
    const key = subscriptionKey(destination, subscription);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { destination, subscription, count: 1 });
    else known.count += 1;
  }
  for (const sent of counts.values()) telemetry.emit({ kind: 'sent', ...sent });
}
