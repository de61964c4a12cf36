import type { Origin } from '../../core/delivery.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';

/**
 * The subscriptions that deliveries on their way come from. Each delivery refers to the one that made it, so that a
 * reload which takes a subscription away is seen wherever its deliveries are.
 */
export interface DeliveryOrigins {
  of(destination: string, subscription: string): Origin;
  /** From now on these are configured: the others are removed. */
  configured(destinations: readonly Destination[]): void;
}

export function createDeliveryOrigins(): DeliveryOrigins {
  const known = new Map<string, { removed: Failure | undefined }>();
  return {
    of(destination, subscription) {
      const key = subscriptionKey(destination, subscription);
      let origin = known.get(key);
      if (origin === undefined) {
        origin = { removed: undefined };
        known.set(key, origin);
      }
      return origin;
    },
    configured(destinations) {
      const keys = new Set(
        destinations.flatMap(({ name, subscriptions }) => subscriptions.map(({ id }) => subscriptionKey(name, id))),
      );
      for (const [key, origin] of known) {
        if (keys.has(key)) continue;
        origin.removed = subscriptionRemoved(key);
        known.delete(key);
      }
    },
  };
}

function subscriptionRemoved(key: string): Failure {
  return {
    code: 'SUBSCRIPTION_REMOVED',
    message: `Subscription ${key} was taken out of the configuration before this was sent.`,
    fix: 'Nothing, if that was meant. Else put the subscription back under the same id, reload, and replay.',
  };
}
