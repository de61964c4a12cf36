import type { BackoffTimes } from '../core/backoff.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import type { RateLimitUsage } from '../core/rate-limit.ts';
import { type Pause, createPause } from './pause.ts';

/**
 * A rate limit of one or several lanes: a pause when it is reached, and a distance between requests as it comes near.
 */
export interface Throttle extends Pause {
  slow(usage: RateLimitUsage): void;
  /** Requests keep a distance. */
  isSlow(): boolean;
  /** Calls `listener` after each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

export interface ThrottleScopes {
  /** The throttle of this name, which all lanes share that ask for it. */
  of(scope: string): Throttle;
  /** A throttle that nobody shares, with the same policy. */
  own(): Throttle;
}

export interface ThrottlePolicy extends BackoffTimes {
  /** From this usage on requests keep a distance. */
  readonly slowPercent: number;
  /** From this usage on there are none. */
  readonly pausePercent: number;
  /** The distance just below `pausePercent`. */
  readonly spacingMillis: number;
}

const defaults: ThrottlePolicy = {
  firstMillis: 60_000,
  longestMillis: 15 * 60_000,
  slowPercent: 75,
  pausePercent: 90,
  spacingMillis: 5_000,
};

/** The rate limits of a process, by name. One for all gates. */
export function createThrottleScopes(clock: Clock, policy: Partial<ThrottlePolicy> = {}): ThrottleScopes {
  const throttles = new Map<string, Throttle>();
  const own = () => createThrottle(clock, { ...defaults, ...policy });
  return {
    of: (scope) => {
      const found = throttles.get(scope) ?? own();
      throttles.set(scope, found);
      return found;
    },
    own,
  };
}

/** Meta's scores decay within five minutes (Meta: Rate limiting): older reports are ignored. */
const usageValidMillis = 300_000;

/** One rate limit. */
export function createThrottle(clock: Clock, policy: ThrottlePolicy = defaults): Throttle {
  const listeners = new Set<() => void>();
  const paused = createPause(clock, policy, () => {
    for (const listener of listeners) listener();
  });
  let reported = { percent: 0, at: 0 };
  let lastEntry = Number.NEGATIVE_INFINITY;

  function spacing(): number {
    const current = clock.monotonic() - reported.at < usageValidMillis ? reported.percent : 0;
    const share = (current - policy.slowPercent) / (policy.pausePercent - policy.slowPercent);
    return Math.min(Math.max(share, 0), 1) * policy.spacingMillis;
  }

  return {
    ...paused,
    slow: (usage) => {
      reported = { percent: usage.percent, at: clock.monotonic() };
      if (usage.percent >= policy.pausePercent) paused.begin(nearLimit(usage.percent), usage.regainMillis);
    },
    isSlow: () => spacing() > 0,
    waitMillis: () => {
      const wait = paused.waitMillis();
      return wait === 0 ? Math.max(0, lastEntry + spacing() - clock.monotonic()) : wait;
    },
    enter: () => {
      lastEntry = clock.monotonic();
      return paused.enter();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function nearLimit(percent: number): Failure {
  return {
    code: 'USAGE_HIGH',
    message: `Meta reports that ${Math.round(percent)} % of a rate limit is used.`,
    fix: 'Nothing: the connector waits before the limit is met. If it happens often, ask Meta for a higher access tier.',
  };
}
