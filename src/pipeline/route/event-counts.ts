import type { Telemetry } from '../../core/ports.ts';
import type { TelemetryEvent } from '../../core/telemetry.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';

type Matched = Omit<Extract<TelemetryEvent, { kind: 'matched' }>, 'kind' | 'count'>;
type Skipped = Omit<Extract<TelemetryEvent, { kind: 'skipped' }>, 'kind' | 'count'>;
type Delivered = Omit<Extract<TelemetryEvent, { kind: 'delivered' }>, 'kind' | 'count'>;

/** Counts what happens to every single event, so that telemetry hears of it once a batch. */
export interface EventCounts {
  matched(of: Matched): void;
  skipped(of: Skipped): void;
  delivered(of: Delivered): void;
  /** Tells telemetry what was counted since the last time. */
  flush(): void;
}

export function createEventCounts(telemetry: Telemetry): EventCounts {
  const matched = counter<Matched>();
  const skipped = counter<Skipped>();
  const delivered = counter<Delivered>();
  return {
    matched: (of) => matched.add(of, subscriptionKey(of.destination, of.subscription)),
    skipped: (of) => skipped.add(of, `${subscriptionKey(of.destination, of.subscription)}/${of.reason}`),
    delivered: (of) => delivered.add(of, subscriptionKey(of.destination, of.subscription)),
    flush() {
      for (const of of matched.take()) telemetry.emit({ kind: 'matched', ...of });
      for (const of of skipped.take()) telemetry.emit({ kind: 'skipped', ...of });
      for (const of of delivered.take()) telemetry.emit({ kind: 'delivered', ...of });
    },
  };
}

function counter<T extends object>() {
  const counts = new Map<string, T & { count: number }>();
  return {
    add(of: T, key: string): void {
      const found = counts.get(key);
      if (found === undefined) counts.set(key, { ...of, count: 1 });
      else found.count += 1;
    },
    take(): (T & { count: number })[] {
      const taken = [...counts.values()];
      counts.clear();
      return taken;
    },
  };
}
