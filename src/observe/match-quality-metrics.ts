import { Counter, Gauge, type Registry } from 'prom-client';
import { type MatchQuality, createMatchQuality } from './match-quality.ts';

/**
 * A match quality whose counts are read when the metrics are asked for, so that an event costs no look-up of labels.
 * Labels are bounded: identifying fields and six statuses per subscription, those that occur.
 */
export function createExposedMatchQuality(registry: Registry, prefix: string): MatchQuality {
  const quality = createMatchQuality();
  new Counter({
    name: `${prefix}identifiers_total`,
    help: 'Events by what became of an identifying field: hashed, passed, plain; missing, junk, unusable.',
    labelNames: ['destination', 'subscription', 'field', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { destination, subscription, fields } of quality.subscriptions()) {
        for (const [field, counts] of fields) {
          for (const [status, count] of Object.entries(counts)) {
            if (count > 0) this.inc({ destination, subscription, field, status }, count);
          }
        }
      }
    },
  });
  new Gauge({
    name: `${prefix}match_key_ratio`,
    help: 'Share of the events since the start that were prepared with the identifying field, from 0 to 1.',
    labelNames: ['destination', 'subscription', 'field'],
    registers: [registry],
    aggregator: 'average',
    collect() {
      for (const { destination, subscription, events, fields } of quality.subscriptions()) {
        for (const [field, { hashed, passed, plain }] of fields) {
          this.set({ destination, subscription, field }, (hashed + passed + plain) / events);
        }
      }
    },
  });
  return quality;
}
