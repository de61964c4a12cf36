import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import type { Program } from '../harness/program.ts';
import { lostName } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { median } from '../harness/statistics.ts';
import { byTurns } from '../harness/turns.ts';
import { builtBenthos, startBenthos, startSegment } from '../peers/programs.ts';
import { assertSameBodies } from '../peers/same-bodies.ts';

const rounds = 3;

/** The product, a stream of Benthos and the published Segment action by turns, on one topic and to one receiver. */
export const peers: Part = async (bench) => {
  const benthos = await builtBenthos();
  await assertSameBodies(benthos);
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const expected = bench.scaled(100_000, 6_000);
  const topic = await broker.topic('peers');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const reading = { broker, topic };
  const drained = (start: () => Program) => () =>
    measure({ sink, expected, warmUp: { events: Math.round(expected / 2) }, start: () => [start()] });
  const measured = await byTurns(bench, 'peers', rounds, {
    product: drained(() => startProduct(reading, sink.url, purchases)),
    benthos: drained(() => startBenthos(benthos, reading, sink.url)),
    segment: drained(() => startSegment(1, reading, sink.url)),
    gathered: drained(() => startSegment(1000, reading, sink.url)),
  });
  await broker.forget(topic);

  const micros = (name: Name) => median(measured.map((round) => round[name].cpuMicros));
  const over = (name: Name) => median(measured.map((round) => round[name].cpuMicros / round.product.cpuMicros));
  const megabytes = (name: Name) => median(measured.map((round) => round[name].peakBytes / 1024 ** 2));
  const lost = measured.flatMap((round) => Object.values<Run>(round)).reduce((sum, run) => sum + run.lost, 0);
  return {
    title: 'Beside peers, end to end',
    about: `${expected.toLocaleString('en')} orders of 1.6 KB in one topic of Apache Kafka, read by each and sent to the same receiver; median of ${rounds} runs, by turns, of which the second half counts. Before it the bodies are compared. Product: the default mapping of Purchase. Benthos: a stream of Benthos 4.60 with franz-go, the same mapping in Bloblang, requests of 1,000, commits (\`bench/peers/go\`). Segment: the published Purchase as its runner calls it, read as the floor reads, with a request for each event, as it sends them; in the other row what it would send is gathered into requests of 1,000. It commits nothing.`,
    figures: (Object.keys(labels) as Name[]).flatMap((name) => [
      {
        name: `${labels[name]}, processor time per event`,
        value: micros(name),
        unit: 'µs' as const,
        ...(name !== 'product' && { note: `${over(name).toFixed(1)} × the product` }),
      },
      { name: `${labels[name]}, peak resident memory`, value: megabytes(name), unit: 'MB' as const },
    ]),
    targets: [
      { name: 'Processor time of Benthos, of the product', value: over('benthos'), unit: '×', atLeast: 2 },
      { name: 'Processor time of Segment, of the product', value: over('segment'), unit: '×', atLeast: 8 },
      { name: lostName, value: lost, unit: '', atMost: 0 },
    ],
    plots: [
      {
        file: 'peers',
        title: 'Processor time of an event, end to end',
        kind: 'bars',
        x: { label: '', values: Object.values(labels) },
        y: { label: 'µs' },
        series: [{ name: 'processor time', values: (Object.keys(labels) as Name[]).map(micros) }],
      },
    ],
  };
};

type Name = keyof typeof labels;

const labels = {
  product: 'product',
  benthos: 'Benthos',
  segment: 'Segment',
  gathered: 'Segment, requests of 1,000',
} as const;
