/**
 * Fails when an event takes more processor time than it did when the figures were published last. The two programs run
 * side by side, on one topic in the same seconds, so that whatever else the machine does, and whatever it is, slows both:
 * only their ratio counts.
 *
 *     npx node bench/gate.ts                  about a minute
 *     npx node bench/gate.ts --base main~1    than another commit
 *
 * Needs Linux, git with the history, and the Apache Kafka of KAFKA_BROKERS, else one that it starts.
 */
import { parseArgs } from 'node:util';
import { type Broker, kafkaBroker } from './harness/broker.ts';
import { type Earlier, earlierProduct } from './harness/earlier.ts';
import { produce } from './harness/produce.ts';
import { purchases, startProduct } from './harness/product.ts';
import { measure } from './harness/run.ts';
import { startSink } from './harness/sink-process.ts';
import { median } from './harness/statistics.ts';
import { whenAskedToEnd } from './harness/when-asked-to-end.ts';

/** The same program twice is within 0.03 of 1, also on a busy machine (docs/decisions/0213-side-by-side.md). */
const limit = 1.1;
const rounds = 5;
const expected = 90_000;
/** The engine compiles in the first seconds. */
const warmUp = { events: expected / 3 };

const { values } = parseArgs({ options: { base: { type: 'string' } } });
const earlier = earlierProduct(values.base);
console.log(`beside ${earlier.name}`);
const broker = await kafkaBroker();
whenAskedToEnd(broker.stop);
try {
  process.exitCode = (await isFastEnough(broker, earlier)) ? 0 : 1;
} finally {
  await broker.stop();
}

async function isFastEnough(kafka: Broker, { folder }: Earlier): Promise<boolean> {
  const topic = await kafka.topic('purchases');
  await produce({ brokers: kafka.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const sinks = [await startSink(), await startSink()] as const;
  const reading = { broker: kafka, topic };
  const run = (sink: (typeof sinks)[number], from?: string) =>
    measure({ sink, expected, warmUp, start: () => [startProduct(reading, sink.url, purchases, {}, from)] });
  const ratios: number[] = [];
  let lost = 0;
  for (let round = 1; round <= rounds; round++) {
    const [now, then] = await Promise.all([run(sinks[0]), run(sinks[1], folder)]);
    const ratio = now.cpuMicros / then.cpuMicros;
    console.log(
      `${now.cpuMicros.toFixed(1)} µs an event, ${then.cpuMicros.toFixed(1)} µs before: ${ratio.toFixed(2)} ×`,
    );
    ratios.push(ratio);
    lost += now.lost;
  }
  for (const sink of sinks) sink.stop();
  await kafka.forget(topic);
  const ratio = median(ratios);
  console.log(`processor time per event: ${ratio.toFixed(2)} × that of before (at most ${limit}), ${lost} lost`);
  return ratio <= limit && lost === 0;
}
