/**
 * Fails when the product takes too much more processor time than its floor (bench/floor.ts): a ratio, measured by turns
 * on one topic, so that it holds on slow and busy machines too. `npx node bench/gate.ts`, about half a minute; the
 * Apache Kafka of KAFKA_BROKERS, else one that it starts.
 */
import { kafkaBroker } from './harness/broker.ts';
import { startFloor } from './harness/floor-program.ts';
import { produce } from './harness/produce.ts';
import { purchases, startProduct } from './harness/product.ts';
import { measure } from './harness/run.ts';
import { startSink } from './harness/sink-process.ts';
import { byTurns, summed } from './harness/turns.ts';
import { assertSameShape } from './parts/same-shape.ts';

const expected = 120_000;
const warmUp = { events: expected / 3, feed: async () => undefined };
const rounds = 3;
/** What costs half as much again is caught (1.5 as it is, which is the target, too); what a busy machine adds is not. */
const limit = 2;

await assertSameShape();
const broker = await kafkaBroker();
try {
  const sink = await startSink();
  const topic = await broker.topic('gate');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const tell = (line: string) => console.log(line);
  const pairs = await byTurns({ tell }, 'gate', rounds, {
    product: () =>
      measure({ sink, expected, warmUp, start: () => [startProduct({ broker, topic }, sink.url, purchases)] }),
    floor: () => measure({ sink, expected, warmUp, start: () => [startFloor({ broker, topic }, sink.url, 'orders')] }),
  });
  sink.stop();
  await broker.forget(topic);
  const { ratio, lost } = summed(pairs, 'event', 'events');
  console.log(`processor time per event: ${ratio.toFixed(2)} × the floor (at most ${limit}), ${lost} lost`);
  process.exitCode = ratio <= limit && lost === 0 ? 0 : 1;
} finally {
  await broker.stop();
}
