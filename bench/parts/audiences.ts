import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { startFloor } from '../harness/floor-program.ts';
import type { Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { audience, startProduct, startProductOnFile } from '../harness/product.ts';
import { lostName } from '../harness/results.ts';
import { measure } from '../harness/run.ts';
import { scratch } from '../harness/scratch.ts';
import { median } from '../harness/statistics.ts';
import { byHalfSeconds, byTurns, summed } from '../harness/turns.ts';
import { member, preciseNow } from '../shop.ts';

const rounds = 5;
const people = 1_000_000;
const mebibyte = 1024 ** 2;

/** People who join one audience, from a topic. */
export const audiences: Part = async (bench) => {
  const broker = await bench.kafka();
  const expected = bench.scaled(300_000, 30_000);
  const warmUp = { events: expected / 3 };
  const topic = await broker.topic('members');
  await produce({ brokers: broker.addresses, topic, count: expected, kind: 'members', bytes: 0 });
  const reading = { broker, topic };
  const pairs = await byHalfSeconds(bench, 'audience', rounds, {
    product: ({ sink, inTurn }) =>
      measure({ sink, expected, warmUp, start: () => [inTurn(startProduct(reading, sink.url, audience))] }),
    floor: ({ sink, inTurn }) =>
      measure({ sink, expected, warmUp, start: () => [inTurn(startFloor(reading, sink.url, 'members'))] }),
  });
  await broker.forget(topic);
  const { figures, lost, ratio } = summed(pairs, 'row', 'rows');
  const cpuMicros = median(pairs.map(({ product }) => product.cpuMicros));
  return {
    title: 'Audiences, Apache Kafka',
    about: `${expected.toLocaleString('en')} people join one audience: identify events with eleven identifiers that are hashed, requests of 10,000 rows, one under way at a time. Median of ${rounds} runs of each, by turns of half a second. Processor time from the arrival of the first third, which warms up, as for orders.`,
    figures,
    targets: [
      { name: lostName, value: lost, unit: '', atMost: 0 },
      { name: 'Processor time per change of an audience, of the floor', value: ratio, unit: '×', atMost: 1.5 },
      { name: 'Processor time per change of an audience', value: cpuMicros, unit: 'µs', atMost: 30 },
    ],
  };
};

/** A million people in a file, as a user would send them: `run --source file:PATH --once`. */
export const audienceFile: Part = async (bench) => {
  const sink = await bench.sink();
  const expected = bench.scaled(people, 20_000);
  const folder = scratch('members');
  const file = join(folder, 'members.ndjson');
  try {
    await writeMembers(file, expected);
    const pairs = await byTurns(bench, 'audience from a file', 1, {
      product: () => measure({ sink, expected, start: () => [startProductOnFile(file, sink.url, audience)] }),
      floor: () => measure({ sink, expected, start: () => [startFloor({ file }, sink.url, 'members')] }),
    });
    const { figures, lost, ratio, peakBytes } = summed(pairs, 'row', 'rows');
    // Of a million people, also where fewer are measured.
    const seconds = (median(pairs.map(({ product }) => product.seconds)) * people) / expected;
    return {
      title: 'Audiences, from a file',
      about: `${expected.toLocaleString('en')} people in a file of NDJSON join one audience: \`run --source file:… --once\`.`,
      figures,
      targets: [
        { name: lostName, value: lost, unit: '', atMost: 0 },
        { name: 'Peak resident memory, audience from a file', value: peakBytes / mebibyte, unit: 'MB', atMost: 250 },
        { name: 'A million people from a file', value: seconds, unit: 's', atMost: 30 },
        { name: 'Processor time per person of a file, of the floor', value: ratio, unit: '×', atMost: 1.5 },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function writeMembers(path: string, count: number): Promise<void> {
  const portion = 5_000;
  const handle = await open(path, 'w');
  for (let from = 0; from < count; from += portion) {
    const lines = Array.from({ length: Math.min(portion, count - from) }, (_, index) =>
      JSON.stringify(member({ number: from + index, at: preciseNow() })),
    );
    await handle.write(`${lines.join('\n')}\n`);
  }
  await handle.close();
}
