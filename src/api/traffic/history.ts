import { createRing, type Ring } from './ring.ts';

/** Points of a second for ten minutes, and of a minute for a day. */
export const spans = {
  '10m': { stepSeconds: 1, points: 600 },
  '24h': { stepSeconds: 60, points: 1440 },
} as const;

export type SpanName = keyof typeof spans;

/** How some counts that only grow grew over time. */
export interface History<N extends string> {
  /** Of the newest points, the oldest first; the second or minute that is not over isn't among them. */
  last(name: N, span: SpanName, points?: number): readonly number[];
  sum(name: N, span: SpanName, points?: number): number;
  /** In the last 24 hours, the minute that is not over included. */
  today(name: N): number;
  /** A second is over. */
  tick(): void;
}

interface Series {
  seen: number;
  seenByMinute: number;
  readonly seconds: Ring;
  readonly minutes: Ring;
}

/** @param counts What is counted, read once a second: counting itself costs nothing more. */
export function createHistory<N extends string>(counts: Readonly<Record<N, number>>): History<N> {
  const names = Object.keys(counts) as N[];
  const series = Object.fromEntries(names.map((name) => [name, newSeries(counts[name])])) as Record<N, Series>;
  let ticks = 0;
  const ringOf = (name: N, span: SpanName) => (span === '10m' ? series[name].seconds : series[name].minutes);

  return {
    last: (name, span, points = spans[span].points) => ringOf(name, span).last(points),
    sum: (name, span, points = spans[span].points) => ringOf(name, span).sum(points),
    today: (name) => series[name].minutes.sum(spans['24h'].points - 1) + counts[name] - series[name].seenByMinute,
    tick() {
      ticks += 1;
      for (const name of names) {
        const now = counts[name];
        const of = series[name];
        of.seconds.push(now - of.seen);
        of.seen = now;
        if (ticks % spans['24h'].stepSeconds !== 0) continue;
        of.minutes.push(now - of.seenByMinute);
        of.seenByMinute = now;
      }
    },
  };
}

function newSeries(now: number): Series {
  return {
    seen: now,
    seenByMinute: now,
    seconds: createRing(spans['10m'].points),
    minutes: createRing(spans['24h'].points),
  };
}
