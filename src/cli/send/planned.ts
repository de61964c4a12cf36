import type { ConfiguredDestination } from '../../config/destination.ts';
import type { ConfiguredSubscription } from '../../config/subscription.ts';
import type { Failure } from '../../core/outcome.ts';
import type { SourceRecord } from '../../core/record.ts';
import { identifyingPaths } from '../../explain/explain-fields.ts';
import { keepingBack, keptBack } from '../../explain/explain-privacy.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';
import { planRecord, type SubscriptionDecision } from '../../pipeline/route/plan.ts';

/** What each subscription decides about one event. */
export interface Planned {
  readonly all: readonly PlannedSubscription[];
  /** Every value of the event that identifies somebody. */
  readonly kept: ReadonlySet<unknown>;
  /** The record is no event. */
  readonly error?: Failure;
}

export interface PlannedSubscription {
  readonly destination: ConfiguredDestination;
  readonly subscription: ConfiguredSubscription;
  /** Undefined: its trigger doesn't match. */
  readonly decision: SubscriptionDecision | undefined;
}

/** @param only The subscription that is asked for; undefined: all. */
export function plannedFor(
  record: SourceRecord,
  destinations: readonly ConfiguredDestination[],
  decode: DecodeOptions,
  now: number,
  only: string | undefined,
): Planned {
  const { decoded, decisions } = planRecord(record, destinations, { decode }, now, () => false);
  if (decoded?.kind !== 'event') {
    const error = decisions.flatMap((each) =>
      'failure' in each && each.failure !== undefined ? [each.failure] : [],
    )[0];
    return { all: [], kept: new Set(), error: error ?? { code: 'NOT_AN_EVENT', message: 'it holds no event' } };
  }
  const all = destinations.flatMap((destination) =>
    destination.subscriptions
      .filter(({ id }) => only === undefined || id === only)
      .map((subscription): PlannedSubscription => {
        const decision = decisions.find((each) => 'subscription' in each && each.subscription === subscription);
        return { destination, subscription, decision: decision as SubscriptionDecision | undefined };
      }),
  );
  const paths = all.flatMap(({ subscription }) => identifyingPaths(subscription));
  return { all, kept: keptBack(decoded.event, keepingBack(paths)) };
}
