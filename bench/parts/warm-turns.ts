import type { Broker } from '../harness/broker.ts';
import { startFloor } from '../harness/floor-program.ts';
import type { Bench } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { purchases, startProduct } from '../harness/product.ts';
import { measure } from '../harness/run.ts';
import { byHalfSeconds, type Pair } from '../harness/turns.ts';
import { assertSameShape } from './same-shape.ts';

export interface WarmTurnsOptions {
  readonly broker: Broker;
  /** Orders in the topic. */
  readonly expected: number;
  readonly rounds: number;
}

/**
 * Product and floor by turns of half a second, on one topic that is full before they start. The first third doesn't count: in the first
 * seconds the engine compiles, and of the product, which is larger, more.
 */
export async function warmTurns(
  bench: Pick<Bench, 'tell'>,
  name: string,
  { broker, expected, rounds }: WarmTurnsOptions,
): Promise<readonly Pair[]> {
  await assertSameShape();
  const warmUp = { events: Math.round(expected / 3) };
  const topic = await broker.topic('purchases');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'orders', bytes: 0 });
  const reading = { broker, topic };
  const pairs = await byHalfSeconds(bench, name, rounds, {
    product: ({ sink, inTurn }) =>
      measure({ sink, expected, warmUp, start: () => [inTurn(startProduct(reading, sink.url, purchases))] }),
    floor: ({ sink, inTurn }) =>
      measure({ sink, expected, warmUp, start: () => [inTurn(startFloor(reading, sink.url, 'orders'))] }),
  });
  await broker.forget(topic);
  return pairs;
}
