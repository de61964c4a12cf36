import type { Clock } from '../core/ports.ts';

export interface PartitionLeaseOptions {
  readonly clock: Clock;
  /** Unix milliseconds of the last sign that the group counts us as a member; 0: it doesn't. */
  heartbeatAt(): number;
  /** Half of the session time-out: after a longer silence our partitions may soon be another process's. */
  readonly maxSilenceMillis: number;
  /** This process stood still for longer than that: what it was about to send must not be sent. */
  gap(): void;
}

/** The hold of this process on its partitions. While the lease is certain, the process may change audiences. */
export interface PartitionLease {
  /** Ask this in the same tick in which something is sent. */
  isHeld(): boolean;
  /** Waits until the lease is certain, until `givenUp` says that nobody needs it any more, or until `signal` aborts. */
  waitUntilHeld(givenUp: () => boolean, signal: AbortSignal): Promise<void>;
  start(): void;
  stop(): void;
}

const pollMillis = 50;

export function createPartitionLease(options: PartitionLeaseOptions): PartitionLease {
  const { clock, maxSilenceMillis } = options;
  let seen = clock.now();
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    const now = clock.now();
    if (now - seen > maxSilenceMillis) options.gap();
    seen = now;
  }

  function holds(): boolean {
    tick();
    return clock.now() - options.heartbeatAt() < maxSilenceMillis;
  }

  return {
    isHeld: holds,
    waitUntilHeld: async (givenUp, signal) => {
      while (!holds() && !givenUp() && !signal.aborted) await clock.sleep(pollMillis, signal);
    },
    start: () => {
      seen = clock.now();
      timer = setInterval(tick, maxSilenceMillis / 4).unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** For a source whose partitions nobody else can get. */
export const permanentLease: PartitionLease = {
  isHeld: () => true,
  waitUntilHeld: async () => undefined,
  start: () => undefined,
  stop: () => undefined,
};
