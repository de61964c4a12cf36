import type { Clock } from '../../core/ports.ts';

/** More than this is no drift between the two clocks. */
const toleranceMillis = 50;

/**
 * When a request was sent by the monotonic clock, whose answer has just come. kafkajs tells it by the wall clock.
 * Undefined: that clock was set back meanwhile, perhaps, so that the request may be older than it looks.
 */
export function createSendingTime(clock: Clock): (wallMillis: number) => number | undefined {
  let offset = clock.now() - clock.monotonic();
  return (wallMillis) => {
    const monotonic = clock.monotonic();
    const now = clock.now();
    const before = offset;
    offset = now - monotonic;
    return offset < before - toleranceMillis ? undefined : monotonic - Math.max(0, now - wallMillis);
  };
}
