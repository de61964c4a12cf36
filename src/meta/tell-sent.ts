import type { Delivery } from '../core/delivery.ts';
import type { Telemetry } from '../core/ports.ts';
import { subscriptionKey } from '../core/subscription-key.ts';

interface SentCount {
  readonly destination: string;
  readonly subscription: string;
  count: number;
}

/** To be called for each request: tells of what was in none before, so that a request that is repeated counts once. */
export function tellSent(deliveries: readonly Delivery[], telemetry: Telemetry): void {
  const counts = new Map<string, SentCount>();
  /** Neighbours are mostly of one subscription. */
  let latest: SentCount | undefined;
  for (const delivery of deliveries) {
    const sending = delivery.change ?? delivery;
    if (sending.sent === true) continue;
    sending.sent = true;
    if (latest?.subscription !== delivery.subscription || latest.destination !== delivery.destination)
      latest = countOf(counts, delivery);
    latest.count += 1;
  }
  for (const sent of counts.values()) telemetry.emit({ kind: 'sent', ...sent });
}

function countOf(counts: Map<string, SentCount>, { destination, subscription }: Delivery): SentCount {
  const key = subscriptionKey(destination, subscription);
  const known = counts.get(key) ?? { destination, subscription, count: 0 };
  counts.set(key, known);
  return known;
}
