import { Gauge, type Registry } from 'prom-client';

/** Meta's scores decay within five minutes (Meta: Rate limiting): what was reported before says nothing any more. */
const validMillis = 300_000;

/** Rate-limit usage by lane, for as long as it says something. */
export function createUsageMetric(registry: Registry, name: string, now: () => number) {
  const reported = new Map<string, { readonly percent: number; readonly at: number }>();
  new Gauge({
    name,
    help: 'The highest rate-limit usage that Meta reported last; gone after five minutes without a report.',
    labelNames: ['lane'],
    registers: [registry],
    aggregator: 'max',
    collect() {
      this.reset();
      for (const [lane, { percent, at }] of reported) {
        if (now() - at < validMillis) this.set({ lane }, percent);
        else reported.delete(lane);
      }
    },
  });
  return { report: (lane: string, percent: number) => void reported.set(lane, { percent, at: now() }) };
}
