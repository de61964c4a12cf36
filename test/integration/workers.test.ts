import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplesOf } from '../support/exposition.ts';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** Members of one group join at once, which the embedded broker takes only from a leader that waits for the others. */
const patched = new URL('../support/leader-syncs-last.ts', import.meta.url);
const environment = {
  OPS_PORT: '0',
  NODE_OPTIONS: `--import=data:text/javascript,import{leaderSyncsLast}from%22${patched}%22;leaderSyncsLast()`,
};

describe('a run with two workers', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    stage.destination('shop', { pixel_id: '1234567890' });
  });
  afterAll(() => stage?.close());

  test('shares the topic, has one set of figures, replaces a worker that was killed, and ends as one', async () => {
    const topic = uniqueName('workers');
    await createTopic(stage.broker.brokers, topic, { partitions: 4 });
    const first = ordersOf(topic, 0, 600);
    await produce(stage.broker.brokers, topic, first);
    const run = stage.start(topic, environment, '--workers', '2');
    const figure = async (name: string) => {
      const text = await (await fetch(`${run.opsUrl()}/metrics`)).text();
      return samplesOf(text)
        .filter((sample) => sample.name === name)
        .reduce((sum, { value }) => sum + value, 0);
    };
    const arrivedAll = async (orders: readonly Order[]) => {
      const arrived = await stage.arrived('1234567890');
      return orders.every(({ eventId }) => eventId === undefined || arrived.has(eventId));
    };
    const workers = () =>
      [...run.log().matchAll(/"kind":"worker_begun","worker":(\d+),"pid":(\d+)/g)].map(([, , pid]) => Number(pid));

    await run.ready();
    await expect.poll(() => arrivedAll(first)).toBe(true);
    await expect.poll(() => figure('records_settled_total')).toBeGreaterThanOrEqual(first.length);
    await expect.poll(() => figure('partition_assigned')).toBe(4);
    const [one = 0, two = 0] = workers();
    expect(new Set([run.pid, one, two]).size).toBe(3);
    for (const line of run.log().trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(run.log()).toMatch(/^\{"worker":1,.*"kind":"started"/m);
    expect(run.log()).toMatch(/^\{"worker":2,.*"kind":"started"/m);

    const before = await figure('records_settled_total');
    process.kill(one, 'SIGKILL');
    await expect.poll(() => figure('worker_restarts_total')).toBeGreaterThanOrEqual(1);
    expect(await figure('records_settled_total')).toBeGreaterThanOrEqual(before);
    expect(await (await fetch(`${run.opsUrl()}/livez`)).json()).toEqual({ status: 'alive' });
    const second = ordersOf(topic, first.length, 600);
    await produce(stage.broker.brokers, topic, second);
    await run.ready();
    await expect.poll(() => arrivedAll(second)).toBe(true);
    await expect.poll(() => stage.committedToEnd(topic)).toBe(true);

    run.kill('SIGTERM');
    expect(await run.exited).toBe(0);
    expect(workers().length).toBeGreaterThanOrEqual(3);
    for (const pid of workers()) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('leaves no worker behind when the run is killed', async () => {
    const topic = uniqueName('workers');
    await createTopic(stage.broker.brokers, topic, { partitions: 4 });
    const run = stage.start(topic, { ...environment, WORKERS: '2' });
    await run.ready();
    const pids = [...run.log().matchAll(/"kind":"worker_begun","worker":\d+,"pid":(\d+)/g)].map(([, pid]) =>
      Number(pid),
    );
    expect(pids).toHaveLength(2);
    run.kill('SIGKILL');
    await run.exited;
    await expect.poll(() => pids.filter(isThere)).toEqual([]);
  });

  test('ends with the code of a single process when a worker can not start', async () => {
    const run = stage.start('workers', { OPS_PORT: '0', KAFKA_TOPICS: uniqueName('nowhere') }, '--workers', '2');
    const alone = stage.start('workers', { OPS_PORT: '0', KAFKA_TOPICS: uniqueName('nowhere') });
    expect(await run.exited).toBe(await alone.exited);
  });
});

type Order = ReturnType<typeof orderRecord>;

function ordersOf(run: string, from: number, count: number): readonly Order[] {
  return Array.from({ length: count }, (_, index) => orderRecord(run, from + index));
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
