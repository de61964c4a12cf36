/**
 * Reading an order in Avro and in Protobuf, beside JSON.parse of the same order in the same run.
 * `npx node bench/formats.ts`
 */
import { compileAvro } from '../src/formats/avro/compile.ts';
import { compileProto } from '../src/formats/protobuf/compile.ts';
import { cursorOf } from '../src/formats/values/cursor.ts';
import { avroSchemas, protoFiles, shopOrder } from '../test/support/shop-orders.ts';

const rounds = 61;
const repetitions = 3000;
/** Avro may take so much longer than JSON.parse. */
const limit = 1.5;

const order = shopOrder('m-1', 0, Date.UTC(2026, 4, 6), { avro: [1, 2], protobuf: [3, 4] });
const readAvro = compileAvro(JSON.parse(avroSchemas[0]));
const readProto = compileProto([{ name: '', text: protoFiles[0] }]).reader([5]);

const ways = {
  'JSON.parse': () => JSON.parse(order.json.toString('utf8')) as unknown,
  avro: () => readAvro(cursorOf(order.avro, 5)),
  protobuf: () => readProto(cursorOf(order.protobuf, 7), order.protobuf.length),
};

function nanosOf(run: () => unknown): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < repetitions; index++) run();
  return Number(process.hrtime.bigint() - start) / repetitions;
}

// The best of many rounds, taken in turns: what others do on the machine only makes a round slower.
const best = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(ways)) best.set(name, Math.min(best.get(name) ?? Infinity, nanosOf(run)));
}

const json = best.get('JSON.parse') ?? 0;
for (const [name, nanos] of best)
  console.log(`${name.padEnd(12)} ${Math.round(nanos)} ns, ${(nanos / json).toFixed(2)}`);
if ((best.get('avro') ?? Infinity) > limit * json) {
  console.log(`avro takes more than ${limit} times as long as JSON.parse`);
  process.exitCode = 1;
}
