/**
 * Writes orders, members or taps into a topic: as fast as it can, at a rate, or with a bound on what hasn't arrived yet. A
 * process of its own, forked by the harness.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { testClient } from '../test/support/kafka-broker.ts';
import type { ProduceOrder, ProducerMessage } from './harness/produce.ts';
import { member, order, preciseNow, tap } from './shop.ts';

/** Of one request. A broker takes about a megabyte of each partition, which a few large events or one key may fill alone. */
const bytesPerRequest = 2_400_000;
const bytesOfPartition = 1_000_000;
const largeBytes = 50_000;
const requestsAtOnce = 2;
const paceMillis = 10;

const eventOf = { orders: order, members: member, taps: tap } as const;

let arrived = 0;

async function produce({
  brokers,
  topic,
  count,
  first = 0,
  kind,
  bytes,
  hotOfTen = 0,
  rate,
  window,
}: ProduceOrder): Promise<void> {
  const producer = testClient(brokers).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  let made = 0;
  const started = performance.now();
  const room = hotOfTen > 0 || bytes > largeBytes ? bytesOfPartition : bytesPerRequest;
  const portion = Math.max(1, Math.floor(room / Math.max(bytes, 1600)));

  /** How many may be made now. */
  function allowance(): number {
    const left = Math.min(count - made, portion);
    if (rate !== undefined) return Math.min(left, Math.floor(((performance.now() - started) * rate) / 1000) - made);
    return window === undefined ? left : Math.min(left, arrived + window - made);
  }

  async function write(): Promise<void> {
    while (made < count) {
      const allowed = allowance();
      if (allowed <= 0) {
        await sleep(paceMillis);
        continue;
      }
      const from = first + made;
      made += allowed;
      const messages = Array.from({ length: allowed }, (_, index) => {
        const stamp = { number: from + index, at: preciseNow() };
        const key = stamp.number % 10 < hotOfTen ? 'hot' : `key-${stamp.number}`;
        return { key, value: JSON.stringify(eventOf[kind](stamp, bytes)) };
      });
      await producer.send({ topic, acks: 1, messages });
      if (rate !== undefined) await sleep(paceMillis);
    }
  }

  await Promise.all(Array.from({ length: rate === undefined && window === undefined ? requestsAtOnce : 1 }, write));
  await producer.disconnect();
}

process.on('message', (message: ProducerMessage) => {
  if (message.kind === 'arrived') {
    arrived = message.count;
    return;
  }
  produce(message.order).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
