import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { type Destination, startProduct } from '../harness/product.ts';
import { lostName } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { median } from '../harness/statistics.ts';

const numbers = [1, 10, 50, 200];
const rounds = 3;

/** What subscriptions cost that don't match. */
export const subscriptions: Part = async (bench) => {
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const expected = bench.scaled(80_000, 5_000);
  const topic = await broker.topic('subscriptions');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const runs = new Map<number, Run[]>(numbers.map((number) => [number, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const number of numbers) {
      const start = () => [startProduct({ broker, topic }, sink.url, destinationWith(number))];
      const run = await measure({ sink, expected, start });
      bench.tell(`${number} subscriptions: ${run.cpuMicros.toFixed(1)} µs`);
      runs.get(number)?.push(run);
    }
  }
  await broker.forget(topic);
  const micros = (number: number) => median((runs.get(number) ?? []).map(({ cpuMicros }) => cpuMicros));
  const one = runs.get(1) ?? [];
  const ratio = median(
    (runs.get(200) ?? []).map(({ cpuMicros }, round) => cpuMicros / (one[round]?.cpuMicros ?? Number.NaN)),
  );
  const lost = [...runs.values()].flat().reduce((sum, run) => sum + run.lost, 0);
  return {
    title: 'Subscriptions',
    about: `One destination with 1 to 200 subscriptions, of which one matches each order; ${expected.toLocaleString('en')} orders from Apache Kafka, median of ${rounds} runs by turns.`,
    figures: numbers.map((number) => ({
      name: `${number} ${number === 1 ? 'subscription' : 'subscriptions'}, processor time per event`,
      value: micros(number),
      unit: 'µs' as const,
    })),
    targets: [
      { name: '200 subscriptions, of the time with one', value: ratio, unit: '×', atMost: 1.5 },
      { name: lostName, value: lost, unit: '', atMost: 0 },
    ],
    plots: [
      {
        file: 'subscriptions',
        title: 'Events per second of processor time by subscriptions, one of which matches',
        kind: 'bars',
        x: { label: 'subscriptions', values: numbers },
        y: { label: 'events per second of processor time' },
        series: [{ name: 'product', values: numbers.map((number) => 1e6 / micros(number)) }],
      },
    ],
  };
};

/** The one that matches comes last. A third of the others look at a property too. */
function destinationWith(number: number): Destination {
  const others = Array.from({ length: number - 1 }, (_, index) => ({
    name: `Other ${index}`,
    action: 'custom-event',
    trigger: `type = "track" and event = "Event ${index}"${index % 3 === 0 ? ` and properties.total > ${index}` : ''}`,
    mapping: { event_name: `Other${index}` },
  }));
  return { subscriptions: [...others, { name: 'Orders', action: 'purchase' }] };
}
