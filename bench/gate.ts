/**
 * Fails when the product takes too much more processor time than its floor (bench/floor.ts): a ratio, measured by turns
 * on one topic, so that it holds on slow and busy machines too. `npx node bench/gate.ts`, about half a minute; the
 * Apache Kafka of KAFKA_BROKERS, else one that it starts.
 */
import { kafkaBroker } from './harness/broker.ts';
import { startSink } from './harness/sink-process.ts';
import { summed } from './harness/turns.ts';
import { warmTurns } from './parts/warm-turns.ts';

/** What costs half as much again is caught (1.5 as it is, which is the target, too); what a busy machine adds is not. */
const limit = 2;

const broker = await kafkaBroker();
try {
  const sink = await startSink();
  const tell = (line: string) => console.log(line);
  const pairs = await warmTurns({ tell }, 'gate', { broker, sink, expected: 120_000, rounds: 3 });
  sink.stop();
  const { ratio, lost } = summed(pairs, 'event', 'events');
  console.log(`processor time per event: ${ratio.toFixed(2)} × the floor (at most ${limit}), ${lost} lost`);
  process.exitCode = ratio <= limit && lost === 0 ? 0 : 1;
} finally {
  await broker.stop();
}
