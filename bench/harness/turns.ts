import type { Bench } from './part.ts';
import type { Figure } from './results.ts';
import type { Run } from './run.ts';
import { median } from './statistics.ts';

/** A run of the product, and one of each that it is measured beside. */
export type Round<Other extends string> = Readonly<Record<'product' | Other, Run>>;

export type Pair = Round<'floor'>;

/** A run of each, again and again: a machine that is busy for a while shows in all of them. */
export async function byTurns<Other extends string>(
  { tell }: Pick<Bench, 'tell'>,
  name: string,
  times: number,
  runs: Readonly<Record<'product' | Other, () => Promise<Run>>>,
): Promise<readonly Round<Other>[]> {
  const rounds: Round<Other>[] = [];
  const entries = Object.entries(runs) as readonly (readonly ['product' | Other, () => Promise<Run>])[];
  for (let count = 0; count < times; count += 1) {
    const round: Partial<Record<'product' | Other, Run>> = {};
    for (const [key, run] of entries) round[key] = await run();
    rounds.push(round as Round<Other>);
    tell(`${name}: ${told(round as Round<string>)}`);
  }
  return rounds;
}

/** Of its floor the product takes a multiple; a peer takes a multiple of the product. */
function told(round: Round<string>): string {
  const own = round['product']?.cpuMicros ?? Number.NaN;
  const each = Object.entries(round).map(([key, { cpuMicros }]) => {
    const ratio = key === 'floor' ? own / cpuMicros : cpuMicros / own;
    return `${key} ${cpuMicros.toFixed(1)} µs${key === 'product' ? '' : `, ${ratio.toFixed(2)} ×`}`;
  });
  return each.join('; ');
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
