import { hash } from 'node:crypto';
import { Bench as Tinybench } from 'tinybench';
import { decode } from '../../src/pipeline/route/decode.ts';
import { createOffsetTracker } from '../../src/pipeline/partition/offset-tracker.ts';
import { conversionOf } from '../floor.ts';
import type { Part } from '../harness/part.ts';
import { purchases } from '../harness/product.ts';
import { median } from '../harness/statistics.ts';
import { order, preciseNow } from '../shop.ts';
import { batcherTo, bodyOf, deliveryOf, loaded, pathsRead, preparedBy, present, recordOf } from './in-process.ts';

const count = 1000;

/**
 * Each step of an event by itself. The stages and their floors run in turns, so that a machine that is busy for a while
 * doesn't show in one of them alone.
 */
export const stages: Part = async ({ scaled }) => {
  const now = preciseNow();
  const values = Array.from({ length: count }, (_, number) => Buffer.from(JSON.stringify(order({ number, at: now }))));
  const destination = await loaded(purchases);
  const [subscription] = destination.subscriptions;
  if (subscription === undefined) throw new Error('no subscription');
  const { action } = subscription;
  const batched = batcherTo(destination);
  const options = { envelope: [], maxRecordBytes: 1_000_000 };
  const events = values.map((value) => present(decode(value, options)));
  const records = values.map(recordOf);
  const parsed = events.map((event) => subscription.fields(event).fields);
  const contexts = events.map((event, index) => ({
    event,
    record: records[index] ?? recordOf(Buffer.alloc(0), 0),
    settings: destination.settings,
    inTheClear: subscription.inTheClear,
    now,
    ownTrigger: false,
    warn: () => undefined,
    identified: () => undefined,
  }));
  const payloads = parsed.map((fields, index) => action.toPayload(fields, contexts[index] as never));
  const sent = payloads.map((payload) => (payload.kind === 'conversion' ? payload.event : {}));
  const bodies = sent.map((event) => JSON.stringify(event));
  const deliveries = bodies.map(deliveryOf);
  const identifiers = events.map(pathsRead);

  const work: Readonly<
    Record<string, { readonly run: (index: number) => unknown; readonly floor?: (index: number) => unknown }>
  > = {
    decode: {
      run: (index) => decode(values[index] ?? null, options),
      floor: (index) => JSON.parse(values[index]?.toString() ?? ''),
    },
    route: {
      run: (index) =>
        destination.candidates(events[index] as never).filter((one) => one.matches(events[index] as never)),
      floor: (index) => events[index]?.type === 'track' && events[index]?.['event'] === 'Order Completed',
    },
    'map and validate': {
      run: (index) => subscription.fields(events[index] as never),
      floor: (index) => pathsRead(events[index] as never),
    },
    'normalize, hash, build': {
      run: (index) => action.toPayload(parsed[index] as never, contexts[index] as never),
      floor: (index) => conversionOf(events[index] as never),
    },
    serialize: {
      run: (index) => Buffer.byteLength(JSON.stringify(sent[index])),
      floor: (index) => JSON.stringify(sent[index]),
    },
  };
  const perBatch: Readonly<Record<string, { readonly run: () => unknown; readonly floor?: () => unknown }>> = {
    batch: {
      run: () => batched(deliveries),
      floor: () => Buffer.from(`{"data":[${bodies.join(',')}]}`),
    },
    track: { run: tracked },
    'all of it, from bytes to a request': {
      run: () => {
        const ready = values.map((value, index) => {
          const event = present(decode(value, options));
          return deliveryOf(bodyOf(preparedBy(destination, event, recordOf(value, index), now)), index);
        });
        tracked();
        return batched(ready);
      },
      floor: () =>
        Buffer.from(JSON.stringify({ data: values.map((value) => conversionOf(JSON.parse(value.toString()))) })),
    },
    'ten SHA-256, for comparison': {
      run: () => {
        let digest = '';
        for (const ten of identifiers) for (const text of ten.slice(0, 10)) digest = hash('sha256', text, 'hex');
        return digest;
      },
    },
  };

  const tasks = new Map<string, () => unknown>();
  for (const [name, { run, floor }] of Object.entries(work)) {
    tasks.set(name, () => {
      for (let index = 0; index < count; index += 1) kept = run(index);
    });
    if (floor === undefined) continue;
    tasks.set(`${name} floor`, () => {
      for (let index = 0; index < count; index += 1) kept = floor(index);
    });
  }
  for (const [name, { run, floor }] of Object.entries(perBatch)) {
    tasks.set(name, () => {
      kept = run();
    });
    if (floor === undefined) continue;
    tasks.set(`${name} floor`, () => {
      kept = floor();
    });
  }

  const times = inTurns(tasks, scaled(21, 5));
  const micros = (name: string) => {
    const rounds = times.get(name);
    return rounds === undefined ? undefined : (median(rounds) * 1000) / count;
  };
  const names = [...Object.keys(work), ...Object.keys(perBatch)];
  return {
    title: 'Stages of one event',
    about:
      'One core, no broker and no network: an order of 1.6 KB with ten identifiers, the default mapping of Purchase. The floor of a stage is the same result by the shortest code for these events alone.',
    figures: names.map((name) => {
      const floor = micros(`${name} floor`);
      return { name, value: micros(name) ?? Number.NaN, unit: 'µs' as const, ...(floor !== undefined && { floor }) };
    }),
    plots: [
      {
        file: 'stages',
        title: 'Processor time of the stages of one event',
        kind: 'bars',
        x: { label: 'stage', values: names.slice(0, 8) },
        y: { label: 'µs' },
        series: [
          { name: 'product', values: names.slice(0, 8).map((name) => micros(name) ?? 0) },
          { name: 'floor', values: names.slice(0, 8).map((name) => micros(`${name} floor`) ?? 0) },
        ],
      },
    ],
  };
};

/** Keeps the results alive, so that nothing is optimized away. */
let kept: unknown;

/** Of all threads of this process, so that other processes of a busy machine don't count. */
function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Mean milliseconds of a call, of each round. */
function inTurns(tasks: ReadonlyMap<string, () => unknown>, rounds: number): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const bench = new Tinybench({ now: cpuMillis, time: 30, iterations: 3, warmup: round === 0 });
    for (const [name, task] of tasks) bench.add(name, task);
    for (const { name, result } of bench.runSync()) {
      if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`);
      times.set(name, [...(times.get(name) ?? []), result.latency.mean]);
    }
  }
  if (kept === undefined) throw new Error('nothing was measured');
  return times;
}

function tracked(): number {
  const tracker = createOffsetTracker(0);
  const slots: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const slot = tracker.begin(index + 1);
    tracker.hold(slot);
    tracker.release(slot);
    slots.push(slot);
  }
  for (const slot of slots) tracker.release(slot);
  return tracker.watermark();
}
