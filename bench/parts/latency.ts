import { startFloor } from '../harness/floor-program.ts';
import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { type Destination, purchases, startProduct } from '../harness/product.ts';
import type { Figure } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';

const lingerMillis = 500;
const allowanceMillis = 250;
const tailAllowanceMillis = 150;

/** Every batch waits for company, also in a lane that is idle. */
const strict: Destination = {
  ...purchases,
  settings: { batch: { linger_ms: lingerMillis, idle_linger_ms: lingerMillis } },
};

const rates = [1, 10, 100, 1_000, 5_000] as const;
const seconds = 20;
const warmSeconds = 2;

/** How old an order is when Meta's stand-in gets it, at a steady rate. */
export const latency: Part = async (bench) => {
  const broker = await bench.kafka();
  const sink = await bench.sink();

  async function atRate(rate: number, who: Destination | 'floor'): Promise<Run> {
    const count = Math.max(10, bench.scaled(rate * seconds, rate * 3));
    const topic = await broker.topic('steady');
    const order = { brokers: broker.addresses, topic, kind: 'orders' as const, bytes: 0, rate };
    const warm = rate * warmSeconds;
    const run = await measure({
      sink,
      expected: warm + count,
      start: () => [
        who === 'floor'
          ? startFloor({ broker, topic }, sink.url, 'orders')
          : startProduct({ broker, topic }, sink.url, who),
      ],
      warmUp: { events: warm, feed: () => produce({ ...order, count: warm }) },
      feed: () => produce({ ...order, count, first: warm }),
    });
    await broker.forget(topic);
    return run;
  }

  const figures: Figure[] = [];
  const runs = new Map<number, Run>();
  for (const rate of rates) {
    const run = await atRate(rate, purchases);
    const waiting = await atRate(rate, strict);
    const floor = await atRate(rate, 'floor');
    runs.set(rate, run);
    figures.push(...figuresOf(rate, run, floor), ...requestsOf(rate, run, waiting));
  }
  const [quiet, busy] = [runs.get(1_000), runs.get(5_000)];
  return {
    title: 'From produced to received',
    about: `Orders produced at a steady rate into Apache Kafka. A request leaves when it holds 1,000, or ${lingerMillis} ms after its first order (\`linger_ms\`), or in an idle lane 10 ms after. The floor waits ${lingerMillis} ms always. The first ${warmSeconds} seconds warm up.`,
    figures,
    targets: [
      {
        name: 'p99 from produced to received, 1,000 orders a second',
        value: quiet?.latency.p99 ?? Number.NaN,
        unit: 'ms',
        atMost: lingerMillis + allowanceMillis,
      },
      {
        name: 'p99.9 from produced to received, 5,000 orders a second',
        value: busy?.latency.p999 ?? Number.NaN,
        unit: 'ms',
        atMost: lingerMillis + tailAllowanceMillis,
      },
    ],
  };
};

function figuresOf(rate: number, { latency: ours, cpuMicros }: Run, floor: Run): readonly Figure[] {
  const of = `${rate.toLocaleString('en')} a second`;
  return [
    { name: `${of}, p50`, value: ours.p50, floor: floor.latency.p50, unit: 'ms' },
    { name: `${of}, p99`, value: ours.p99, floor: floor.latency.p99, unit: 'ms' },
    { name: `${of}, p99.9`, value: ours.p999, floor: floor.latency.p999, unit: 'ms' },
    { name: `${of}, processor time per event`, value: cpuMicros, floor: floor.cpuMicros, unit: 'µs' },
  ];
}

/** The first request of a run, with what warms up, may hold one order; so these are of the whole run. */
function requestsOf(rate: number, run: Run, waiting: Run): readonly Figure[] {
  const of = `${rate.toLocaleString('en')} a second`;
  return [
    { name: `${of}, requests`, value: run.requests, unit: '' },
    { name: `${of}, requests where all wait`, value: waiting.requests, unit: '' },
    { name: `${of}, processor time per event where all wait`, value: waiting.cpuMicros, unit: 'µs' },
    { name: `${of}, p50 where all wait`, value: waiting.latency.p50, unit: 'ms' },
  ];
}
