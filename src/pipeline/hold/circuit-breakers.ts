import { subscriptionKey } from '../../core/subscription-key.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Destination } from '../../core/subscription.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import type { Resumed } from '../lane/resumed.ts';
import type { HeldWork } from './held-work.ts';
import { defaultRejectionRate } from './rejection-rate.ts';

export interface CircuitBreakersOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** False for a replay, whose records were rejected before: no subscription has a circuit breaker then. */
  readonly enabled: boolean;
}

/** The circuit breakers of all subscriptions that have one. */
export interface CircuitBreakers extends HeldWork {
  /** These are the destinations from now on. What is held goes, and outcomes are counted anew. */
  configure(destinations: readonly Destination[]): void;
  /** Undefined: the subscription has none. */
  of(destination: string | undefined, subscription: string | undefined): CircuitBreaker | undefined;
  /** Ends the timers. */
  stop(): void;
}

/** `fuse: false`: only `max_rejected_per_batch` opens it. */
const never = { share: 1, minimum: Number.POSITIVE_INFINITY };

export function createCircuitBreakers({ clock, telemetry, enabled }: CircuitBreakersOptions): CircuitBreakers {
  const breakers = new Map<string, CircuitBreaker>();

  function resume(what?: Resumed): void {
    for (const [key, breaker] of breakers) {
      if (what === undefined || ('lane' in what ? key === what.lane : key.startsWith(`${what.destination}/`)))
        breaker.close();
    }
  }

  return {
    configure(destinations) {
      const before = [...breakers.values()];
      breakers.clear();
      for (const { name, settings, subscriptions } of enabled ? destinations : []) {
        const limits = settings.rejectionRate ?? defaultRejectionRate;
        if (limits === false && settings.maxRejectedPerBatch === undefined) continue;
        for (const { id } of subscriptions) {
          const key = subscriptionKey(name, id);
          breakers.set(key, createCircuitBreaker({ key, limits: limits === false ? never : limits, clock, telemetry }));
        }
      }
      // What they let go may be refused at once, and must not be held by one that nobody closes any more.
      for (const breaker of before) breaker.close();
    },
    of: (destination, subscription) => breakers.get(subscriptionKey(destination, subscription)),
    resume,
    writeDeadLetters() {
      for (const breaker of breakers.values()) breaker.writeDeadLetters();
    },
    rejectHeld(which, failure) {
      for (const breaker of breakers.values()) breaker.rejectHeld(which, failure);
    },
    purge() {
      for (const breaker of breakers.values()) breaker.purge();
    },
    held: () => [...breakers.values()].reduce((sum, breaker) => sum + breaker.held(), 0),
    blockages: () =>
      [...breakers].flatMap(([lane, breaker]) => {
        const blockage = breaker.blockage();
        return blockage === undefined ? [] : [{ lane, ...blockage }];
      }),
    stop() {
      for (const breaker of breakers.values()) breaker.stop();
    },
  };
}
