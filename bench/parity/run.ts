import type { JsonObject } from '../../src/core/json.ts';
import { type Difference, differences } from './compare.ts';
import type { Ours } from './ours.ts';
import type { Outcome } from './outcome.ts';
import type { ParityReason } from './reason.ts';
import { reasonOf } from './reasons.ts';
import type { SegmentSubscription } from './theirs.ts';

export interface Pair {
  readonly subscription: SegmentSubscription;
  readonly ours: Ours;
}

/** What the comparison of events came to. */
export interface ParityResult {
  events: number;
  /** Events for a subscription that at least one of the two would send. */
  compared: number;
  /** Of those, the ones of which both would send the same. */
  same: number;
  readonly explained: Map<ParityReason, { count: number; readonly example: FoundDifference }>;
  /** Of no known reason. */
  readonly unknown: FoundDifference[];
  unknownCount: number;
}

export interface FoundDifference extends Difference {
  readonly subscription: string;
  readonly messageId: unknown;
}

/** So that a table that lacks a reason doesn't fill the memory. */
const maxUnknown = 100;

/** Runs every event by both ways for every subscription, and finds the reason of each difference. */
export async function compareAll(
  events: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  pairs: readonly Pair[],
  theirs: (event: JsonObject, subscription: SegmentSubscription) => Promise<Outcome>,
): Promise<ParityResult> {
  const result: ParityResult = {
    events: 0,
    compared: 0,
    same: 0,
    explained: new Map(),
    unknown: [],
    unknownCount: 0,
  };
  for await (const event of events) {
    result.events += 1;
    for (const { subscription, ours } of pairs) {
      const [left, right] = [await theirs(event, subscription), ours.run(event)];
      if (left.kind !== 'sent' && right.kind !== 'sent') continue;
      const all = differences(left, right);
      result.compared += 1;
      if (all.length === 0) result.same += 1;
      const fields = ours.subscription.resolve(event as Parameters<typeof ours.subscription.resolve>[0]);
      const body = right.kind === 'sent' ? right.body : undefined;
      const circumstances = { event, trigger: subscription.trigger, fields, ours: body, all };
      for (const difference of all) {
        const found = { ...difference, subscription: subscription.name, messageId: event['messageId'] };
        note(result, reasonOf(difference, circumstances), found);
      }
    }
  }
  return result;
}

function note(result: ParityResult, reason: ParityReason | undefined, found: FoundDifference): void {
  if (reason === undefined) {
    result.unknownCount += 1;
    if (result.unknown.length < maxUnknown) result.unknown.push(found);
    return;
  }
  const known = result.explained.get(reason);
  if (known === undefined) result.explained.set(reason, { count: 1, example: found });
  else known.count += 1;
}
