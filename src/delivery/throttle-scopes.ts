import type { BackoffTimes } from '../core/backoff.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import { type Pause, pause } from './pause.ts';

/** How much of a rate limit is used. */
export interface ScopeUsage {
  readonly percent: number;
  /** Milliseconds until calls are allowed again, when Meta names a time. */
  readonly regainMillis?: number;
}

/** A rate limit that one or several lanes share: a pause, and a distance between requests as the limit comes near. */
export interface Throttle extends Pause {
  slow(usage: ScopeUsage): void;
  /** Calls `listener` after each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

export interface ThrottleScopes {
  /** The throttle of this name; the same for everyone who asks. */
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
export function throttleScopes(clock: Clock, policy: Partial<ThrottlePolicy> = {}): ThrottleScopes {
  const throttles = new Map<string, Throttle>();
  const own = () => throttle(clock, { ...defaults, ...policy });
  return {
    of: (scope) => {
      const found = throttles.get(scope) ?? own();
      throttles.set(scope, found);
      return found;
    },
    own,
  };
}

/** Meta's scores decay within five minutes (Meta: Rate limiting): an older report says nothing. */
const usageValidMillis = 300_000;

/** One rate limit. */
export function throttle(clock: Clock, policy: ThrottlePolicy = defaults): Throttle {
  const listeners = new Set<() => void>();
  const paused = pause(clock, policy, () => {
    for (const listener of listeners) listener();
  });
  let reported = { percent: 0, at: 0 };
  let lastEntry = Number.NEGATIVE_INFINITY;

  function spacing(): number {
    const current = clock.now() - reported.at < usageValidMillis ? reported.percent : 0;
    const share = (current - policy.slowPercent) / (policy.pausePercent - policy.slowPercent);
    return Math.min(Math.max(share, 0), 1) * policy.spacingMillis;
  }

  return {
    ...paused,
    slow: (usage) => {
      reported = { percent: usage.percent, at: clock.now() };
      if (usage.percent >= policy.pausePercent) paused.begin(nearLimit(usage.percent), usage.regainMillis);
    },
    waitMillis: () => {
      const wait = paused.waitMillis();
      return wait === 0 ? Math.max(0, lastEntry + spacing() - clock.now()) : wait;
    },
    enter: () => {
      lastEntry = clock.now();
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
