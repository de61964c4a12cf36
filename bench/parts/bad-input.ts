import { startFloor } from '../harness/floor-program.ts';
import type { Bench, Part } from '../harness/part.ts';
import { type ProduceOrder, produce } from '../harness/produce.ts';
import { type Destination, purchases, startProduct, taps } from '../harness/product.ts';
import { type Figure, lostName, type Target } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';
import { assertSameShape } from './same-shape.ts';

const mebibyte = 1024 ** 2;
const memoryLimit = 350;
/** What is said of a curve that has no cliff. */
const noCliff = 1.5;

/** Curves of what nobody would wish for: tiny and huge events, every subscription matching, one partition with nearly all. */
export const badInput: Part = async (bench) => {
  await assertSameShape();
  const sizes = await eventSizes(bench);
  const matches = await matching(bench);
  const keys = await hotKey(bench);
  const runs = [...sizes.flatMap(({ product, floor }) => [product, floor]), ...matches, ...keys].map(({ run }) => run);
  const products = [...sizes.map(({ product }) => product), ...matches, ...keys];
  const peak = Math.max(...products.map(({ run }) => run.peakBytes)) / mebibyte;
  return {
    title: 'Bad input',
    about: `One process, a backlog in Apache Kafka, of which the first third doesn't count where it is more than 3,000 events. Sizes: events of ${tapBytes} bytes with one identifier, and orders of 1.6 KB to 1 MB, most of it nothing that is mapped. Matching: so many subscriptions that each send every order. A hot key: nine of ten orders have one key, so that one of six partitions has nearly all.`,
    figures: [
      ...sizes.flatMap(sizeFigures),
      ...matches.map(({ label, run }) => micros(`${label}, processor time per delivery`, run.cpuMicros)),
      ...keys.map(({ label, run }) => micros(`${label}, processor time per event`, run.cpuMicros)),
      ...keys.map(
        ({ label, run }): Figure => ({ name: `${label}, events per second`, value: run.perSecond, unit: '/s' }),
      ),
    ],
    targets: [
      { name: 'Peak resident memory, bad input', value: peak, unit: 'MB', atMost: memoryLimit },
      ratio('200 subscriptions that all match, a delivery of the time with one', matches),
      ratio('A key with 90 % of the events, of the time with even ones', keys),
      dearestByte(sizes),
      { name: lostName, value: runs.reduce((sum, run) => sum + run.lost, 0), unit: '', atMost: 0 },
    ],
    plots: [
      {
        file: 'event-size-floor',
        title: 'Processor time of an event by its bytes, in multiples of the floor',
        kind: 'bars',
        x: { label: 'bytes of an event', values: sizes.map(({ bytes }) => bytes) },
        y: { label: '× the floor' },
        series: [
          { name: 'product', values: sizes.map(({ product, floor }) => product.run.cpuMicros / floor.run.cpuMicros) },
        ],
      },
      {
        file: 'matching',
        title: 'Processor time of a delivery by subscriptions, all of which match',
        kind: 'bars',
        x: { label: 'subscriptions', values: matchCounts },
        y: { label: 'µs' },
        series: [{ name: 'product', values: matches.map(({ run }) => run.cpuMicros) }],
      },
    ],
  };
};

interface Point {
  readonly label: string;
  readonly run: Run;
}

interface Size {
  readonly bytes: number;
  readonly product: Point;
  readonly floor: Point;
}

const tapBytes = 100;
/** Less than three requests of the floor. */
const few = 3_000;
const eventBytes = [tapBytes, 1_600, 12_800, 100_000, 1_000_000];

async function eventSizes(bench: Bench): Promise<readonly Size[]> {
  const sizes: Size[] = [];
  for (const bytes of eventBytes) {
    const kind = bytes === tapBytes ? 'taps' : 'orders';
    const count = bench.scaled(Math.min(150_000, Math.round(240_000_000 / bytes)), bytes === 1_000_000 ? 30 : 300);
    const destination = kind === 'taps' ? taps : purchases;
    const label = `events of ${bytes.toLocaleString('en')} bytes`;
    const { product, floor } = await withTopic(bench, { count, kind, bytes }, async (reading, sink) => ({
      product: await drained(sink, count, () => startProduct(reading, sink.url, destination)),
      floor: await drained(sink, count, () => startFloor(reading, sink.url, kind)),
    }));
    bench.tell(`${label}: product ${told(product)}, floor ${told(floor)}`);
    sizes.push({ bytes, product: { label, run: product }, floor: { label, run: floor } });
  }
  return sizes;
}

const matchCounts = [1, 10, 50, 200];

async function matching(bench: Bench): Promise<readonly Point[]> {
  const deliveries = bench.scaled(150_000, 10_000);
  const points: Point[] = [];
  for (const times of matchCounts) {
    const count = Math.ceil(deliveries / times);
    const label = `${times} ${times === 1 ? 'subscription matches' : 'subscriptions match'}`;
    const run = await withTopic(bench, { count, kind: 'orders', bytes: 0 }, (reading, sink) =>
      drained(sink, count, () => startProduct(reading, sink.url, allMatching(times)), times),
    );
    bench.tell(`${label}: ${told(run)}`);
    points.push({ label, run });
  }
  return points;
}

/** Each sends an event of its own name: of two with one name and id the second would be a duplicate. */
function allMatching(number: number): Destination {
  const subscriptions = Array.from({ length: number }, (_, index) => ({
    name: `Orders ${index}`,
    action: 'custom-event',
    trigger: 'type = "track" and event = "Order Completed"',
    mapping: { event_name: `Order${index}` },
  }));
  return { subscriptions };
}

async function hotKey(bench: Bench): Promise<readonly Point[]> {
  const count = bench.scaled(150_000, 6_000);
  const points: Point[] = [];
  for (const hotOfTen of [0, 9]) {
    const label = hotOfTen === 0 ? 'even keys' : 'a hot key';
    const run = await withTopic(bench, { count, kind: 'orders', bytes: 0, hotOfTen }, (reading, sink) =>
      drained(sink, count, () => startProduct(reading, sink.url, purchases)),
    );
    bench.tell(`${label}: ${told(run)}`);
    points.push({ label, run });
  }
  return points;
}

type Reading = Parameters<typeof startProduct>[0];
type Sink = Awaited<ReturnType<Bench['sink']>>;

async function withTopic<T>(
  bench: Bench,
  order: Omit<ProduceOrder, 'brokers' | 'topic'>,
  work: (reading: Reading, sink: Sink) => Promise<T>,
): Promise<T> {
  const broker = await bench.kafka();
  const topic = await broker.topic('bad-input');
  await produce({ brokers: broker.addresses, topic, ...order });
  return work({ broker, topic }, await bench.sink()).finally(() => broker.forget(topic));
}

/** A third warms up, unless it is so few events that the floor sends them all at once: what they take is in their bytes. */
function drained(sink: Sink, expected: number, start: () => ReturnType<typeof startProduct>, times = 1): Promise<Run> {
  const deliveries = expected * times;
  const warmUp = { events: Math.round(deliveries / 3) };
  return measure({ sink, expected, times, ...(deliveries > few && { warmUp }), start: () => [start()] });
}

function told({ cpuMicros, peakBytes, perSecond }: Run): string {
  return `${cpuMicros.toFixed(1)} µs, ${Math.round(perSecond)} /s, ${Math.round(peakBytes / mebibyte)} MB`;
}

function micros(name: string, value: number, floor?: number): Figure {
  return { name, value, unit: 'µs', ...(floor !== undefined && { floor }) };
}

function sizeFigures({ product: { label, run }, floor }: Size): readonly Figure[] {
  return [
    micros(`${label}, processor time per event`, run.cpuMicros, floor.run.cpuMicros),
    {
      name: `${label}, peak resident memory`,
      value: run.peakBytes / mebibyte,
      floor: floor.run.peakBytes / mebibyte,
      unit: 'MB',
    },
  ];
}

/** The last over the first. */
function ratio(name: string, points: readonly Point[]): Target {
  const of = (point: Point | undefined) => point?.run.cpuMicros ?? Number.NaN;
  return { name, value: of(points.at(-1)) / of(points[0]), unit: '×', atMost: noCliff };
}

/** Larger events cost less by the byte, or as much: the worst step from one size to the next. */
function dearestByte(sizes: readonly Size[]): Target {
  const perByte = sizes.map(({ bytes, product }) => product.run.cpuMicros / bytes);
  const steps = perByte.slice(1).map((value, index) => value / (perByte[index] ?? Number.NaN));
  return {
    name: 'A byte of a larger event, of one of the next smaller',
    value: Math.max(...steps),
    unit: '×',
    atMost: noCliff,
  };
}
