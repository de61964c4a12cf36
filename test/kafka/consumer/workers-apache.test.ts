import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../../src/api/server/handler.ts';
import { createTopic, produce, uniqueName } from '../../support/kafka-broker.ts';
import { onApacheKafka } from '../../support/needs.ts';
import { orderRecord } from '../../support/orders.ts';
import { openStage, type Stage } from '../../support/stage.ts';

const partitions = 6;
const dataset = '1234567890';

describe('a run with two workers on Apache Kafka', onApacheKafka, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    stage.destination('shop', { pixel_id: dataset });
  });
  afterAll(() => stage?.close());

  it('reads every partition, and loses nothing when a worker is killed while events flow', async () => {
    const topic = uniqueName('workers');
    await createTopic(stage.broker.brokers, topic, { partitions });
    const run = stage.start(topic, { OPS_PORT: '0' }, '--workers', '2');
    await run.ready();
    const read = async () => {
      const answer = await fetch(`${run.opsUrl()}/api/v1/partitions`);
      return ((await answer.json()) as AnswerOf<'partitions'>).partitions;
    };
    const shares = async () => {
      const of = (await read()).map(({ worker }) => worker);
      return [1, 2].map((worker) => of.filter((each) => each === worker).length);
    };
    await expect.poll(shares).toEqual([3, 3]);

    const sent: string[] = [];
    let flows = true;
    const flowing = (async () => {
      for (let index = 0; flows; index += 200) {
        const orders = Array.from({ length: 200 }, (_, at) => orderRecord(topic, index + at));
        // Each goes to one of all partitions in turn, so that those of both workers hold some of every moment.
        await produce(
          stage.broker.brokers,
          topic,
          orders.map((order, at) => ({ ...order, partition: at % partitions })),
        );
        sent.push(...orders.flatMap(({ eventId }) => eventId ?? []));
        await sleep(100);
      }
    })();
    const arrivedOf = async () => (await stage.arrived(dataset)).size;
    await expect.poll(arrivedOf).toBeGreaterThan(1_000);
    const [pid] = [...run.log().matchAll(/"kind":"worker_begun","worker":2,"pid":(\d+)/g)].map(([, of]) => Number(of));
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => run.log().includes('"kind":"worker_ended","worker":2')).toBe(true);
    const atKill = await arrivedOf();
    await expect.poll(arrivedOf).toBeGreaterThan(atKill + 1_000);
    // The one that was started in its place has its share again.
    await expect.poll(shares).toEqual([3, 3]);
    flows = false;
    await flowing;
    await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
    const arrived = await stage.arrived(dataset);
    expect(sent.filter((id) => !arrived.has(id))).toEqual([]);
    expect(
      new Set((await read()).filter(({ committed }) => committed > 0).map(({ partition }) => partition)).size,
    ).toBe(partitions);
    run.kill('SIGTERM');
    expect(await run.exited).toBe(0);
  });
});
