import { delayClassesMillis } from '../../core/delay-classes.ts';
import type { Telemetry } from '../../core/ports.ts';

/** How long it took from the time of a record until Meta had what was made of it. */
export interface Delays {
  /**
   * @param timestamp The record's, in Unix milliseconds; below zero: it has none, and isn't counted.
   * @param now Unix milliseconds, read once for all that one answer of Meta's is about.
   */
  delivered(destination: string, timestamp: number, now: number): void;
  /** Tells telemetry what was counted since the last time. */
  flush(): void;
}

interface Counted {
  readonly counts: number[];
  sumMillis: number;
}

export function createDelays(telemetry: Telemetry): Delays {
  const counted = new Map<string, Counted>();

  return {
    delivered(destination, timestamp, now) {
      if (timestamp < 0) return;
      let of = counted.get(destination);
      if (of === undefined) {
        of = { counts: new Array<number>(delayClassesMillis.length + 1).fill(0), sumMillis: 0 };
        counted.set(destination, of);
      }
      // A producer's clock may be ahead of ours.
      const millis = Math.max(0, now - timestamp);
      let bucket = 0;
      while (millis > (delayClassesMillis[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
      of.counts[bucket] = (of.counts[bucket] ?? 0) + 1;
      of.sumMillis += millis;
    },
    flush() {
      for (const [destination, { counts, sumMillis }] of counted) {
        telemetry.emit({ kind: 'delays', destination, counts, sumMillis });
      }
      counted.clear();
    },
  };
}
