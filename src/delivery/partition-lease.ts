import type { Clock } from '../core/ports.ts';

export interface PermitOptions {
  readonly clock: Clock;
  /** Unix milliseconds of the last sign that the group counts us in; 0: it doesn't. */
  heartbeatAt(): number;
  /** Half of the session time-out: a silence for longer may end with our partitions being another process's. */
  readonly maxSilenceMillis: number;
  /** Nothing of this process ran for longer than that: what it was about to write must not be written. */
  gap(): void;
}

/** Whether the partitions of this process are certain to be its own, so that it may change audiences. */
export interface Permit {
  /** To be asked in the tick in which something is sent. */
  holds(): boolean;
  /** Waits until it holds, until `givenUp` says that nobody needs it any more, or until `signal` aborts. */
  held(givenUp: () => boolean, signal: AbortSignal): Promise<void>;
  start(): void;
  stop(): void;
}

const pollMillis = 50;

export function permit(options: PermitOptions): Permit {
  const { clock, maxSilenceMillis } = options;
  let seen = clock.now();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const now = clock.now();
    if (now - seen > maxSilenceMillis) options.gap();
    seen = now;
  }

  function holds(): boolean {
    look();
    return clock.now() - options.heartbeatAt() < maxSilenceMillis;
  }

  return {
    holds,
    held: async (givenUp, signal) => {
      while (!holds() && !givenUp() && !signal.aborted) await clock.sleep(pollMillis, signal);
    },
    start: () => {
      seen = clock.now();
      timer = setInterval(look, maxSilenceMillis / 4).unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Where nobody else can get our partitions. */
export const alwaysPermitted: Permit = {
  holds: () => true,
  held: async () => undefined,
  start: () => undefined,
  stop: () => undefined,
};
