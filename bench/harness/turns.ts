import type { Bench } from './part.ts';
import type { Figure } from './results.ts';
import type { Run } from './run.ts';
import type { Program } from './program.ts';
import { startSink, type SinkProcess } from './sink-process.ts';
import { median } from './statistics.ts';
import { takeTurns } from './take-turns.ts';

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

/** How a run is measured together with another one. */
export interface SharedRun {
  readonly sink: SinkProcess;
  /** Takes the program that is started. */
  readonly inTurn: (program: Program) => Program;
}

/** Product and floor at the same time, each with its own sink, by turns of half a second (`takeTurns`); again and again. */
export async function byHalfSeconds(
  { tell }: Pick<Bench, 'tell'>,
  name: string,
  times: number,
  runs: Readonly<Record<keyof Pair, (shared: SharedRun) => Promise<Run>>>,
): Promise<readonly Pair[]> {
  const sinks = [await startSink(), await startSink()] as const;
  const pairs: Pair[] = [];
  for (let count = 0; count < times; count += 1) {
    const inTurn = takeTurns(2);
    const [product, floor] = await Promise.all([
      runs.product({ sink: sinks[0], inTurn }),
      runs.floor({ sink: sinks[1], inTurn }),
    ]);
    pairs.push({ product, floor });
    tell(`${name}: ${told({ product, floor })}`);
  }
  for (const sink of sinks) sink.stop();
  return pairs;
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

const gcName = 'garbage collection, of the processor time';

/** The medians. The ratio of processor times is the median of those within a round. */
export function summed(pairs: readonly Pair[], one: string, several: string) {
  const of = (value: (run: Run) => number) => ({
    value: median(pairs.map(({ product }) => value(product))),
    floor: median(pairs.map(({ floor }) => value(floor))),
  });
  const cpu = of(({ cpuMicros }) => cpuMicros);
  const collection = of(({ gcShare }) => gcShare * 100);
  const figures: readonly Figure[] = [
    { name: `processor time per ${one}`, unit: 'µs', ...cpu },
    { name: `${several} per second of processor time`, unit: '/s', value: 1e6 / cpu.value, floor: 1e6 / cpu.floor },
    { name: `${several} per second`, unit: '/s', ...of(({ perSecond }) => perSecond) },
    { name: 'peak resident memory', unit: 'MB', ...of(({ peakBytes }) => peakBytes / 1024 ** 2) },
    ...(Number.isNaN(collection.value) ? [] : [{ name: gcName, unit: '%' as const, ...collection }]),
    { name: 'sent more than once', unit: '', value: of(({ repeated }) => repeated).value },
  ];
  const ratio = median(pairs.map(({ product, floor }) => product.cpuMicros / floor.cpuMicros));
  const lost = pairs.reduce((sum, { product }) => sum + product.lost, 0);
  const peakBytes = Math.max(...pairs.map(({ product }) => product.peakBytes));
  return { figures, ratio, lost, peakBytes };
}
