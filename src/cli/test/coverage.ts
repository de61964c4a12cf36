import type { ConfiguredDestination } from '../../config/destination.ts';
import type { Explanation } from '../../explain/explain-event.ts';

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
        const shown = seenOf(delivery.destination, delivery.subscription);
        shown.met = true;
        for (const [name, { value }] of Object.entries(delivery.fields ?? {})) {
          if (value !== undefined) shown.filled.add(name);
        }
        if (delivery.error !== undefined) shown.rejected.add(delivery.error.code);
      }
      for (const skip of found.skipped) {
        const shown = seenOf(skip.destination, skip.subscription);
        if (skip.reason === 'trigger') shown.notMet = true;
        else shown.met = true;
      }
    },
    rows: () =>
      destinations.flatMap(({ name, subscriptions }) =>
        subscriptions.map(({ id, mapping }): SubscriptionCoverage => {
          const shown = seenOf(name, id);
          return {
            destination: name,
            subscription: id,
            met: shown.met,
            notMet: shown.notMet,
            neverFilled: Object.keys(mapping).filter((field) => !shown.filled.has(field)),
            rejected: [...shown.rejected].sort(),
          };
        }),
      ),
  };
}

/** Of a trigger: met by one event, and not by another. */
export function isCovered({ met, notMet }: SubscriptionCoverage): boolean {
  return met && notMet;
}
