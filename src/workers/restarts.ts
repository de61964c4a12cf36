import { type BackoffTimes, backoffMillis } from '../core/backoff.ts';

/** A worker that ran for longer than this has ended of something new. */
const soonMillis = 60_000;
const mostInARow = 5;
const waits: BackoffTimes = { firstMillis: 1_000, longestMillis: 30_000 };

/** When a worker that has ended is started again. */
export interface Restarts {
  /** The wait in milliseconds after a worker ran for so long; undefined: it ends each time, and starting it helps no more. */
  next(ranMillis: number): number | undefined;
}

export function createRestarts(times: BackoffTimes = waits): Restarts {
  let inARow = 0;
  return {
    next(ranMillis) {
      inARow = ranMillis < soonMillis ? inARow + 1 : 1;
      return inARow > mostInARow ? undefined : backoffMillis(times, inARow);
    },
  };
}
