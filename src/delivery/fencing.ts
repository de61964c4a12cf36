import type { Delivery, Sink } from '../core/delivery.ts';
import { abandoned, type Outcome, withheldCode } from '../core/outcome.ts';
import { abortedError } from '../core/errors.ts';
import type { PartitionLease } from './partition-lease.ts';
import { deliveriesAt, inPlace } from './split.ts';

/**
 * Sends only under the lease of our partitions: waits while the lease isn't certain, and leaves out the rows of
 * partitions that went to another process. A request that `sink` withheld at the last moment is sent again as soon as
 * the lease is certain. Rejects with the `ConnectorError` `ABORTED` when the signal aborts first.
 */
export function fencing(sink: Sink, lease: PartitionLease): Sink {
  return {
    send: async (deliveries, signal) => {
      for (;;) {
        await lease.waitUntilHeld(() => deliveries.every(isAbandoned), signal);
        if (signal.aborted) throw abortedError();
        const places = [...deliveries.keys()].filter((place) => !isAbandoned(deliveries[place]));
        const ours = deliveriesAt(deliveries, places);
        const answers = ours.length === 0 ? [] : await sink.send(ours, signal);
        if (!answers.some(wasWithheld)) return merged(deliveries, places, answers);
      }
    },
  };
}

function merged(
  deliveries: readonly Delivery[],
  places: readonly number[],
  answers: readonly Outcome[],
): readonly Outcome[] {
  if (places.length === deliveries.length || answers.length !== places.length) return answers;
  const outcomes: Outcome[] = deliveries.map(() => abandoned);
  for (const [at, answer] of answers.entries()) outcomes[places[at] ?? 0] = inPlace(answer, places);
  return outcomes;
}

function isAbandoned(delivery: Delivery | undefined): boolean {
  return delivery?.pending.abandoned === true;
}

function wasWithheld(outcome: Outcome): boolean {
  return outcome.kind === 'retryable' && outcome.failure.code === withheldCode;
}
