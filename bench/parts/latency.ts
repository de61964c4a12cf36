import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import type { Figure } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';

const lingerMillis = 500;
const allowanceMillis = 250;

/** How old an order is when Meta's stand-in gets it, at a steady rate. */
export const latency: Part = async (bench) => {
  const quiet = await atRate(1_000, bench.scaled(20_000, 3_000));
  const busy = await atRate(8_000, bench.scaled(80_000, 8_000));

  async function atRate(rate: number, count: number): Promise<Run> {
    const broker = await bench.kafka();
    const sink = await bench.sink();
    const topic = await broker.topic('steady');
    const order = { brokers: broker.addresses, topic, kind: 'orders' as const, bytes: 0, rate };
    const warm = rate * 2;
    const run = await measure({
      sink,
      expected: warm + count,
      start: () => [startProduct({ broker, topic }, sink.url, purchases)],
      warmUp: { events: warm, feed: () => produce({ ...order, count: warm }) },
      feed: () => produce({ ...order, count, first: warm }),
    });
    await broker.forget(topic);
    return run;
  }

  return {
    title: 'From produced to received',
    about: `Orders produced at a steady rate into Apache Kafka. A request leaves when it holds 1,000, or ${lingerMillis} ms after its first order. The first two seconds warm up.`,
    figures: [...figuresOf('1,000 a second', quiet), ...figuresOf('8,000 a second', busy)],
    targets: [
      {
        name: 'p99 from produced to received, 1,000 orders a second',
        value: quiet.latency.p99,
        unit: 'ms',
        atMost: lingerMillis + allowanceMillis,
      },
    ],
  };
};

function figuresOf(rate: string, { latency: { p50, p99, p999 }, cpuMicros }: Run): readonly Figure[] {
  return [
    { name: `${rate}, p50`, value: p50, unit: 'ms' },
    { name: `${rate}, p99`, value: p99, unit: 'ms' },
    { name: `${rate}, p99.9`, value: p999, unit: 'ms' },
    { name: `${rate}, processor time per event`, value: cpuMicros, unit: 'µs' },
  ];
}
