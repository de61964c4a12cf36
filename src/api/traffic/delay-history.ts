import { delayClassesMillis } from '../../core/delay-classes.ts';
import { type SpanName, spans } from './history.ts';
import { createRing, type Ring } from './ring.ts';

const shares = [0.5, 0.99] as const;

export type Share = (typeof shares)[number];

/** How long deliveries took, over time: of each second and minute the median and the slowest hundredth. */
export interface DelayHistory {
  /** Deliveries by class (`delayClassesMillis`). */
  add(counts: readonly number[]): void;
  /** Milliseconds; 0: nothing was delivered. */
  last(share: Share, span: SpanName): readonly number[];
  /** A second is over. */
  tick(): void;
}

interface Collected {
  readonly counts: number[];
  readonly rings: Readonly<Record<Share, Ring>>;
}

export function createDelayHistory(): DelayHistory {
  const seconds = collected('10m');
  const minutes = collected('24h');
  let ticks = 0;

  return {
    add(counts) {
      for (const { counts: sums } of [seconds, minutes]) {
        counts.forEach((count, at) => {
          sums[at] = (sums[at] ?? 0) + count;
        });
      }
    },
    last: (share, span) => (span === '10m' ? seconds : minutes).rings[share].last(spans[span].points),
    tick() {
      ticks += 1;
      close(seconds);
      if (ticks % spans['24h'].stepSeconds === 0) close(minutes);
    },
  };
}

function collected(span: SpanName): Collected {
  const { points } = spans[span];
  return {
    counts: delayClassesMillis.map(() => 0).concat(0),
    rings: { 0.5: createRing(points), 0.99: createRing(points) },
  };
}

function close({ counts, rings }: Collected): void {
  for (const share of shares) rings[share].push(Math.round(quantile(counts, share)));
  counts.fill(0);
}

/** Within a class as if its deliveries were spread evenly, as Prometheus has it. */
function quantile(counts: readonly number[], share: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let rank = all * share;
  for (const [at, count] of counts.entries()) {
    const from = delayClassesMillis[at - 1] ?? 0;
    const to = delayClassesMillis[at];
    if (count > 0 && rank <= count) return to === undefined ? from : from + ((to - from) * rank) / count;
    rank -= count;
  }
  return 0;
}
