import type { Clock } from '../../core/ports.ts';
import type { Assignment } from './assignment.ts';
import type { Positions } from './positions.ts';
import { isAnotherLog } from './start-position.ts';
import type { TopicLogs } from './topic-logs.ts';

/**
 * A topic that is deleted and made again is read on at the same offsets as if nothing had happened, if it fills fast
 * enough: no answer to a fetch tells. What of the new log is read until the next check is read again, from its start.
 */
const CHECK_MILLIS = 5_000;
/** How soon it is looked again for a topic that wasn't found. */
const DOUBT_MILLIS = 1_000;

export interface LogWatchParts {
  readonly assignment: Assignment;
  readonly logs: TopicLogs;
  readonly positions: Pick<Positions, 'checkRange' | 'leave'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Looks, until it is stopped, whether the logs that we read are still those of their topics, and are there at all. */
export async function watchLogs({ assignment, logs, positions, clock, signal }: LogWatchParts): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(logs.isUncertain() ? DOUBT_MILLIS : CHECK_MILLIS, signal);
    const read = assignment.all().flatMap(({ topic, log }) => (log === undefined ? [] : [topic]));
    const topics = new Set([...read, ...logs.gone()]);
    if (signal.aborted || topics.size === 0) continue;
    // Without an answer nothing is known; that the cluster is away is told elsewhere.
    const ids = await logs.lookUp([...topics]).catch(() => undefined);
    if (ids === undefined) continue;
    for (const owned of assignment.all()) {
      if (logs.gone().has(owned.topic)) positions.leave(owned);
      else if (owned.phase === 'gone' || isAnotherLog(owned.log, ids.get(owned.topic)))
        void positions.checkRange(owned);
    }
  }
}
