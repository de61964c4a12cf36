import type { Bench, Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { type Destination, purchases, startProduct } from '../harness/product.ts';
import { type Figure, lostName, type Plot } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';

interface Point {
  readonly label: string;
  readonly run: Run;
}

interface Given {
  readonly destination?: Destination;
  readonly environment?: Readonly<Record<string, string>>;
  readonly delayMillis?: number;
}

/** Throughput against the size of requests, the size of events, and the requests under way at once. */
export const curves: Part = async (bench) => {
  const batches = await batchSizes(bench);
  const sizes = await eventSizes(bench);
  const limits = await requestLimits(bench);
  const all = [
    {
      name: 'events per request',
      file: 'batch-size',
      title: 'Events per second by the size of requests',
      points: batches,
    },
    { name: 'bytes of an event', file: 'event-size', title: 'Events per second by the size of events', points: sizes },
    {
      name: `requests under way, answers after ${answerMillis} ms`,
      file: 'in-flight',
      title: `Events per second by requests under way, answers after ${answerMillis} ms`,
      points: limits,
    },
  ];
  return {
    title: 'Curves',
    about: `One process, a backlog in Apache Kafka, the default mapping of Purchase. The first two in events per second of the product's processor time, since broker and sink share the machine; the last in events per second, since it is the answers that bound it.`,
    figures: all.flatMap(({ name, points }, index) => points.map((point) => figureOf(name, point, index === 2))),
    targets: [{ name: lostName, value: lostOf([...batches, ...sizes, ...limits]), unit: '', atMost: 0 }],
    plots: all.map(({ name, file, title, points }, index) => plotOf({ name, file, title, points }, index === 2)),
  };
};

async function batchSizes(bench: Bench): Promise<readonly Point[]> {
  const count = bench.scaled(60_000, 2_000);
  return withTopic(bench, count, 0, async (topic) => {
    const points: Point[] = [];
    for (const size of [1, 10, 100, 1000]) {
      const destination = { ...purchases, settings: { batch: { max_events: size } } };
      // Requests of one event are dear: a part of the backlog shows it.
      const expected = size === 1 ? Math.ceil(count / 6) : count;
      points.push({ label: String(size), run: await drained(bench, topic, expected, { destination }) });
    }
    return points;
  });
}

async function eventSizes(bench: Bench): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const bytes of [1_600, 3_200, 6_400, 12_800]) {
    const count = bench.scaled(Math.round(80_000_000 / bytes), 1_000);
    points.push({
      label: String(bytes),
      run: await withTopic(bench, count, bytes, (topic) => drained(bench, topic, count, {})),
    });
  }
  return points;
}

/** About what an answer of Meta takes. */
const answerMillis = 250;

async function requestLimits(bench: Bench): Promise<readonly Point[]> {
  const count = bench.scaled(80_000, 4_000);
  return withTopic(bench, count, 0, async (topic) => {
    const points: Point[] = [];
    for (const limit of [1, 2, 4, 8]) {
      const given = { environment: { REQUESTS_PER_LANE: String(limit) }, delayMillis: answerMillis };
      const expected = Math.min(count, limit * 20_000);
      points.push({ label: String(limit), run: await drained(bench, topic, expected, given) });
    }
    return points;
  });
}

async function withTopic<T>(
  bench: Bench,
  count: number,
  bytes: number,
  work: (topic: string) => Promise<T>,
): Promise<T> {
  const broker = await bench.kafka();
  const topic = await broker.topic('curve');
  await produce({ brokers: broker.addresses, topic, count, kind: 'orders', bytes });
  return work(topic).finally(() => broker.forget(topic));
}

async function drained(bench: Bench, topic: string, expected: number, given: Given): Promise<Run> {
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const { destination = purchases, environment = {}, delayMillis = 0 } = given;
  const start = () => [startProduct({ broker, topic }, sink.url, destination, environment)];
  return measure({ sink, expected, delayMillis, start });
}

function rateOf({ run }: Point, byTheClock: boolean): number {
  return byTheClock ? run.perSecond : 1e6 / run.cpuMicros;
}

function figureOf(name: string, point: Point, byTheClock: boolean): Figure {
  return { name: `${name}: ${point.label}`, value: rateOf(point, byTheClock), unit: '/s' };
}

function plotOf(
  { name, file, title, points }: { name: string; file: string; title: string; points: readonly Point[] },
  byTheClock: boolean,
): Plot {
  return {
    file,
    title,
    kind: 'bars',
    x: { label: name, values: points.map(({ label }) => label) },
    y: { label: byTheClock ? 'events per second' : 'events per second of processor time' },
    series: [{ name: 'product', values: points.map((point) => rateOf(point, byTheClock)) }],
  };
}

function lostOf(points: readonly Point[]): number {
  return points.reduce((sum, { run }) => sum + run.lost, 0);
}
