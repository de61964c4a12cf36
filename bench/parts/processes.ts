import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Part } from '../harness/part.ts';
import { produce } from '../harness/produce.ts';
import { freshGroup, purchases, startProduct } from '../harness/product.ts';
import type { Program } from '../harness/program.ts';
import { lostName } from '../harness/results.ts';
import { measure, type Run } from '../harness/run.ts';

/** With one request under way and answers after this long, a process does 4,000 events a second and is idle mostly. */
const answerMillis = 250;
const partitions = 6;

/** One process, two of one group, and a run with two workers. */
export const processes: Part = async (bench) => {
  const paced = {
    warm: 4_000,
    count: bench.scaled(60_000, 6_000),
    environment: { REQUESTS_PER_LANE: '1' },
    delayMillis: answerMillis,
  };
  const fast = {
    warm: bench.scaled(30_000, 5_000),
    count: bench.scaled(200_000, 10_000),
    environment: {},
    delayMillis: 0,
  };
  const results = {
    pacedOne: await drained(bench, 1, paced),
    pacedTwo: await drained(bench, 2, paced),
    fastOne: await drained(bench, 1, fast),
    fastTwo: await drained(bench, 2, fast),
    fastWorkers: await drained(bench, 2, fast, 'one run'),
  };
  const { pacedOne, pacedTwo, fastOne, fastTwo, fastWorkers } = results;
  const capacity = (number: number, { cpuMicros }: Run) => (number * 1e6) / cpuMicros;
  const lost = Object.values(results).reduce((sum, run) => sum + run.lost, 0);
  return {
    title: 'Processes',
    about: `Processes of one consumer group on a topic of six partitions that is filled once they have shared it out and are warm, while the receiver holds its answers back. Broker, producer and sink need processor time too, and this machine may have no more than two cores, so that two processes at full speed can't be timed by the clock. Two measurements take their place. By the clock: answers take ${answerMillis} ms and each process has one request under way, so that a process is bound by answers and not by the processor. At full speed: the processor time of both per event says what they would do with a core each; of a run with workers (\`--workers 2\`) the supervisor's counts too.`,
    figures: [
      { name: 'one process, bound by answers', value: pacedOne.perSecond, unit: '/s' },
      { name: 'two processes, bound by answers', value: pacedTwo.perSecond, unit: '/s' },
      { name: 'one process at full speed, a core of its own', value: capacity(1, fastOne), unit: '/s' },
      { name: 'two processes at full speed, a core each', value: capacity(2, fastTwo), unit: '/s' },
      { name: 'a run with two workers at full speed, a core each', value: capacity(2, fastWorkers), unit: '/s' },
      {
        name: 'one process at full speed, by the clock, all sharing this machine',
        value: fastOne.perSecond,
        unit: '/s',
      },
      {
        name: 'two processes at full speed, by the clock, all sharing this machine',
        value: fastTwo.perSecond,
        unit: '/s',
      },
      { name: 'sent more than once', value: pacedTwo.repeated + fastTwo.repeated, unit: '' },
    ],
    targets: [
      {
        name: 'Two processes over one, by the clock',
        value: pacedTwo.perSecond / pacedOne.perSecond,
        unit: '×',
        atLeast: 1.7,
      },
      {
        name: 'Two processes over one, by processor time',
        value: capacity(2, fastTwo) / capacity(1, fastOne),
        unit: '×',
        atLeast: 1.7,
      },
      {
        name: 'A run with two workers over one process, by processor time',
        value: capacity(2, fastWorkers) / capacity(1, fastOne),
        unit: '×',
        atLeast: 1.8,
      },
      { name: lostName, value: lost, unit: '', atMost: 0 },
    ],
    plots: [
      {
        file: 'processes',
        title: 'Events per second by processes of one group',
        kind: 'bars',
        x: { label: 'processes', values: [1, 2] },
        y: { label: 'events per second' },
        series: [
          { name: `answers after ${answerMillis} ms`, values: [pacedOne.perSecond, pacedTwo.perSecond] },
          { name: 'a core each', values: [capacity(1, fastOne), capacity(2, fastTwo)] },
        ],
      },
    ],
  };
};

interface Given {
  /** Of each process, before anything counts: it compiles what runs often. */
  readonly warm: number;
  readonly count: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly delayMillis: number;
}

type Shape = 'processes' | 'one run';

async function drained(bench: Bench, number: number, given: Given, shape: Shape = 'processes'): Promise<Run> {
  const { count, delayMillis } = given;
  const broker = await bench.kafka();
  const sink = await bench.sink();
  const topic = await broker.topic('processes');
  const order = { brokers: broker.addresses, topic, kind: 'orders' as const, bytes: 0 };
  const warm = number * given.warm;
  const environment = {
    ...given.environment,
    KAFKA_GROUP_ID: freshGroup(),
    ...(shape === 'one run' && { WORKERS: String(number) }),
    // Answers are held back while the topic is filled.
    META_REQUEST_TIMEOUT_MS: '300000',
  };
  const programs = shape === 'one run' ? 1 : number;
  // A meter costs each process more than the supervisor takes for itself, and a run with two workers has three.
  const run = await measure({
    sink,
    expected: warm + count,
    delayMillis,
    start: () =>
      Array.from({ length: programs }, () =>
        startProduct({ broker, topic, metered: false }, sink.url, purchases, environment),
      ),
    warmUp: {
      events: warm,
      feed: async (started) => {
        await sharedOut(started, partitions / programs);
        await produce({ ...order, count: warm });
      },
    },
    feed: () => produce({ ...order, count, first: warm }),
    heldWhileFed: true,
  });
  await broker.forget(topic);
  bench.tell(`${number} of them (${shape}): ${Math.round(run.perSecond)} /s, ${run.cpuMicros.toFixed(1)} µs`);
  return run;
}

/** Every process has its share of the partitions. */
async function sharedOut(programs: readonly Program[], each: number): Promise<void> {
  for (;;) {
    const owned = await Promise.all(programs.map(assigned));
    if (owned.every((count) => count === each)) return;
    await sleep(100);
  }
}

async function assigned(program: Program): Promise<number> {
  const url = /"ops":"(http:[^"]+)"/.exec(program.log())?.[1];
  // A run with workers tells it when all of them run.
  if (url === undefined) return 0;
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^meta_actions_partition_assigned\{.*\} (\d)$/gm)].filter(([, value]) => value === '1')
    .length;
}
