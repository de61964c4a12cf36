import type { Broker } from '../harness/broker.ts';
import { startFloor } from '../harness/floor-program.ts';
import type { Bench, Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import { lostName } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { byTurns, summed } from '../harness/turns.ts';
import { provenBySandbox } from './sandbox-proof.ts';
import { warmTurns } from './warm-turns.ts';

const rounds = 5;

/** Product and floor by turns, on one topic of Apache Kafka that is full before they start. */
export const endToEnd: Part = async (bench) => {
  const broker = await bench.kafka();
  const expected = bench.scaled(300_000, 15_000);
  const pairs = await warmTurns(bench, 'Apache Kafka', { broker, expected, rounds });
  await provenBySandbox(broker, bench.scaled(20_000, 2_000));
  const { figures, ratio, lost } = summed(pairs, 'event', 'events');
  return {
    title: 'End to end, Apache Kafka',
    about: `A backlog of ${expected.toLocaleString('en')} orders of 1.6 KB in six partitions, ten identifiers each, the default mapping of Purchase, requests of 1,000. Median of ${rounds} runs of each, by turns of half a second: while one works, the other stands still. Processor time is that of the measured process alone, all its threads, from the arrival of the first third, which warms up, to that of the last order.`,
    figures,
    targets: [
      { name: 'Processor time per Purchase, of the floor', value: ratio, unit: '×', atMost: 1.3 },
      { name: lostName, value: lost, unit: '', atMost: 0 },
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
  const { figures, lost } = summed(pairs, 'event', 'events');
  return {
    title: 'End to end, embedded broker',
    about: `${expected.toLocaleString('en')} orders through the broker of the demo, which keeps 5 MiB of a partition: at most 6,000 orders are ahead of the reader, so that it is the producer that bounds the throughput here. Median of three runs.`,
    figures,
    targets: [{ name: lostName, value: lost, unit: '', atMost: 0 }],
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
