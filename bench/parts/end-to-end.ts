import type { Broker } from '../harness/broker.ts';
import { startFloor } from '../harness/floor-program.ts';
import type { Bench, Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import type { Figure } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { median } from '../harness/statistics.ts';
import { assertSameShape } from './same-shape.ts';
import { provenBySandbox } from './sandbox-proof.ts';

const rounds = 5;

/** Product and floor by turns, on one topic of Apache Kafka that is full before they start. */
export const endToEnd: Part = async (bench) => {
  await assertSameShape();
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const expected = bench.scaled(200_000, 10_000);
  const topic = await broker.topic('purchases');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const pairs = await byTurns(bench, 'Apache Kafka', rounds, {
    product: () => measure({ sink, expected, start: () => [startProduct({ broker, topic }, sink.url, purchases)] }),
    floor: () => measure({ sink, expected, start: () => [startFloor({ broker, topic }, sink.url, 'orders')] }),
  });
  await provenBySandbox(broker, bench.scaled(20_000, 2_000));
  await broker.forget(topic);
  const { figures, ratio, lost } = summed(pairs);
  return {
    title: 'End to end, Apache Kafka',
    about: `A backlog of ${expected.toLocaleString('en')} orders of 1.6 KB in six partitions, ten identifiers each, the default mapping of Purchase, requests of 1,000. Median of ${rounds} runs of each, by turns. Processor time is that of the measured process alone, from its joining the group to the last arrival.`,
    figures,
    targets: [
      { name: 'Processor time per Purchase, of the floor', value: ratio, unit: '×', atMost: 1.5 },
      { name: 'Events lost', value: lost, unit: '', atMost: 0 },
    ],
  };
};

/** The embedded broker keeps 5 MiB of a partition: it is fed while it is read. */
export const endToEndEmbedded: Part = async (bench) => {
  const broker = await bench.embedded();
  const expected = bench.scaled(60_000, 10_000);
  const pairs = await byTurns(bench, 'the embedded broker', 3, {
    product: () => fed(bench, broker, expected, (topic, url) => startProduct({ broker, topic }, url, purchases)),
    floor: () => fed(bench, broker, expected, (topic, url) => startFloor({ broker, topic }, url, 'orders')),
  });
  await provenBySandbox(broker, 2_000);
  const { figures, lost } = summed(pairs);
  return {
    title: 'End to end, embedded broker',
    about: `${expected.toLocaleString('en')} orders through the broker of the demo, which keeps 5 MiB of a partition: at most 6,000 orders are ahead of the reader, so that it is the producer that bounds the throughput here. Median of three runs.`,
    figures,
    targets: [{ name: 'Events lost, embedded broker', value: lost, unit: '', atMost: 0 }],
  };
};

async function fed(
  bench: Bench,
  broker: Broker,
  expected: number,
  start: (topic: string, url: string) => ReturnType<typeof startProduct>,
): Promise<Run> {
  const sink = await bench.sink();
  const topic = await broker.topic('purchases');
  const order = { brokers: broker.addresses, topic, count: expected, kind: 'orders' as const, bytes: 0, window: 6_000 };
  return measure({ sink, expected, start: () => [start(topic, sink.url)], feed: () => produce(order, sink) });
}

export interface Pair {
  readonly product: Run;
  readonly floor: Run;
}

/** A run of each, again and again: a machine that is busy for a while shows in both. */
export async function byTurns(
  { tell }: Bench,
  name: string,
  times: number,
  run: { readonly product: () => Promise<Run>; readonly floor: () => Promise<Run> },
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < times; round += 1) {
    const pair = { product: await run.product(), floor: await run.floor() };
    const { product, floor } = pair;
    tell(
      `${name}: product ${product.cpuMicros.toFixed(1)} µs, floor ${floor.cpuMicros.toFixed(1)} µs, ${(product.cpuMicros / floor.cpuMicros).toFixed(2)} ×`,
    );
    pairs.push(pair);
  }
  return pairs;
}

/** The medians. The ratio is the median of those within a round. */
export function summed(pairs: readonly Pair[]) {
  const of = (value: (run: Run) => number) => ({
    value: median(pairs.map(({ product }) => value(product))),
    floor: median(pairs.map(({ floor }) => value(floor))),
  });
  const cpu = of(({ cpuMicros }) => cpuMicros);
  const figures: readonly Figure[] = [
    { name: 'processor time per event', unit: 'µs', ...cpu },
    {
      name: 'events per second of processor time',
      unit: '/s',
      value: 1e6 / cpu.value,
      floor: 1e6 / cpu.floor,
    },
    { name: 'events per second', unit: '/s', ...of(({ perSecond }) => perSecond) },
    { name: 'peak resident memory', unit: 'MB', ...of(({ peakBytes }) => peakBytes / 1024 ** 2) },
    { name: 'garbage collection, of the processor time', unit: '%', ...of(({ gcShare }) => gcShare * 100) },
    { name: 'sent more than once', unit: '', value: of(({ repeated }) => repeated).value },
  ];
  const ratio = median(pairs.map(({ product, floor }) => product.cpuMicros / floor.cpuMicros));
  const lost = pairs.reduce((sum, { product }) => sum + product.lost, 0);
  return { figures, ratio, lost };
}
