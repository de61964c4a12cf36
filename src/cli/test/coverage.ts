import type { ConfiguredDestination } from '../../config/destination.ts';
import type { Explanation } from '../explain/explain-event.ts';

/** What tests have shown of one subscription. */
export interface SubscriptionCoverage {
  readonly destination: string;
  readonly subscription: string;
  /** Whether an event has met its trigger, and whether one has not. */
  readonly met: boolean;
  readonly notMet: boolean;
  /** Fields of its mapping that no event has filled. */
  readonly neverFilled: readonly string[];
  /** Codes of dead letters that were made. */
  readonly rejected: readonly string[];
}

export interface Coverage {
  add(found: Explanation): void;
  rows(): readonly SubscriptionCoverage[];
}

interface Seen {
  met: boolean;
  notMet: boolean;
  readonly filled: Set<string>;
  readonly rejected: Set<string>;
}

/** Gathers what the explanations of tests (with their details) show of the destinations' subscriptions. */
export function createCoverage(destinations: readonly ConfiguredDestination[]): Coverage {
  const keyOf = (destination: string, subscription: string) => JSON.stringify([destination, subscription]);
  const seen = new Map<string, Seen>();

  function seenOf(destination: string, subscription: string): Seen {
    const key = keyOf(destination, subscription);
    const known = seen.get(key) ?? { met: false, notMet: false, filled: new Set(), rejected: new Set() };
    seen.set(key, known);
    return known;
  }

  return {
    add(found) {
      for (const delivery of found.deliveries) {
        const one = seenOf(delivery.destination, delivery.subscription);
        one.met = true;
        for (const [name, { value }] of Object.entries(delivery.fields ?? {})) {
          if (value !== undefined) one.filled.add(name);
        }
        if (delivery.error !== undefined) one.rejected.add(delivery.error.code);
      }
      for (const skip of found.skipped) {
        const one = seenOf(skip.destination, skip.subscription);
        if (skip.reason === 'trigger') one.notMet = true;
        else one.met = true;
      }
    },
    rows: () =>
      destinations.flatMap(({ name, subscriptions }) =>
        subscriptions.map(({ id, mapping }): SubscriptionCoverage => {
          const one = seenOf(name, id);
          return {
            destination: name,
            subscription: id,
            met: one.met,
            notMet: one.notMet,
            neverFilled: Object.keys(mapping).filter((field) => !one.filled.has(field)),
            rejected: [...one.rejected].sort(),
          };
        }),
      ),
  };
}

/** Of a trigger: met by one event, and not by another. */
export function isCovered({ met, notMet }: SubscriptionCoverage): boolean {
  return met && notMet;
}
