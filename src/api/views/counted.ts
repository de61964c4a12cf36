import type { Counts } from '../traffic/counts.ts';
import type { Counted, Traffic } from '../traffic/traffic.ts';

const rateSeconds = 10;
const sparkMinutes = 30;
const none: Counts = { matched: 0, sent: 0, delivered: 0, skipped: 0, setAside: 0 };

/** What was counted, as the API tells it. */
export function shownCounts({ counts, history, skipped, setAside, lastDeliveredAt }: Counted) {
  const rate = (name: keyof Counts) => (history?.sum(name, '10m', rateSeconds) ?? 0) / rateSeconds;
  return {
    sinceStart: { ...counts },
    lastDay: history === undefined ? none : dayOf(history, counts),
    rates: {
      matched: rate('matched'),
      sent: rate('sent'),
      delivered: rate('delivered'),
      skipped: rate('skipped'),
      setAside: rate('setAside'),
    },
    spark: history?.last('delivered', '24h', sparkMinutes) ?? [],
    skipped: Object.fromEntries(skipped),
    setAside: Object.fromEntries(setAside),
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt }),
  };
}

/** The last day: what the minutes hold, and what was counted since the last of them. */
function dayOf<N extends string>(history: { today(name: N): number }, counts: Readonly<Record<N, number>>) {
  return Object.fromEntries(Object.keys(counts).map((name) => [name, history.today(name as N)])) as Record<N, number>;
}

export function processDay(traffic: Traffic) {
  return dayOf(traffic.history, traffic.process);
}
