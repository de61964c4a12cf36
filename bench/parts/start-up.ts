import { startFloor } from '../harness/floor-program.ts';
import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import type { Program } from '../harness/program.ts';
import { type Figure, lostName } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { median } from '../harness/statistics.ts';
import { byTurns, type Pair } from '../harness/turns.ts';

const rounds = 5;

/** From the start of the process on: what is loaded, what the engine compiles, and the first events by slow code. */
export const startUp: Part = async (bench) => {
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const figures: Figure[] = [];
  let lost = 0;
  for (const expected of [bench.scaled(10_000, 1_000), bench.scaled(60_000, 2_000)]) {
    const topic = await broker.topic('purchases');
    await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
    const fromStart = (start: () => Program) => () =>
      measure({ sink, expected, startCounts: true, start: () => [start()] });
    const pairs = await byTurns(bench, `the first ${expected.toLocaleString('en')}`, rounds, {
      product: fromStart(() => startProduct({ broker, topic }, sink.url, purchases)),
      floor: fromStart(() => startFloor({ broker, topic }, sink.url, 'orders')),
    });
    await broker.forget(topic);
    lost += pairs.reduce((sum, { product }) => sum + product.lost, 0);
    figures.push(secondsOf(pairs, expected));
  }
  return {
    title: 'Start-up',
    about: `Processor time from the start of the process until so many orders of 1.6 KB have arrived, loading and compiling included. Median of ${rounds} runs of each, by turns.`,
    figures,
    targets: [{ name: lostName, value: lost, unit: '', atMost: 0 }],
  };
};

function secondsOf(pairs: readonly Pair[], events: number): Figure {
  const seconds = (of: (pair: Pair) => Run) => median(pairs.map((pair) => (of(pair).cpuMicros * events) / 1e6));
  return {
    name: `${events.toLocaleString('en')} orders from the start`,
    unit: 's',
    value: seconds(({ product }) => product),
    floor: seconds(({ floor }) => floor),
  };
}
