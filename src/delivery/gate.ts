import type { BackoffTimes } from '../core/backoff.ts';
import { abortedError } from '../core/errors.ts';
import { type LaneState, pausedByPerson } from '../core/lane-state.ts';
import type { Failure } from '../core/outcome.ts';
import { type LaneNames, namesOf } from '../core/telemetry.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { RateLimitUsage } from '../core/rate-limit.ts';
import { type PauseStatus, createPause } from './pause.ts';
import { createPeers, type Peers } from './peers.ts';
import { type Throttle, type ThrottleScopes, createThrottle } from './throttle-scopes.ts';

export type GateStatus =
  | { readonly state: 'open' }
  | { readonly state: 'throttled'; readonly until: number; readonly failure: Failure }
  | { readonly state: 'blocked'; readonly probeAt: number; readonly failure: Failure }
  /** One request at a time is sent as a probe. */
  | { readonly state: 'half-open'; readonly after: 'throttled' | 'blocked'; readonly failure: Failure };

/** Every request of a lane passes its gate. It closes for troubles that retrying a single request can't fix. */
export interface Gate {
  /**
   * Resolves when a request may be sent, with a function to call when the request has ended. Rejects with the
   * `ConnectorError` `ABORTED` if `signal` aborts first.
   */
  pass(signal: AbortSignal): Promise<() => void>;
  /** Meta limits the rate. `scope` names the limit; one that the gate doesn't know is the lane's own. */
  throttle(failure: Failure, waitMillis?: number, scope?: string): void;
  /** Meta reports how near the limit is. */
  slow(usage: RateLimitUsage & { readonly scope?: string }): void;
  /** The destination's fault: requests wait, and from time to time one is sent as a probe. */
  block(failure: Failure): void;
  /** A request failed for a reason that is nobody's, and will be sent again. `suspect`: its deliveries may be the cause. */
  failing(failure: Failure, suspect?: boolean): void;
  /** For how long such requests have failed, if nothing got through meanwhile; 0: something did. */
  failingMillis(): number;
  /** Meta answered otherwise, or nothing is left that would be sent again. */
  recovered(): void;
  /** Meta took a request. */
  succeeded(): void;
  /** Meta judged a request, whatever it said of it: what had stopped the lane is over. */
  judged(): void;
  /** How often Meta took a request: shows that the lane works while one batch fails. */
  successes(): number;
  /** How often Meta took a request of this lane or one of its peers. */
  successesOfPeers(): number;
  /** Such a request has failed since Meta took the last one: perhaps nothing gets through. */
  isTroubled(): boolean;
  /** Something has changed that may help (a reload, a new token): sends a probe at once, whether throttled or blocked. */
  wake(): void;
  status(): GateStatus;
  /** What operators are told, with times of the monotonic clock. */
  laneState(): LaneState;
  /**
   * Since when (by the monotonic clock) requests wait for a person, and why; undefined: they don't. `due`: a probe may be
   * sent now.
   */
  blockage(): { readonly since: number; readonly failure: Failure; readonly due: boolean } | undefined;
  /** A person stops the lane: no request starts until it is released. */
  hold(): void;
  release(): void;
  /** As it is called everywhere. */
  readonly lane: string;
  /** It is open, and nothing that Meta said would be forgotten with it. */
  isAtRest(): boolean;
  /** Leaves the shared throttles. */
  close(): void;
}

export interface GateOptions extends LaneNames {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Throttles that are shared, and the names of those that are this lane's too. */
  readonly scopes?: ThrottleScopes;
  readonly memberOf?: readonly string[];
  /** Default: none but this lane. */
  readonly peers?: Peers;
  /** 5 s, doubling to 5 min. */
  readonly probeTimes?: BackoffTimes;
}

/** The gate of one lane: open, throttled, blocked or half-open. Telemetry is told once of each change. */
export function createGate(options: GateOptions): Gate {
  const { clock, telemetry } = options;
  const names = namesOf(options);
  const waiting = new Set<() => void>();
  const peers = options.peers ?? createPeers();
  let successes = 0;
  let troubled = false;
  let blockedSince: number | undefined;
  let heldSince: number | undefined;
  let trouble: { readonly since: number; readonly failure: Failure } | undefined;
  let announced: GateStatus = { state: 'open' };

  const changed = () => {
    for (const wake of [...waiting]) wake();
    announce();
  };
  const blocked = createPause(clock, options.probeTimes ?? { firstMillis: 5_000, longestMillis: 300_000 }, changed);
  const own = options.scopes?.own() ?? createThrottle(clock);
  const shared = new Map(
    (options.memberOf ?? []).flatMap((name): [string, Throttle][] => {
      const found = options.scopes?.of(name);
      return found === undefined ? [] : [[name, found]];
    }),
  );
  const throttles = [own, ...shared.values()];
  const leave = throttles.map((each) => each.onChange(changed));
  const throttleOf = (scope: string | undefined) => (scope === undefined ? undefined : shared.get(scope)) ?? own;

  function status(): GateStatus {
    const block = blocked.status();
    if (block.state === 'paused') return { state: 'blocked', probeAt: block.until, failure: block.failure };
    if (block.state === 'half-open') return { state: 'half-open', after: 'blocked', failure: block.failure };
    const paused = longest(throttles.map((each) => each.status()));
    if (paused.state === 'paused') return { state: 'throttled', until: paused.until, failure: paused.failure };
    if (paused.state === 'half-open') return { state: 'half-open', after: 'throttled', failure: paused.failure };
    return { state: 'open' };
  }

  function announce(): void {
    const now = status();
    const before = announced;
    if (now.state === 'half-open') return;
    announced = now;
    if (now.state === 'open') {
      if (before.state !== 'open') telemetry.emit({ kind: 'lane_opened', ...names });
      return;
    }
    // A probe that failed for the same reason is no news.
    if (before.state === now.state && before.failure.code === now.failure.code) return;
    const { failure } = now;
    if (now.state === 'blocked') {
      telemetry.emit({ kind: 'lane_blocked', ...names, failure, nextProbeMillis: now.probeAt - clock.monotonic() });
    } else {
      telemetry.emit({ kind: 'lane_throttled', ...names, failure, waitMillis: now.until - clock.monotonic() });
    }
  }

  function blockage() {
    const block = blocked.status();
    const held = heldSince === undefined ? undefined : { since: heldSince, failure: pausedByPerson, due: false };
    return block.state === 'open' || blockedSince === undefined
      ? held
      : { since: blockedSince, failure: block.failure, due: block.state === 'half-open' };
  }

  function laneState(): LaneState {
    if (heldSince !== undefined) return { state: 'paused', since: heldSince, failure: pausedByPerson };
    const block = blockage();
    if (block !== undefined) return { state: 'blocked', since: block.since, failure: block.failure };
    const now = status();
    if (now.state === 'throttled') return now;
    return trouble === undefined
      ? { state: 'running' }
      : { state: 'retrying', ...trouble, othersGetThrough: !troubled };
  }

  /** 0: a request may be sent; undefined: not before something changes. */
  function waitMillis(): number | undefined {
    if (heldSince !== undefined) return undefined;
    const waits = [blocked, ...throttles].map((each) => each.waitMillis());
    return waits.includes(undefined) ? undefined : Math.max(...waits.map((wait) => wait ?? 0));
  }

  function enter(): () => void {
    const releases = [blocked, ...throttles].map((each) => each.enter());
    return () => {
      for (const release of releases) release();
    };
  }

  function judged(): void {
    for (const each of [blocked, ...throttles]) each.succeeded();
    if (blocked.status().state === 'open') blockedSince = undefined;
  }

  async function change(millis: number | undefined, signal: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const wake = () => controller.abort();
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    try {
      await (millis === undefined ? abortOf(controller.signal) : clock.sleep(millis, controller.signal));
    } finally {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }

  return {
    lane: names.lane,
    status,
    hold() {
      heldSince ??= clock.monotonic();
    },
    release() {
      if (heldSince === undefined) return;
      heldSince = undefined;
      changed();
    },
    pass: async (signal) => {
      for (;;) {
        if (signal.aborted) throw abortedError();
        const wait = waitMillis();
        if (wait === 0) return enter();
        await change(wait, signal);
      }
    },
    throttle: (failure, millis, scope) => throttleOf(scope).begin(failure, millis),
    slow: (usage) => throttleOf(usage.scope).slow(usage),
    block: (failure) => {
      blockedSince ??= clock.monotonic();
      blocked.begin(failure);
    },
    blockage,
    laneState,
    failing: (failure, suspect = false) => {
      troubled ||= !suspect;
      trouble = { since: trouble?.since ?? clock.monotonic(), failure };
    },
    failingMillis: () => (troubled && trouble !== undefined ? clock.monotonic() - trouble.since : 0),
    recovered: () => {
      trouble = undefined;
    },
    succeeded: () => {
      successes += 1;
      peers.delivered();
      troubled = false;
      trouble = undefined;
      judged();
    },
    judged,
    successes: () => successes,
    successesOfPeers: peers.deliveries,
    isTroubled: () => troubled,
    wake: () => {
      for (const each of [blocked, ...throttles]) each.wake();
    },
    isAtRest: () => heldSince === undefined && status().state === 'open' && !own.isSlow(),
    close: () => {
      for (const each of leave) each();
    },
  };
}

function longest(statuses: readonly PauseStatus[]): PauseStatus {
  const paused = statuses.filter((status) => status.state === 'paused').sort((a, b) => b.until - a.until);
  return paused[0] ?? statuses.find((status) => status.state === 'half-open') ?? { state: 'open' };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
