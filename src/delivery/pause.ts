import { type BackoffTimes, backoffMillis } from '../core/backoff.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';

/**
 * A stop that ends by itself: `open` → `paused` until a time → `half-open`, where one request at a time may try →
 * `open` after a success, or `paused` again, for longer.
 */
export interface Pause {
  /** Starts a pause. During a pause it can only lengthen it, to a time that Meta named: the trouble is the same. */
  begin(failure: Failure, namedMillis?: number): void;
  /** A request got through. That says nothing about a pause that began after the request was sent. */
  succeeded(): void;
  /** Lets a request try at once; the next pause is the shortest again. */
  wake(): void;
  /** Milliseconds until a request may be sent, 0: now; undefined: when the one under way has ended. */
  waitMillis(): number | undefined;
  /** A request is sent. Call the returned function when it has ended. */
  enter(): () => void;
  status(): PauseStatus;
}

export type PauseStatus =
  | { readonly state: 'open' }
  | { readonly state: 'paused'; readonly until: number; readonly failure: Failure }
  | { readonly state: 'half-open'; readonly failure: Failure };

/** Meta's times are minutes; more than a day is a mistake. And a pause of nothing would be a busy loop. */
const shortestNamedMillis = 1_000;
const longestNamedMillis = 24 * 3_600_000;

/**
 * @param times How long a pause lasts for which nobody named a time.
 * @param changed Called after every change that may let a request through, or stop one.
 */
export function createPause(clock: Clock, times: BackoffTimes, changed: () => void): Pause {
  let current: { readonly until: number; readonly failure: Failure } | undefined;
  let inARow = 0;
  let underWay: object | undefined;

  function status(): PauseStatus {
    if (current === undefined) return { state: 'open' };
    return clock.monotonic() < current.until
      ? { state: 'paused', ...current }
      : { state: 'half-open', failure: current.failure };
  }

  return {
    status,
    begin: (failure, namedMillis) => {
      const named =
        namedMillis === undefined
          ? undefined
          : Math.min(Math.max(namedMillis, shortestNamedMillis), longestNamedMillis);
      if (current !== undefined && clock.monotonic() < current.until) {
        const until = clock.monotonic() + (named ?? 0);
        if (until > current.until) current = { until, failure: current.failure };
        return;
      }
      inARow += 1;
      current = { until: clock.monotonic() + (named ?? backoffMillis(times, inARow)), failure };
      changed();
    },
    succeeded: () => {
      if (current === undefined || clock.monotonic() < current.until) return;
      current = undefined;
      inARow = 0;
      changed();
    },
    wake: () => {
      inARow = 0;
      if (current === undefined) return;
      current = { ...current, until: clock.monotonic() };
      changed();
    },
    waitMillis: () => {
      if (current === undefined) return 0;
      const left = current.until - clock.monotonic();
      if (left > 0) return left;
      return underWay === undefined ? 0 : undefined;
    },
    enter: () => {
      const request = {};
      if (current !== undefined) underWay = request;
      return () => {
        if (underWay !== request) return;
        underWay = undefined;
        changed();
      };
    },
  };
}
