import { compileAvro } from '../../src/formats/avro/compile.ts';
import { compileProto } from '../../src/formats/protobuf/compile.ts';
import { cursorOf } from '../../src/formats/values/cursor.ts';
import { avroSchemas, protoFiles, shopOrder } from '../../test/support/shop-orders.ts';
import type { Part } from '../harness/part.ts';

/** Half a millisecond: short enough for rounds in which nobody else had the processor. */
const repetitions = 300;

/** Reading an order in Avro and in Protobuf, beside JSON.parse of the same order in the same run. */
export const formats: Part = async ({ scaled }) => {
  const order = shopOrder('m-1', 0, Date.UTC(2026, 4, 6), { avro: [1, 2], protobuf: [3, 4] });
  const readAvro = compileAvro(JSON.parse(avroSchemas[0]));
  const readProto = compileProto([{ name: '', text: protoFiles[0] }]).reader([5]);
  const ways = {
    json: () => JSON.parse(order.json.toString('utf8')) as unknown,
    avro: () => readAvro(cursorOf(order.avro, 5)),
    protobuf: () => readProto(cursorOf(order.protobuf, 7), order.protobuf.length),
  };
  const best = bestMicros(ways, scaled(2000, 200));
  const floor = best.json;
  return {
    title: 'Other formats than JSON',
    about:
      'An order of a shop, from its bytes to what a mapping reads, without fetching the schema: the best of many rounds, which the formats take in turns. The floor is JSON.parse of the same order.',
    figures: [
      { name: 'Avro', value: best.avro, unit: 'µs', floor },
      { name: 'Protobuf', value: best.protobuf, unit: 'µs', floor },
    ],
    targets: [{ name: 'Avro beside JSON.parse', value: best.avro / floor, unit: '×', atMost: 1.5 }],
  };
};

/** What others do on the machine only makes a round slower. */
function bestMicros<K extends string>(ways: Readonly<Record<K, () => unknown>>, rounds: number): Record<K, number> {
  const names = Object.keys(ways) as K[];
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<K, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) best[name] = Math.min(best[name], microsOf(ways[name]));
  }
  return best;
}

function microsOf(run: () => unknown): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < repetitions; index++) run();
  return Number(process.hrtime.bigint() - start) / repetitions / 1000;
}
