import type { Histogram, Registry } from 'prom-client';
import { delayClassesMillis } from '../core/delay-classes.ts';
import type { TelemetryEvent } from '../core/telemetry.ts';

type DelaysEvent = Extract<TelemetryEvent, { kind: 'delays' }>;

interface Added {
  readonly counts: number[];
  sumMillis: number;
}

/** A histogram that takes whole classes at once: prom-client's own would be asked for every single delivery. */
export function createDelayMetric(registry: Registry, name: string, help: string): { add(event: DelaysEvent): void } {
  const added = new Map<string, Added>();

  function values() {
    return [...added].flatMap(([destination, { counts, sumMillis }]) => {
      let below = 0;
      const buckets = counts.map((count, at) => {
        below += count;
        const bound = delayClassesMillis[at];
        const le = bound === undefined ? '+Inf' : String(bound / 1_000);
        return { metricName: `${name}_bucket`, labels: { destination, le }, value: below };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: { destination }, value: sumMillis / 1_000 },
        { metricName: `${name}_count`, labels: { destination }, value: below },
      ];
    });
  }

  // What a registry asks of a metric; the type wants one of prom-client's classes.
  const described = { name, help, type: 'histogram', aggregator: 'sum' };
  const metric = { ...described, get: async () => ({ ...described, values: values() }) };
  registry.registerMetric(metric as unknown as Histogram);

  return {
    add({ destination, counts, sumMillis }) {
      const before = added.get(destination) ?? { counts: delayClassesMillis.map(() => 0).concat(0), sumMillis: 0 };
      counts.forEach((count, at) => {
        before.counts[at] = (before.counts[at] ?? 0) + count;
      });
      before.sumMillis += sumMillis;
      added.set(destination, before);
    },
  };
}
