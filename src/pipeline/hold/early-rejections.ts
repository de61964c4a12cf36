import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Clock } from '../../core/ports.ts';
import { type Destination, feedsAudiences } from '../../core/subscription.ts';
import { type Rejected, rejectedRecord, rejectionReport } from '../lane/rejection-report.ts';
import { tooManyRejected } from '../lane/rejection-halt.ts';
import type { CircuitBreakers } from './circuit-breakers.ts';

/**
 * What was rejected before anything was sent. It counts for `max_rejected_per_batch` like what Meta rejects, in the batch
 * that it would have been in: the one that was filled just then, or one of its own if none is closed in the time in which
 * a batch is filled.
 */
export interface EarlyRejections {
  configure(destinations: readonly Destination[]): void;
  /** One more. Where these alone are too many, the subscription is held until a person has looked. */
  add(rejection: EarlyRejection): void;
  /** Those of the batch that is closed now; `audience`: whether it changes an audience. */
  take(destination: string, audience: boolean): readonly Rejected[];
}

export type EarlyRejection = Pick<DeadLetter, 'destination' | 'subscription' | 'record' | 'failure'>;

export interface EarlyRejectionsOptions {
  readonly breakers: Pick<CircuitBreakers, 'of'>;
  readonly clock: Clock;
  /** How long a batch waits for company, where the destination doesn't say. */
  readonly lingerMillis: number;
}

interface OpenCount {
  readonly rejected: Rejected[];
  /** Of all of them together: counted on, since there may be ten thousand. */
  count: number;
  readonly since: number;
}

export function createEarlyRejections({ breakers, clock, lingerMillis }: EarlyRejectionsOptions): EarlyRejections {
  let destinations: ReadonlyMap<string, Destination> = new Map();
  const openCounts = new Map<string, OpenCount>();

  function openCountOf(key: string, { settings }: Destination, audience: boolean): OpenCount {
    const { maxRows, maxEvents, lingerMillis: own = lingerMillis } = settings.batch;
    const found = openCounts.get(key);
    const full = (found?.count ?? 0) >= (audience ? maxRows : maxEvents);
    if (found !== undefined && !full && clock.monotonic() - found.since <= own) return found;
    const openCount: OpenCount = { rejected: [], count: 0, since: clock.monotonic() };
    openCounts.set(key, openCount);
    return openCount;
  }

  return {
    configure(list) {
      destinations = new Map(list.map((destination) => [destination.name, destination]));
      openCounts.clear();
    },
    add(rejection) {
      const destination = destinations.get(rejection.destination ?? '');
      const threshold = destination?.settings.maxRejectedPerBatch ?? -1;
      if (destination === undefined || threshold < 0) return;
      const subscription = destination.subscriptions.find(({ id }) => id === rejection.subscription);
      const audience = subscription !== undefined && feedsAudiences(subscription);
      const key = keyOf(destination.name, audience);
      const open = openCountOf(key, destination, audience);
      const counted = rejectedRecord(rejection);
      open.rejected.push(counted);
      open.count += counted.count;
      if (open.count <= threshold) return;
      openCounts.delete(key);
      const report = rejectionReport(open.rejected, threshold);
      breakers.of(destination.name, rejection.subscription)?.halt(tooManyRejected(report));
    },
    take(destination, audience) {
      const key = keyOf(destination, audience);
      const rejected = openCounts.get(key)?.rejected ?? [];
      openCounts.delete(key);
      return rejected;
    },
  };
}

function keyOf(destination: string, audience: boolean): string {
  return `${destination}/${audience ? 'audience' : 'pixel'}`;
}
