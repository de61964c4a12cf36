import { setTimeout as sleep } from 'node:timers/promises';
import { startFloor } from '../harness/floor-program.ts';
import type { Part } from '../harness/part.ts';
import { purchases, startProduct } from '../harness/product.ts';
import type { Program } from '../harness/program.ts';
import { median } from '../harness/statistics.ts';

const rounds = 3;
/** What a start leaves to do: compiling, collecting. */
const settleMillis = 5_000;
const nothingToSend = 'http://127.0.0.1:9';

/** A connector on a topic without events: how soon it is ready, and what it takes while nothing comes. */
export const idle: Part = async (bench) => {
  const broker = await bench.kafka();
  const topic = await broker.topic('idle');
  const watchMillis = bench.scaled(20_000, 5_000);
  const starts = {
    product: () => startProduct({ broker, topic }, nothingToSend, purchases),
    floor: () => startFloor({ broker, topic }, nothingToSend, 'orders'),
  };
  const ready = { product: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ['product', 'floor'] as const) ready[name].push(await millisToReady(starts[name]));
  }
  // Side by side, so that both have the same minute of the machine.
  const [product, floor] = [starts.product(), starts.floor()];
  await Promise.all([product.ready, floor.ready]);
  await sleep(settleMillis);
  const before = [product.cpuMillis(), floor.cpuMillis()] as const;
  await sleep(watchMillis);
  const share = (program: Program, from: number) => ((program.cpuMillis() - from) / watchMillis) * 100;
  const shares = { product: share(product, before[0]), floor: share(floor, before[1]) };
  await Promise.all([product.stop(), floor.stop()]);
  await broker.forget(topic);
  const start = { product: median(ready.product), floor: median(ready.floor) };
  return {
    title: 'A connector with nothing to do',
    about: `On a topic without events of Apache Kafka: from the start to the first fetch, median of ${rounds}, and the share of one processor over ${watchMillis / 1000} s.`,
    figures: [
      { name: 'start to ready', unit: 'ms', value: start.product, floor: start.floor },
      { name: 'of one processor', unit: '%', value: shares.product, floor: shares.floor },
    ],
    targets: [
      { name: 'Start to ready, of the floor', value: start.product / start.floor, unit: '×', atMost: 6 },
      { name: 'Processor time while idle, of the floor', value: shares.product / shares.floor, unit: '×', atMost: 4 },
    ],
  };
};

async function millisToReady(start: () => Program): Promise<number> {
  const began = performance.now();
  const program = start();
  await program.ready;
  const millis = performance.now() - began;
  await program.stop();
  return millis;
}
