/**
 * How many bytes of V8's heap each step of an order takes, and how many the floor. Unlike times, the same on a busy machine.
 *
 *     npx node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256 bench/allocated.ts
 */
import { planRecord } from '../src/pipeline/route/plan.ts';
import { prepare } from '../src/pipeline/route/prepare.ts';
import { decode } from '../src/pipeline/route/decode.ts';
import { conversionOf } from './floor.ts';
import { purchases } from './harness/product.ts';
import { loaded, present, recordOf } from './parts/in-process.ts';
import { order, preciseNow } from './shop.ts';

const count = 1000;
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run it with the flags that its first lines name');

const now = preciseNow();
const values = Array.from({ length: count }, (_, number) => Buffer.from(JSON.stringify(order({ number, at: now }))));
const destination = await loaded(purchases);
const [subscription] = destination.subscriptions;
if (subscription === undefined) throw new Error('no subscription');
const options = { envelope: [], maxRecordBytes: 1_000_000 };
const orders = values.map((value, index) => {
  return { value, record: recordOf(value, index), event: present(decode(value, options)) };
});

type Order = (typeof orders)[number];

const steps: Readonly<Record<string, (order: Order) => unknown>> = {
  decode: ({ value }) => decode(value, options),
  'decode, floor': ({ value }) => JSON.parse(value.toString()),
  'map and validate': ({ event }) => subscription.fields(event),
  prepare: ({ event, record }) => prepare(destination, subscription, event, record, now),
  'prepare, floor': ({ event }) => JSON.stringify(conversionOf(event as never)),
  'all that is decided': ({ record }) => planRecord(record, [destination], { decode: options }, now, () => false),
};

let kept: unknown;
for (const [name, step] of Object.entries(steps)) {
  // Compiled code allocates less than interpreted code.
  for (let round = 0; round < 100; round += 1) for (const one of orders) kept = step(one);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (const one of orders) kept = step(one);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / count);
  }
  console.log(`${name.padEnd(24)} ${Math.round(least).toLocaleString('en').padStart(7)} bytes`);
}
if (kept === undefined) throw new Error('nothing was measured');
