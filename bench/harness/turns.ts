import type { Bench } from './part.ts';
import type { Figure } from './results.ts';
import type { Run } from './run.ts';
import { median } from './statistics.ts';

export interface Pair {
  readonly product: Run;
  readonly floor: Run;
}

/** A run of each, again and again: a machine that is busy for a while shows in both. */
export async function byTurns(
  { tell }: Pick<Bench, 'tell'>,
  name: string,
  times: number,
  run: { readonly product: () => Promise<Run>; readonly floor: () => Promise<Run> },
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < times; round += 1) {
    const pair = { product: await run.product(), floor: await run.floor() };
    const { product, floor } = pair;
    const ratio = (product.cpuMicros / floor.cpuMicros).toFixed(2);
    tell(`${name}: product ${product.cpuMicros.toFixed(1)} µs, floor ${floor.cpuMicros.toFixed(1)} µs, ${ratio} ×`);
    pairs.push(pair);
  }
  return pairs;
}

/** The medians. The ratio of processor times is the median of those within a round. */
export function summed(pairs: readonly Pair[], one: string, several: string) {
  const of = (value: (run: Run) => number) => ({
    value: median(pairs.map(({ product }) => value(product))),
    floor: median(pairs.map(({ floor }) => value(floor))),
  });
  const cpu = of(({ cpuMicros }) => cpuMicros);
  const figures: readonly Figure[] = [
    { name: `processor time per ${one}`, unit: 'µs', ...cpu },
    { name: `${several} per second of processor time`, unit: '/s', value: 1e6 / cpu.value, floor: 1e6 / cpu.floor },
    { name: `${several} per second`, unit: '/s', ...of(({ perSecond }) => perSecond) },
    { name: 'peak resident memory', unit: 'MB', ...of(({ peakBytes }) => peakBytes / 1024 ** 2) },
    { name: 'garbage collection, of the processor time', unit: '%', ...of(({ gcShare }) => gcShare * 100) },
    { name: 'sent more than once', unit: '', value: of(({ repeated }) => repeated).value },
  ];
  const ratio = median(pairs.map(({ product, floor }) => product.cpuMicros / floor.cpuMicros));
  const lost = pairs.reduce((sum, { product }) => sum + product.lost, 0);
  const peakBytes = Math.max(...pairs.map(({ product }) => product.peakBytes));
  return { figures, ratio, lost, peakBytes };
}
