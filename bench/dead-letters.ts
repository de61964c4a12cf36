/**
 * How long it takes to look through 100,000 dead letters as the API does: the first page, filters that find few, groups. By the
 * clock of a quiet machine a page may take 1 s and a filter 3 s.
 *
 *   node bench/dead-letters.ts          in a file
 *   node bench/dead-letters.ts --topic  in a topic as well, on the Apache Kafka of KAFKA_BROKERS, else one that it starts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, memoryUsage } from 'node:process';
import { parseArgs } from 'node:util';
import kafkajs from 'kafkajs';
import { browse } from '../src/api/dead-letters/browse.ts';
import { type DeadLetterFilter, deadLetterMatcher, outlineMatcher } from '../src/api/dead-letters/filter.ts';
import { createDeadLetterGroups } from '../src/api/dead-letters/groups.ts';
import { shownDeadLetter } from '../src/api/dead-letters/shown-dead-letter.ts';
import type { DeadLetter } from '../src/core/dead-letter.ts';
import type { DeadLetterBrowser } from '../src/core/dead-letter-browser.ts';
import { createFileDeadLetterBrowser } from '../src/file/dead-letter-browser.ts';
import { createFileDeadLetters } from '../src/file/dead-letters.ts';
import { createKafkaDeadLetterBrowser } from '../src/kafka/dead-letters/dead-letter-browser.ts';
import { messageOfDeadLetter } from '../src/kafka/dead-letters/dead-letter-message.ts';
import { kafkaBroker } from './harness/broker.ts';
import { whenAskedToEnd } from './harness/when-asked-to-end.ts';
import { orderEvent } from './order-event.ts';

const { values: options } = parseArgs({ options: { topic: { type: 'boolean' } } });
const count = 100_000;
const startedAt = Date.now();
const perWrite = 500;
const { signal } = new AbortController();

function deadLetterOf(at: number): DeadLetter {
  const value = Buffer.from(JSON.stringify({ ...orderEvent, messageId: `m-${at}` }));
  return {
    record: {
      ...{ topic: 'events', partition: at % 12, offset: at, next: at + 1, timestamp: Date.now() },
      ...{ key: Buffer.from(`user-${at}`), value, headers: undefined },
    },
    failure: {
      code: at % 20_000 === 7 ? 'EVENT_TOO_OLD' : 'PURCHASE_VALUE_MISSING',
      message: 'A Purchase needs a value.',
    },
    ...{ destination: 'shop', subscription: 'Orders', action: 'purchase', attempts: 0, at: startedAt + at },
  };
}

async function writeAll(write: (deadLetters: readonly DeadLetter[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += perWrite) {
    await write(Array.from({ length: perWrite }, (_, index) => deadLetterOf(from + index)));
  }
}

async function measure(name: string, browser: DeadLetterBrowser): Promise<void> {
  let highest = 0;
  const timer = setInterval(() => {
    highest = Math.max(highest, memoryUsage().rss);
  }, 20);
  const timed = async (what: string, work: () => Promise<string>) => {
    const before = memoryUsage().rss;
    highest = before;
    const startedAt = performance.now();
    const cpu = cpuUsage();
    const found = await work();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    const { user, system } = cpuUsage(cpu);
    const processor = ((user + system) / 1_000_000).toFixed(2);
    const growth = Math.round((highest - before) / 1024 / 1024);
    console.log(
      `${name.padEnd(6)} ${what.padEnd(37)} ${seconds} s (${processor} s of a processor), memory +${growth} MB, ${found}`,
    );
  };
  const page = (filter: DeadLetterFilter) => async () => {
    const replayed = await browser.replayedKeys();
    const matches = deadLetterMatcher(filter, replayed);
    const { letters, looked } = await browse({
      ...{ browser, most: 50, mostLooked: 200_000, signal, mayChoose: outlineMatcher(filter, replayed) },
      choose: (deadLetter, place) => (matches(deadLetter) ? shownDeadLetter(deadLetter, place, replayed) : undefined),
    });
    return `${letters.length} found of ${looked}`;
  };
  await timed('first page', page({}));
  await timed('first page again', page({}));
  await timed('filter by code, 5 in 100,000', page({ code: 'EVENT_TOO_OLD' }));
  await timed('filter by time, the oldest 10', page({ until: startedAt + 10 }));
  await timed('filter by state, none was replayed', page({ state: 'replayed' }));
  await timed('filter by text anywhere, 1 in 100,000', page({ value: 'm-42424' }));
  await timed('filter by text at a path, 1', page({ value: 'm-42424', path: 'messageId' }));
  await timed('groups', async () => {
    const groups = createDeadLetterGroups();
    const { looked } = await browse<never>({
      ...{ browser, most: Number.POSITIVE_INFINITY, mostLooked: 200_000, signal },
      choose(deadLetter) {
        groups.add(deadLetter);
        return undefined;
      },
    });
    return `${groups.groups(Date.now()).length} groups of ${looked}`;
  });
  clearInterval(timer);
  await browser.close();
}

const folder = mkdtempSync(join(tmpdir(), 'dead-letters-'));
const path = join(folder, 'letters.ndjson');
const file = createFileDeadLetters(path);
await file.open();
await writeAll((deadLetters) => file.write(deadLetters));
await file.close();
await measure('file', createFileDeadLetterBrowser(path));
rmSync(folder, { recursive: true });

if (options.topic === true) {
  const broker = await kafkaBroker();
  whenAskedToEnd(broker.stop);
  const brokers = broker.addresses;
  const topic = await broker.topic('dead-letters');
  const client = new kafkajs.Kafka({ brokers: [...brokers], clientId: 'bench', logLevel: kafkajs.logLevel.ERROR });
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  try {
    await producer.connect();
    const writer = { connectorName: 'bench', taskId: '0' };
    await writeAll((deadLetters) =>
      producer.send({ topic, acks: -1, messages: deadLetters.map((each) => messageOfDeadLetter(each, writer, 'all')) }),
    );
    await producer.disconnect();
    await measure('topic', createKafkaDeadLetterBrowser({ brokers, clientId: 'bench', topic }));
    await broker.forget(topic);
  } finally {
    await broker.stop();
  }
}
