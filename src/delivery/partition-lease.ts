import type { Clock } from '../core/ports.ts';

export interface PartitionLeaseOptions {
  readonly clock: Clock;
  /** When the last sign was that the group counts us as a member (by the monotonic clock); -Infinity: it doesn't. */
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
  const read = () => ({ monotonic: clock.monotonic(), wall: clock.now() });
  let seen = read();
  /** Signs up to here prove nothing. */
  let doubtfulUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  /**
   * The monotonic clock stands still while a machine sleeps, and the group's time goes on: the wall clock tells of that.
   * One that was set forward looks the same, and costs the wait for a heartbeat.
   */
  function tick(): void {
    const now = read();
    const elapsed = now.monotonic - seen.monotonic;
    const slept = now.wall - seen.wall - elapsed > maxSilenceMillis;
    if (slept) doubtfulUntil = now.monotonic;
    if (slept || elapsed > maxSilenceMillis) options.gap();
    seen = now;
  }

  function holds(): boolean {
    tick();
    const heartbeatAt = options.heartbeatAt();
    return heartbeatAt > doubtfulUntil && clock.monotonic() - heartbeatAt < maxSilenceMillis;
  }

  return {
    isHeld: holds,
    waitUntilHeld: async (givenUp, signal) => {
      while (!holds() && !givenUp() && !signal.aborted) await clock.sleep(pollMillis, signal);
    },
    start: () => {
      seen = read();
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
